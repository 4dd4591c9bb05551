"""The rules of the audit: each a function from a case to findings, named for what it finds.

A rule about a task gets a TaskCase, a rule about a whole calendar a MemberCase.  `TASK_RULES` and
`MEMBER_RULES` are the one list of them, in the order in which findings are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from blocker.auditing.cases import MemberCase, TaskCase
from blocker.domain.finding import Code, Finding, MatchedBy, Severity
from blocker.domain.hours import day_text, days_of, local_day, moment_text
from blocker.domain.interval import clip, duration_text, subtract, total
from blocker.domain.member import Member


def missing(case: TaskCase) -> Iterator[Finding]:
    if not case.spoken:
        estimate = duration_text(case.promise.task.estimate)
        message = f"{case.name}: nothing in the calendar speaks for its {estimate}"
        yield case.find(Code.MISSING, Severity.ERROR, f"{message}{case.as_far_as_seen}", None)


def short(case: TaskCase) -> Iterator[Finding]:
    if case.spoken and case.is_short:
        estimate = case.promise.task.estimate
        lacking = duration_text(estimate - case.counted)
        yield case.find(
            Code.SHORT,
            Severity.ERROR,
            f"{case.name}: {duration_text(case.counted)} of {duration_text(estimate)} count, "
            f"{lacking} is lacking{case.as_far_as_seen}",
            None,
        )


def after_due(case: TaskCase) -> Iterator[Finding]:
    due = case.promise.due
    if due >= case.promise.sprint.end:  # what lies later is outside_sprint
        return
    for one in case.spoken:
        if one.event.interval.end > due:
            limit = moment_text(due, case.about.member.zone)
            yield case.proves_nothing(Code.AFTER_DUE, one, f"ends after it is due, {limit}")


def before_start(case: TaskCase) -> Iterator[Finding]:
    start = case.promise.not_before
    if start <= case.promise.sprint.start:  # what lies sooner is outside_sprint
        return
    for one in case.spoken:
        if one.event.interval.start < start:
            limit = moment_text(start, case.about.member.zone)
            yield case.proves_nothing(Code.BEFORE_START, one, f"begins before it may, {limit}")


def outside_sprint(case: TaskCase) -> Iterator[Finding]:
    for one in case.spoken:
        mark = one.event.mark
        if mark is None or mark.sprint != case.promise.sprint_name:
            continue
        if not case.promise.sprint.contains(one.event.interval):
            why = f"is outside of sprint {case.promise.sprint_name}"
            yield case.proves_nothing(Code.OUTSIDE_SPRINT, one, why)


def shown_free(case: TaskCase) -> Iterator[Finding]:
    for one in case.spoken:
        if one.event.transparent:
            yield case.proves_nothing(Code.SHOWN_FREE, one, "is shown as free, so others may book")


def declined(case: TaskCase) -> Iterator[Finding]:
    for one in case.spoken:
        if one.event.cancelled or one.event.is_declined:
            word = "cancelled" if one.event.cancelled else "declined"
            yield case.proves_nothing(Code.DECLINED, one, f"is {word}")


def all_day(case: TaskCase) -> Iterator[Finding]:
    for one in case.spoken:
        if one.event.all_day:
            yield case.proves_nothing(Code.ALL_DAY, one, "lasts all day, which names no hour")


def conflict(case: TaskCase) -> Iterator[Finding]:
    for one in case.at_work:
        where = case.about.when(one.event.interval)
        for event in one.clashes:
            message = f"{case.name}: {case.about.meeting(event)} lies on the block {where}"
            span = one.event.interval
            yield case.find(Code.CONFLICT, Severity.ERROR, message, span, one.event, event)
        for off in one.off:
            message = f"{case.name}: time off, {case.about.when(off)}, lies on the block {where}"
            span = one.event.interval
            yield case.find(Code.CONFLICT, Severity.ERROR, message, span, one.event, "time off")


def contested(case: TaskCase) -> Iterator[Finding]:
    for one in case.at_work:
        for event in one.contests:
            message = (
                f"{case.name}: {case.about.meeting(event)}, not yet answered, lies on the block "
                f"{case.about.when(one.event.interval)}"
            )
            yield case.find(Code.CONTESTED, Severity.WARNING, message, one.event.interval)


def double_booked(case: TaskCase) -> Iterator[Finding]:
    for one in case.at_work:
        if one.doubles:
            message = (
                f"{case.name}: the block {case.about.when(one.event.interval)} overlaps a block of "
                f"{', '.join(one.doubles)}"
            )
            span = one.event.interval
            yield case.find(
                Code.DOUBLE_BOOKED, Severity.ERROR, message, span, one.event, *one.doubles
            )


def out_of_order(case: TaskCase) -> Iterator[Finding]:
    for after in case.promise.task.after:
        if after.task not in case.about.ready:
            continue
        ready = case.about.ready[after.task]
        early = [
            one.event.interval
            for one in case.at_work
            if ready is None or one.event.interval.start < ready + after.lag
        ]
        if early:
            when = (
                "which does not have all its time"
                if ready is None
                else f"ready {moment_text(ready + after.lag, case.about.member.zone)}"
            )
            begins = f"{case.about.when(early[0])} begins before {after}, {when}"
            message = f"{case.name}: {begins}"
            yield case.find(Code.OUT_OF_ORDER, Severity.ERROR, message, early[0], after.task)


def outside_hours(case: TaskCase) -> Iterator[Finding]:
    hours = case.about.member.hours
    for one in case.at_work:
        for day in days_of(one.event.interval, hours.zone):
            part = one.event.interval.meet(local_day(day, hours.zone))
            if part and hours.on(day) and subtract([part], hours.on(day)):
                message = f"{case.name}: {case.about.when(part)} is outside of working hours"
                yield case.find(Code.OUTSIDE_HOURS, Severity.WARNING, message, part)


def day_off(case: TaskCase) -> Iterator[Finding]:
    hours = case.about.member.hours
    for one in case.at_work:
        for day in days_of(one.event.interval, hours.zone):
            part = one.event.interval.meet(local_day(day, hours.zone))
            if part and not hours.on(day):
                why = _why_off(case.about.member, day)
                message = f"{case.name}: {case.about.when(part)} is on {why}"
                yield case.find(Code.DAY_OFF, Severity.WARNING, message, part)


def _why_off(member: Member, day: date) -> str:
    if day in member.hours.holidays:
        name = member.holiday_names.get(day)
        return f"a holiday ({name})" if name else "a holiday"
    return "a free day"


def by_title(case: TaskCase) -> Iterator[Finding]:
    for one in case.spoken:
        if one.by is MatchedBy.TITLE:
            message = (
                f"{case.name}: the event {case.about.when(one.event.interval)} was recognised by "
                f"its title alone; write [{case.promise.task.id}] into it to be sure"
            )
            yield case.find(Code.BY_TITLE, Severity.INFO, message, one.event.interval)


def no_outcome(case: TaskCase) -> Iterator[Finding]:
    if case.about.outcomes_exist and not case.promise.task.outcome:
        message = f"{case.name}: serves no outcome"
        yield case.find(Code.NO_OUTCOME, Severity.WARNING, message, None)


def unreadable(case: MemberCase) -> Iterator[Finding]:
    for label, why in case.read.unreadable:
        message = f"{label} could not be read: {why}"
        yield Finding(Code.UNREADABLE, Severity.ERROR, message, events=(label,))
    for sentence in case.read.unreachable:
        yield Finding(Code.UNREADABLE, Severity.ERROR, sentence, events=(sentence,))
    for trouble in case.read.troubles:
        if trouble.span is None or trouble.span.overlaps(case.sprint):
            message = str(trouble) if trouble.uid is None else f"{trouble} (event {trouble.uid})"
            key = trouble.uid or str(trouble)
            yield Finding(Code.UNREADABLE, Severity.ERROR, message, None, trouble.span, (key,))


def unverifiable(case: MemberCase) -> Iterator[Finding]:
    for label, remedy in case.read.unverifiable:
        message = f"{label} shows only when {case.member.name} is busy, not with what: {remedy}"
        yield Finding(Code.UNVERIFIABLE, Severity.ERROR, message, events=(label,))


def over_day_limit(case: MemberCase) -> Iterator[Finding]:
    if case.member.rules.per_day is None:
        return
    blocks = [one.event.interval for one in case.evidence.spoken if one.is_timed_and_busy]
    blocks = list(clip(blocks, case.sprint))
    for day in sorted({day for block in blocks for day in days_of(block, case.member.zone)}):
        whole = local_day(day, case.member.zone)
        work = total(clip(blocks, whole))
        limit = case.member.rules.limit_with(case.day_limits.get(day))
        if limit is not None and work > limit:
            allowed = "allowed for it" if day in case.day_limits else "a day that are set"
            message = (
                f"{day_text(whole.start, case.member.zone)}: {duration_text(work)} of blocks, "
                f"more than the {duration_text(limit)} {allowed}"
            )
            yield Finding(Code.OVER_DAY_LIMIT, Severity.WARNING, message, None, whole)


def unplanned(case: MemberCase) -> Iterator[Finding]:
    for event, speech in case.evidence.unplanned:
        left = case.left.get(speech.task)
        was_work = left is not None and event.interval.start < left.at
        if not event.cancelled and not was_work:
            message = (
                f"the block {case.when(event.interval)} names {speech.task}, which is no task of "
                f"{case.member.name} in {case.sprint_name}"
            )
            yield Finding(Code.UNPLANNED, Severity.WARNING, message, None, event.interval)


def ambiguous(case: MemberCase) -> Iterator[Finding]:
    for event, speech in case.evidence.ambiguous:
        message = (
            f"the event {case.when(event.interval)} could speak for {' or '.join(speech.tasks)}, "
            "so it counts for none; write one id in brackets into its title"
        )
        yield Finding(Code.AMBIGUOUS, Severity.WARNING, message, None, event.interval)


_LOOKS_LIKE_WORK = re.compile(
    r"\b(focus|focus[ -]?time|deep work|work(ing)? block|time block|blocked|no meetings)\b",
    re.IGNORECASE,
)


def unnamed(case: MemberCase) -> Iterator[Finding]:
    for event in case.evidence.silent:
        is_work = event.is_own and event.is_busy and not event.all_day
        if (
            is_work
            and event.interval.overlaps(case.sprint)
            and _LOOKS_LIKE_WORK.search(event.title)
        ):
            message = (
                f"the event {case.when(event.interval)} looks like work and names no task, so it "
                "counts for none"
            )
            yield Finding(Code.UNNAMED, Severity.INFO, message, None, event.interval)


TASK_RULES: Sequence[Callable[[TaskCase], Iterable[Finding]]] = (
    missing,
    short,
    after_due,
    before_start,
    outside_sprint,
    shown_free,
    declined,
    all_day,
    conflict,
    contested,
    double_booked,
    out_of_order,
    outside_hours,
    day_off,
    by_title,
    no_outcome,
)

MEMBER_RULES: Sequence[Callable[[MemberCase], Iterable[Finding]]] = (
    unreadable,
    unverifiable,
    over_day_limit,
    unplanned,
    ambiguous,
    unnamed,
)
