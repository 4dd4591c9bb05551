"""Plain text: what may stand in a calendar and on a screen, and nothing that steers either."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Overrides and isolates of writing direction, which can make a text read as another one."""
_SUSPECT = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def one_line(text: str) -> str:
    r"""The text in one line, without control characters.

    >>> one_line("Ads\r\nBEGIN:VALARM\x00")
    'Ads BEGIN:VALARM'
    """
    if not _SUSPECT.search(text):
        return text.strip()
    return _without_controls(_LINE_ENDS.sub(" ", text).replace("\t", " ")).strip()


def many_lines(text: str) -> str:
    """The text with its lines ended by LF and without other control characters."""
    if not _SUSPECT.search(text):
        return text.strip()
    lines = _LINE_ENDS.sub("\n", text).split("\n")
    return "\n".join(_without_controls(line.replace("\t", " ")) for line in lines).strip()


def _without_controls(text: str) -> str:
    return "".join(
        letter
        for letter in text
        if letter not in _STEERING and unicodedata.category(letter) not in ("Cc", "Cs")
    )
