"""What is now, what is ahead, and what to do next."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from blocker.domain.finding import (
    AuditReport,
    BlockAudit,
    Code,
    Finding,
    MatchedBy,
    MemberAudit,
    Severity,
    TaskAudit,
)
from blocker.domain.interval import Interval, merge
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.status import StepKind, ahead_of, next_step, present_of
from blocker.domain.task import TaskState

START = datetime(2027, 1, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPRINT = Sprint(27, "S27", date(2027, 1, 4), date(2027, 1, 17), ZoneInfo("UTC"))


def task(name: str, hours: list[int], state=TaskState.OPEN, *codes: Code) -> TaskAudit:
    """A task with a block of an hour at each of these hours."""
    blocks = tuple(
        BlockAudit(
            Interval(START + k * HOUR, START + (k + 1) * HOUR), HOUR, MatchedBy.PROPERTY, "u", "c"
        )
        for k in hours
    )
    findings = tuple(Finding(code, Severity.ERROR, "wrong", name) for code in codes)
    time = len(hours) * HOUR
    return TaskAudit(name, name, None, state, time or HOUR, time, blocks, findings)


def member(*tasks: TaskAudit, busy: tuple[Interval, ...] = (), is_seen: bool = True) -> MemberAudit:
    findings = tuple(finding for one in tasks for finding in one.findings)
    zero = timedelta()
    return MemberAudit("ana", zero, zero, tasks, findings, is_seen, busy=busy)


def step(audit: MemberAudit, hour: int = 0, state: SprintState = SprintState.ACCEPTED):
    return next_step(audit, AuditReport(START + hour * HOUR, SPRINT, state, (audit,)))


hours = st.lists(st.integers(0, 300), max_size=8, unique=True)
halves = st.integers(0, 620).map(lambda number: START + number * HOUR / 2)


@given(hours, hours, halves)
def test_each_block_of_an_open_task_is_past_or_now_or_ahead(first, second, now):
    done = task("T-3", list(range(300)), TaskState.DONE)
    audit = member(task("T-1", first), task("T-2", second), done)
    works = present_of(audit, (), now).works
    ahead = ahead_of(audit, now)
    past = [k for k in (*first, *second) if START + (k + 1) * HOUR <= now]
    assert len(past) + len(works) + len(ahead) == len(first) + len(second)
    assert all(one.interval.holds(now) for one in works)
    assert all(one.interval.start > now for one in ahead)
    assert list(ahead) == sorted(ahead, key=lambda one: (one.interval, one.task))
    assert not any(one.task == "T-3" for one in (*works, *ahead))


@given(hours, hours, halves)
def test_busy_and_away_until_the_end_of_what_takes_the_time(busy, off, now):
    def spans(numbers):
        return merge(Interval(START + k * HOUR, START + (k + 1) * HOUR) for k in numbers)

    present = present_of(member(busy=merge([*spans(busy), *spans(off)])), spans(off), now)
    assert present.is_away == any(span.holds(now) for span in spans(off))
    taken = any(span.holds(now) for span in (*spans(busy), *spans(off)))
    assert (present.busy_until is not None) == taken
    assert present.busy_until is None or present.busy_until > now


def test_the_step_is_the_most_pressing_one():
    lacking = task("T-1", [], TaskState.OPEN, Code.MISSING)
    early = task("T-2", [5], TaskState.OPEN, Code.OUT_OF_ORDER)
    past, ahead = task("T-3", [0]), task("T-4", [9])
    done = task("T-5", [0], TaskState.DONE)
    assert step(member(past, done), 14 * 24).kind is StepKind.CLOSE
    assert step(member(lacking, is_seen=False)).kind is StepKind.READ
    found = step(member(past, early, lacking), 3)
    assert (found.kind, found.tasks) == (StepKind.BOOK, ("T-1",))
    assert step(member(past, early), 3).kind is StepKind.LOOK
    found = step(member(past, ahead, done), 3)
    assert (found.kind, found.tasks) == (StepKind.FINISH, ("T-3",))
    assert step(member(ahead, done), 3) is None
    assert step(member(done)).kind is StepKind.PULL
    assert step(member(ahead), 3, SprintState.PLANNED).kind is StepKind.ACCEPT
    assert step(member(), 3, SprintState.PLANNED).kind is StepKind.TAKE_IN
