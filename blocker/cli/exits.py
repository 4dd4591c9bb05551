"""Exit codes, and one function that turns everything that can go wrong into one of them."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from blocker.domain.errors import BlockerError, Refused, Unreachable, WrongInput, WrongUse

DONE = 0
NO = 1
WRONG_USE = 2
WRONG_INPUT = 3
UNREACHABLE = 4
DEFECT = 70
INTERRUPTED = 130


def run(job: Callable[[], int], *, verbose: bool) -> int:
    """The job's exit code, or that of what went wrong, said once on stderr."""
    try:
        code = job()
        sys.stdout.flush()
        return code
    except BlockerError as problem:
        say_wrong(str(problem))
        return code_of(problem)
    except (KeyboardInterrupt, EOFError):
        say_wrong("interrupted; what was booked before is whole, and running it again finishes")
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return DONE
    except OSError as problem:
        if problem.errno not in _OUTPUT_FAILS:
            return _defect(verbose)
        _discard_output()
        say_wrong(f"the output cannot be written: {problem.strerror}; nothing else is affected")
        return UNREACHABLE
    except Exception:
        return _defect(verbose)


_OUTPUT_FAILS = (errno.ENOSPC, errno.EIO, errno.EBADF)
"""What a full disk, a closed terminal and a closed stream give to whoever prints."""


def _discard_output() -> None:
    """Whoever reads our output is gone; flushing it at exit would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def code_of(problem: BlockerError) -> int:
    """The exit code of each family of errors."""
    families = ((WrongUse, WRONG_USE), (WrongInput, WRONG_INPUT), (Unreachable, UNREACHABLE))
    for family, code in families:
        if isinstance(problem, family):
            return code
    assert isinstance(problem, Refused), f"{type(problem).__name__} has no exit code"
    return NO


def say_wrong(text: str) -> None:
    """One error on stderr, without control characters; several lines are several mistakes."""
    plain = "".join(letter for letter in text if letter.isprintable() or letter == "\n")
    print(plain, file=sys.stderr)  # noqa: T201  (the one place where errors are printed)


def _defect(verbose: bool) -> int:
    """A fault of ours: the details go into a file that can be sent to us."""
    details = traceback.format_exc()
    try:
        handle, name = tempfile.mkstemp(prefix="blocker-defect-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as report:
            report.write(details)
        where = f"the details lie in {Path(name)}"
    except OSError:
        where = "its details could not be saved; run it again with -v to see them"
    say_wrong(f"blocker has a defect and stopped; {where}")
    if verbose:
        say_wrong(details)
    return DEFECT
