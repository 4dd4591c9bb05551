"""Tasks that come in, held up at accepted sprints: refused, sent on, or let through on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from blocker.commands.effects import in_sprint
from blocker.commands.freeze import Gate, price_of, splits_in, to_forward
from blocker.domain.commitment import Amendment, AmendmentKind
from blocker.domain.errors import Refused
from blocker.domain.sprint import SprintState
from blocker.domain.task import Task
from blocker.store.records import StoredTask


@dataclass(frozen=True, slots=True)
class Late:
    """What becomes of new tasks for an accepted sprint: refused, or routed to the next one.

    `asked_by` is whoever asked for them, a member or not.
    """

    route: bool = False
    asked_by: str | None = None


@dataclass(frozen=True, slots=True)
class Through:
    """What came through the gate."""

    tasks: dict[str, StoredTask]
    amendments: tuple[Amendment, ...]
    notes: tuple[str, ...] = ()
    routed: tuple[str, ...] = ()


def at_the_gate(
    lines: Mapping[str, str],
    known: Mapping[str, StoredTask],
    merged: Mapping[str, StoredTask],
    gate: Gate,
    late: Late,
) -> Through:
    """Each task as it may be; `lines` say where each stands.  Raises Refused for all others."""
    changes = [(known[name].task, one.task) for name, one in merged.items() if name in known]
    fresh = [one.task for name, one in merged.items() if name not in known]
    splits = splits_in(
        [pair for pair in changes if gate.is_promised(pair[0])],
        [task for task in fresh if gate.is_frozen(task.sprint)],
    )
    tasks = dict(merged)
    amendments: list[Amendment] = []
    refused, routed, wanted = [], [], []
    for name, place in lines.items():
        task = merged[name].task
        before = known[name].task if name in known else None
        why = gate.why_not(before, task)
        if before is None and task.id in splits:
            detail = f"a part of {splits[task.id]}"
            amendments.append(
                gate.amendment(AmendmentKind.SPLIT, task, minutes=task.estimate, detail=detail)
            )
        elif why is not None and before is None and late.route:
            sent, amendment = route(task, gate)
            tasks[name] = StoredTask(sent, merged[name].imported)
            amendments.append(amendment)
            routed.append((task, sent))
        elif why is not None:
            everyone = [one.task for one in known.values()]
            price = f": {price_of(task, everyone, gate)}" if before is None else ""
            refused.append(f"{place}: {task.named} {why}{price}")
            if before is None:
                wanted.append(task)
        elif before is not None:
            amendments += gate.amendments(before, task)
        elif late.asked_by and (record := came_late(task, gate)) is not None:
            amendments.append(record)
    if refused:
        raise Refused("\n".join([*refused, *_way_out(wanted, gate, late)]))
    notes = [routed_words(task, sent, gate) for task, sent in routed]
    return Through(tasks, tuple(amendments), tuple(notes), tuple(one.id for one, _ in routed))


def came_late(task: Task, gate: Gate) -> Amendment | None:
    """The record of a request that came while an accepted sprint ran, and waits elsewhere."""
    running = gate.team.sprints.number_at(gate.now)
    is_later = task.sprint is None or task.sprint > running
    if running < 1 or not is_later or gate.state_of(running) is not SprintState.ACCEPTED:
        return None
    to, minutes = task.sprint or 0, task.estimate
    return gate.amendment(AmendmentKind.ROUTED, task, minutes=minutes, to=to, sprint=running)


def route(task: Task, gate: Gate) -> tuple[Task, Amendment]:
    """A late request in the next sprint that takes tasks, and the record of who asked."""
    number = task.sprint or 0
    to = gate.next_open(number)
    minutes = task.estimate
    amendment = gate.amendment(AmendmentKind.ROUTED, task, minutes=minutes, to=to, sprint=number)
    return in_sprint(task, to, gate.team), amendment


def routed_words(task: Task, sent: Task, gate: Gate) -> str:
    """What is said of a late request that was sent on."""
    where = gate.sprint(sent.sprint).name
    without = f", without its due date {task.due}" if sent.due != task.due else ""
    asked = f", asked for by {gate.asked_by}" if gate.asked_by else ""
    return f"{task.named} waits in {where}{without}{asked}"


def _way_out(wanted: Sequence[Task], gate: Gate, late: Late) -> Iterator[str]:
    """What can be done about refused rows, and what to tell whoever asked for them."""
    if not wanted:
        yield "nothing was taken in"
        return
    following = gate.sprint(gate.next_open(wanted[0].sprint or 0)).name
    yield (
        f"nothing was taken in; new tasks go to {following} with --sprint {following} (or by "
        "themselves with --route --asked-by NAME), or to the backlog: write backlog into their "
        "column sprint"
    )
    yield f"to pass on: {to_forward(wanted, wanted[0].sprint or 0, gate, late.asked_by)}"
