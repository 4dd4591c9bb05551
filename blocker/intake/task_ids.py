"""Ids of tasks: as somebody wrote them, or made from a title."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from blocker.domain.task import TASK_ID
from blocker.intake.problems import Wrong, one_line, shown

LONGEST_MADE_ID = 40


def parse_task_id(text: str) -> str:
    """An id as written.  Raises Wrong when it has other characters than ids have."""
    if TASK_ID.fullmatch(text):
        return text
    made = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-")[:64]
    remedy = f"write {made}" if made else "ids are up to 64 letters, digits, . _ -"
    raise Wrong(f"{shown(text)} cannot be an id", remedy)


def made_id(title: str) -> str:
    """An id made from a title, the same every time, at most 40 characters long.

    A hash stands at its end where letters were cut off or left out, so that titles that differ
    only there keep different ids.

    >>> made_id("Écrire la page d'accueil"), made_id("春のセール")
    ('ecrire-la-page-d-accueil', 'task-f768d963')
    """
    folded = unicodedata.normalize("NFKD", one_line(title).casefold())
    apart = "".join(char for char in folded if not unicodedata.combining(char))
    plain = re.sub(r"[\W_]+", "-", apart).encode("ascii", "ignore").decode()
    slug = re.sub(r"-+", "-", plain).strip("-")
    is_lossy = any(char.isalnum() and not char.isascii() for char in apart)
    if len(slug) <= LONGEST_MADE_ID and slug and not is_lossy:
        return slug
    digest = hashlib.sha256(folded.encode()).hexdigest()[:8]
    kept = slug[: LONGEST_MADE_ID - 9].rstrip("-") or "task"
    return f"{kept}-{digest}"
