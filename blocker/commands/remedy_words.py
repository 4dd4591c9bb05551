"""Remedies in words for the people who decide on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from blocker.commands.effects import put_off
from blocker.commands.freeze import Gate
from blocker.commands.promises import promise_of
from blocker.commands.scene import Scene
from blocker.domain.hours import MONTHS, WEEKDAYS, day_text, moment_text, span_text
from blocker.domain.interval import Interval, duration_text
from blocker.domain.member import Member
from blocker.domain.plan import Remedy, RemedyKind
from blocker.domain.task import Task


@dataclass(frozen=True, slots=True)
class Words:
    """Says remedies for one task.  `titles` are of meetings that the asker may see by name."""

    scene: Scene
    task: Task
    titles: Mapping[Interval, str]
    gate: Gate

    @property
    def owner(self) -> Member:
        return self.scene.team.member(self.task.owner)

    def detail(self, remedy: Remedy) -> str:
        """One plain phrase: what to do, to what, how much."""
        estimate, less = self.task.estimate, remedy.less or timedelta()
        match remedy.kind:
            case RemedyKind.DEFER:
                return self._defer(self.scene.tasks[remedy.task])
            case RemedyKind.EXTEND_DUE:
                assert remedy.until is not None
                return f"let it be due {due_text(remedy.until, self.owner.zone)}{self._instead()}"
            case RemedyKind.SHORTEN:
                shorter = duration_text(estimate - less)
                return f"make it {shorter} instead of {duration_text(estimate)}"
            case RemedyKind.SPLIT:
                now = duration_text(estimate - less)
                return f"split it: {now} now, {duration_text(less)} in {self._next()}"
            case RemedyKind.FREE_TIME:
                assert remedy.span is not None
                return f"win the time of {self.meeting(remedy.span)}"
            case RemedyKind.RAISE_DAY_LIMIT:
                return self._raise(remedy)
            case RemedyKind.REASSIGN:
                assert remedy.member is not None
                name = self.scene.team.member(remedy.member).name
                return f"give it to {name}, who has {duration_text(estimate)} for it"

    def meeting(self, span: Interval) -> str:
        """'the meeting Tue 5 Jan 10:00-11:00 “Weekly”', without the title where it is private."""
        title = self.titles.get(span)
        named = f" “{title}”" if title else ""
        return f"the meeting {span_text(span, self.owner.zone)}{named}"

    def _next(self) -> str:
        return self.gate.sprint(self.gate.next_open(self.scene.sprint.number)).name

    def _defer(self, other: Task) -> str:
        what = f"{other.named} (priority {other.priority}, "
        what += f"{duration_text(other.estimate)})"
        if other.id == self.task.id:
            what = "the task itself"
        lost = ""
        if other.due is not None and put_off(other, self.gate).due is None:
            due = promise_of(other, self.scene.sprint, self.scene.team).due
            zone = self.scene.team.member(other.owner).zone
            lost = f", without its due date {due_text(due, zone)}"
        return f"put off {what} to {self._next()}{lost}"

    def _instead(self) -> str:
        due = self.scene.promises[self.task.id].due
        return f" instead of {due_text(due, self.owner.zone)}" if self.task.due else ""

    def _raise(self, remedy: Remedy) -> str:
        assert remedy.day is not None and remedy.limit is not None
        day = remedy.day
        named = f"{WEEKDAYS[day.weekday()].capitalize()} {day.day} {MONTHS[day.month - 1]}"
        limits = self.scene.limits_of(self.owner.id)
        usual = self.owner.rules.limit_with(limits.get(day))
        instead = f" instead of {duration_text(usual)}" if usual is not None else ""
        return f"work up to {duration_text(remedy.limit)} on {named} this once{instead}"


def due_text(moment: datetime, zone: ZoneInfo) -> str:
    """'Thu 14 Jan 12:00'; a midnight is the end of the day before: 'Thu 14 Jan'."""
    wall = moment.astimezone(zone)
    if wall.hour or wall.minute:
        return moment_text(moment, zone)
    return day_text(moment - timedelta.resolution, zone)
