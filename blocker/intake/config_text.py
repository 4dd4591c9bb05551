"""The text of a new config, written from a few answers, with a comment beside what it means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from blocker.domain.hours import WallSpan, wall_text
from blocker.intake.hours_text import parse_spans

LUNCH_AFTER_MINUTES = 6 * 60
"""A day with a span longer than this gets a lunch break proposed."""
LUNCH = "45m"
_LUNCH_WINDOW_MINUTES = 150


@dataclass(frozen=True, slots=True)
class NewMember:
    """An answer about one person.  `timezone` None is the team's; `id` is a safe id."""

    id: str
    name: str
    email: str | None = None
    timezone: str | None = None
    is_manager: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """What `init` asks.

    `hours` are days and spans as a config spells them.  `calendars` is `files`, `google` or the
    address of a CalDAV server: where everybody's are.
    `has_lunch`: where `proposed_lunch` has a proposal, it is taken.
    """

    team_name: str
    timezone: str
    hours: Mapping[str, str]
    members: Sequence[NewMember]
    first_sprint_day: date
    holidays: str | None = None
    calendars: str = "files"
    sprint_length: str = "2 weeks"
    has_lunch: bool = True


def new_config(answers: Answers) -> str:
    """A config with comments that `config.load` reads without a mistake.

    Values are taken as they are: what is wrong in them is told when the config is loaded.
    Raises Wrong when hours cannot be read.
    """
    lines = [
        "# Who the team is, when it works and where its calendars are.",
        "# Paths are relative to this file.  `blocker doctor` checks everything in it.",
        "",
        "team:",
        f"  name: {_quoted(answers.team_name)}",
        f"  timezone: {_quoted(answers.timezone)}   # each member may have another",
        "  hours:                         # by everyone's own clock; several spans a day are fine",
        *(f"    {_quoted(days)}: {_quoted(spans)}" for days, spans in answers.hours.items()),
        *_holidays(answers.holidays),
        "  blocks:                        # how blocks may lie; each can be another for a member",
        "    shortest: 30m",
        "    longest: 2h",
        "    rest: 15m                    # kept free between two blocks",
        "    per_day: 5h                  # most block time a day",
        *_lunch(answers),
        "    reserve: 10%                 # of each week, left free for what comes up",
        "",
        f"sprints: {{first: {answers.first_sprint_day}, length: {answers.sprint_length}}}",
        "store: sqlite:///.blocker/blocker.db",
        "",
        *_calendars(answers),
        "",
        "members:",
    ]
    for member in answers.members:
        lines += _member(member)
    return "\n".join(lines) + "\n"


def first_monday(today: date) -> date:
    """A good first day of sprint 1: the Monday of this week.

    >>> first_monday(date(2027, 1, 7))
    datetime.date(2027, 1, 4)
    """
    return today - timedelta(days=today.weekday())


def _holidays(code: str | None) -> list[str]:
    if code:
        return [f"  holidays: {_quoted(code)}                   # public holidays are free days"]
    return ["  # holidays: FR                 # public holidays of a country are free days"]


def proposed_lunch(hours: Mapping[str, str]) -> str | None:
    """Between when a lunch break may float, where some day has a span of more than six hours.

    None where nobody works that long at a stretch: their hours have a hole for lunch.  Raises Wrong
    when hours cannot be read.

    >>> proposed_lunch({"mon-thu": "09:00-18:00", "fri": "09:00-12:00"})
    '12:00-14:30'
    """
    spans = (span for text in hours.values() for span in parse_spans(text))
    long = next((span for span in spans if span.end - span.start > LUNCH_AFTER_MINUTES), None)
    if long is None:
        return None
    noon = 12 * 60
    fits = long.start <= noon <= long.end - _LUNCH_WINDOW_MINUTES
    start = noon if fits else _middle(long)
    return f"{wall_text(start)}-{wall_text(start + _LUNCH_WINDOW_MINUTES)}"


def _lunch(answers: Answers) -> list[str]:
    between = proposed_lunch(answers.hours)
    if between is None:
        return []
    sign = "" if answers.has_lunch else "# "
    return [
        f"    {sign}breaks: [{{between: {between}, keep: {LUNCH}}}]"
        "    # lunch: kept free in one piece, whenever it fits"
    ]


def _middle(span: WallSpan) -> int:
    """Where the window for lunch begins around the middle of a span, on a quarter of an hour."""
    return (span.start + span.end - _LUNCH_WINDOW_MINUTES) // 2 // 15 * 15


def _calendars(answers: Answers) -> list[str]:
    if answers.calendars == "files":
        return [
            "calendars:                       # of every member; `{id}` is the member's",
            "  busy: [{ics: 'calendars/{id}.ics'}]             # only read",
            "  blocks: {ics: '.blocker/calendars/{id}.ics'}    # blocks are written here",
        ]
    if answers.calendars == "google":
        return [
            "calendars:                       # of every member; `{email}` is the member's",
            '  busy: [{google: "{email}"}]    # read; more calendars may follow',
            '  blocks: {google: "{email}"}    # blocks are written here',
            "google:                          # README, Google, says where these come from:",
            "  client_file: google-client.json        # for `blocker login google`, or",
            "  # service_account: google-robot.json   # for a whole Workspace, without sign-ins",
        ]
    where = f'{{caldav: {_quoted(answers.calendars)}, username: "{{email}}"}}'
    return [
        "calendars:                       # of every member; the password: blocker login caldav",
        f"  busy: [{where}]",
        f"  blocks: {where}",
        "  # add `calendar: NAME` inside the braces where an account has several",
    ]


def _member(member: NewMember) -> list[str]:
    lines = [f"  - id: {_quoted(member.id)}", f"    name: {_quoted(member.name)}"]
    if member.email:
        lines.append(f"    email: {_quoted(member.email)}")
    if member.timezone:
        lines.append(f"    timezone: {_quoted(member.timezone)}")
    if member.is_manager:
        lines.append("    role: manager")
    return lines


def _quoted(text: str) -> str:
    """Text as a YAML value: bare where that is plain, else in double quotes."""
    clean = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()
    if re.fullmatch(r"[^\W_][\w ./@:+-]*", clean) and ": " not in clean and clean[-1] != ":":
        return clean if clean not in ("null", "Null", "NULL") else f'"{clean}"'
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'
