"""Files of text, whatever program saved them: the bytes, then the characters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from blocker.intake.problems import one_mistake

_KINDS = (
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"PK\x03\x04", "a zip archive or an Office file"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "compressed (gzip)"),
    (b"Rar!", "compressed (rar)"),
    (b"7z\xbc\xaf", "compressed (7z)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file should be, for the message when it is something else."""

    what: str
    remedy: str


TABLE = Wanted("a table of tasks", "save the table as .xlsx or as CSV")


def read_bytes(path: Path, most: int) -> bytes:
    """The whole file.

    Raises WrongInput in one line when it is missing, is a folder, may not be read or is larger
    than `most` bytes.
    """
    try:
        if path.is_dir():
            raise one_mistake(path, "is a folder", "name a file in it")
        if path.exists() and not path.is_file():
            raise one_mistake(path, "is not a file")
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except FileNotFoundError:
        raise one_mistake(path, "is not there", "check the path") from None
    except PermissionError:
        raise one_mistake(path, "may not be read", "give yourself the right to read it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise one_mistake(path, f"cannot be read ({reason or 'impossible name'})") from None
    if len(data) > most:
        raise one_mistake(path, f"is larger than {most // 1_000_000} MB", "is it the right file?")
    return data


def decode(data: bytes, path: Path, wanted: Wanted = TABLE) -> tuple[str, str]:
    """Text from UTF-8, UTF-16 or cp1252, with or without byte order mark, and which it was.

    Raises WrongInput in one line for anything that is not text.
    """
    for magic, what in _KINDS:
        if data.startswith(magic):
            raise one_mistake(path, f"is {what}, not {wanted.what}", wanted.remedy)
    text, encoding = _decoded(data, path)
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise one_mistake(path, "is not a text file", "save it as plain text in UTF-8", line)
    if text.lstrip()[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        remedy = "if it was downloaded, do it again while signed in"
        raise one_mistake(path, f"is a web page or XML, not {wanted.what}", remedy)
    return text, encoding


def _decoded(data: bytes, path: Path) -> tuple[str, str]:
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), "utf-16"
        # Nearly every other byte of western text in UTF-16 is zero; of no other text is.
        if data[1::2].count(0) * 3 > len(data):
            return data.decode("utf-16-le"), "utf-16"
        if data[0::2].count(0) * 3 > len(data):
            return data.decode("utf-16-be"), "utf-16"
    except UnicodeDecodeError:
        raise one_mistake(path, "is damaged UTF-16 text", "save it as UTF-8") from None
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        raise one_mistake(path, "is not a text file", "save it as plain text in UTF-8") from None
