"""`export`: the blocks as .ics files that any calendar program reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blocker.calendars.file_writing import only_writer, replace_file, unreachable
from blocker.calendars.text.event_text import calendar_text
from blocker.calendars.text.read_back import check_reads_back
from blocker.commands.choosing import choose_members, choose_sprint
from blocker.commands.reading import read_all, window_for
from blocker.commands.steps import block_as_it_stands
from blocker.domain.block import TimeBlock
from blocker.domain.errors import CalendarUnreadable
from blocker.domain.event import Event
from blocker.domain.member import Member
from blocker.domain.sprint import Sprint
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Exported:
    """The files written, with the number of blocks in each; `empty` are members without blocks."""

    sprint: Sprint
    files: tuple[tuple[Path, int], ...]
    empty: tuple[Member, ...]
    errors: tuple[str, ...]


def export(
    workspace: Workspace,
    folder: Path,
    sprint_word: str | None = None,
    named: tuple[str, ...] = (),
    *,
    whole_team: bool = False,
) -> Exported:
    """Write each member's blocks as they stand in the calendar, a file for each or one for all.

    Raises CalendarUnreadable, Unreachable when the folder cannot be written, WrongUse.
    """
    members = choose_members(workspace, named)
    with workspace.store(rehearse=True) as store:
        tasks = [stored.task for stored in store.tasks().values()]
        sprint = choose_sprint(workspace, sprint_word, tasks, store.sprint_states())
    calendars = read_all(workspace, members, window_for(sprint.interval))
    mistakes = [mistake for read in calendars.values() for mistake in read.mistakes]
    if mistakes:
        raise CalendarUnreadable(sorted(mistakes))
    blocks = {
        member.id: [
            block
            for event in calendars[member.id].in_blocks
            if (block := _block(workspace, sprint, member, event)) is not None
        ]
        for member in members
    }
    sequences = {
        event.uid: event.sequence for read in calendars.values() for event in read.in_blocks
    }
    errors = tuple(error for read in calendars.values() for error in read.failures)
    empty = tuple(member for member in members if not blocks[member.id])
    texts: list[tuple[str, list[TimeBlock]]]
    if whole_team:
        texts = [("team", [block for member in members for block in blocks[member.id]])]
    else:
        texts = [(member.id, blocks[member.id]) for member in members]
    files = tuple(
        (_write(workspace, folder, sprint, name, ones, sequences), len(ones))
        for name, ones in texts
        if ones
    )
    return Exported(sprint, files, empty, errors)


def _block(workspace: Workspace, sprint: Sprint, member: Member, event: Event) -> TimeBlock | None:
    is_ours = event.mark is not None and event.mark.sprint == sprint.name
    if not is_ours or event.instance or not event.is_busy:
        return None
    return block_as_it_stands(workspace.team, sprint, member, event)


def _write(
    workspace: Workspace,
    folder: Path,
    sprint: Sprint,
    name: str,
    blocks: list[TimeBlock],
    sequences: Mapping[str, int],
) -> Path:
    path = folder / f"{_safe(sprint.name)}-{_safe(name)}.ics"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        content = calendar_text(blocks, now=workspace.now, sequences=sequences)
        check_reads_back(content, blocks)
        with only_writer(path.resolve(), str(path)):
            replace_file(path, content)
    except OSError as problem:
        raise unreachable(str(path), "written", problem) from problem
    return path


def _safe(name: str) -> str:
    """A part of a file name that stays in its folder on every system."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-")[:60] or "blocks"
