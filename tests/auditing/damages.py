"""Kinds of damage to a sprint's calendars, done as people and programs do it.

Each is a function that does it to one block, under the codes that the contract names for it then.
"""

from __future__ import annotations

from datetime import timedelta

from tests.auditing.planted import (
    AFTER,
    DUE,
    EPIPHANY,
    FRIDAY,
    LATER_DUE,
    MONDAY,
    ROWS,
    SATURDAY,
    ZONES,
    Place,
    says,
)
from tests.event_texts import copied

# Where a block is


@says("deleted", "GONE")
def deleted(place: Place) -> None:
    place.desk.delete(place.block.name)


@says("moved")
def moved_within_its_window(place: Place) -> None:
    place.move(place.at(place.free_day(), 14))


@says("moved", "AFTER_DUE", "SHORT")
def moved_after_due(place: Place) -> None:
    place.move(place.at(FRIDAY, 9))


@says("moved", "AFTER_DUE", "SHORT")
def moved_across_due(place: Place) -> None:
    place.move(place.at(LATER_DUE if place.is_later else DUE, 12) - timedelta(minutes=30))


@says("moved", "BEFORE_START", "SHORT")
def moved_before_it_may_begin(place: Place) -> None:
    place.move(place.at(MONDAY, 9))


@says("moved", "OUTSIDE_SPRINT", "AFTER_DUE", "SHORT")
def moved_behind_the_sprint(place: Place) -> None:
    place.move(place.at(FRIDAY + 5, 9))


@says("moved", "OUTSIDE_SPRINT", "BEFORE_START", "SHORT")
def moved_before_the_sprint(place: Place) -> None:
    place.move(place.at(MONDAY, 9) - timedelta(days=5))


@says("deleted", "GONE")
def moved_out_of_sight(place: Place) -> None:
    place.move(place.at(FRIDAY, 9) + timedelta(days=90))


@says("moved", "day_off")
def moved_to_a_holiday(place: Place) -> None:
    place.move(place.at(EPIPHANY, 9))
    if place.is_later:
        place.expect("BEFORE_START", "SHORT")


@says("moved", "day_off")
def moved_to_a_free_day(place: Place) -> None:
    place.move(place.at(SATURDAY, 9))
    if place.is_later:
        place.expect("BEFORE_START", "SHORT")


@says("moved", "outside_hours")
def moved_into_the_evening(place: Place) -> None:
    place.move(place.at(place.day_of(place.block.start), 19))


@says("shrunk", "SHORT")
def shortened(place: Place) -> None:
    place.move(place.block.start, place.length - timedelta(minutes=15))


@says("stretched")
def lengthened(place: Place) -> None:
    place.move(place.block.start, place.length + timedelta(minutes=15))


@says("over_day_limit")
def copied_over_a_whole_day(place: Place) -> None:
    start = place.at(place.free_day(), 10)
    for number in range(timedelta(hours=6) // place.length):
        first = start + number * place.length
        place.desk.copy(place.block.name, first, first + place.length)


@says("moved", at="awaited")
def moved_behind_what_waits_for_it(place: Place) -> None:
    waiting = next(one for one, first in AFTER.items() if first == place.block.task)
    place.move(place.at(DUE, 9))
    place.expect("OUT_OF_ORDER", task=waiting, member="chloe" if waiting == "T-6" else "ben")


# What a block is worth


@says("SHOWN_FREE", "SHORT")
def shown_as_free(place: Place) -> None:
    place.line("TRANSP", ":TRANSPARENT")


@says("SHOWN_FREE", "SHORT")
def shown_as_free_by_outlook(place: Place) -> None:
    place.line("X-MICROSOFT-CDO-BUSYSTATUS", ":FREE")


@says("DECLINED", "SHORT")
def cancelled(place: Place) -> None:
    place.line("STATUS", ":CANCELLED")


@says("DECLINED", "SHORT")
def declined(place: Place) -> None:
    own = f"mailto:{place.member}@three.example"
    place.line("ORGANIZER", f":{own}", f"ATTENDEE;PARTSTAT=DECLINED:{own}")


@says("ALL_DAY", "SHORT", "moved", "stretched")
def turned_into_an_all_day_event(place: Place) -> None:
    """It takes the whole day, so it lies on what else stands there, too."""
    day = place.day_of(place.block.start)
    place.line("DTSTART", f";VALUE=DATE:202701{day:02}")
    place.line("DTEND", f";VALUE=DATE:202701{day + 1:02}")
    for one in place.own_before:
        if one.task != place.block.task and place.day_of(one.start) == day:
            place.expect("DOUBLE_BOOKED", "SHORT", task=one.task)


# What a block says


@says("deleted", "GONE")
def no_longer_named(place: Place) -> None:
    place.unmark("Lunch with Kim")


@says("deleted", "GONE", "unnamed")
def focus_time_instead(place: Place) -> None:
    place.unmark("Focus time")


@says("deleted", "GONE", "ambiguous")
def naming_two_tasks(place: Place) -> None:
    other = next(one.task for one in place.own if one.task != place.block.task)
    place.unmark(f"{place.block.task} or {other}")


@says("by_title")
def named_by_its_title_alone(place: Place) -> None:
    place.unmark(place.block.title.rpartition(" [")[0])


@says("deleted", "GONE")
def made_a_block_of_another_own_task(place: Place) -> None:
    others = [row.split(",") for row in ROWS if row.split(",")[2] == place.member]
    other = next(row[0] for row in others if row[0] != place.block.task)
    place.line("X-BLOCKER-TASK", f":{other}")
    if other in AFTER:
        place.expect("before_start", task=other)


@says("deleted", "GONE", "unplanned")
def naming_a_colleagues_task(place: Place) -> None:
    place.line("X-BLOCKER-TASK", ":T-5" if place.member != "chloe" else ":T-1")


@says("deleted", "GONE", "unplanned")
def naming_an_unknown_task(place: Place) -> None:
    place.line("X-BLOCKER-TASK", ":T-99")


@says("deleted", "GONE")
def made_a_colleagues_event(place: Place) -> None:
    place.line("ORGANIZER", ":mailto:kim@else.example")


@says()
def copied_into_a_colleagues_calendar(place: Place) -> None:
    colleague = "ben" if place.member != "ben" else "ana"
    other = Place(place.team, colleague, place.block)
    start = other.at(MONDAY, 14)
    event = copied(place.desk.everything()[place.block.name], "a-copy", start, start + place.length)
    text = other.desk.path.read_bytes().decode()
    other.desk.path.write_bytes(text.replace("END:VCALENDAR", f"{event}END:VCALENDAR").encode())
    place.expect("unplanned", member=colleague)


@says("deleted", "GONE")
def carried_into_a_colleagues_calendar(place: Place) -> None:
    copied_into_a_colleagues_calendar(place)
    place.desk.delete(place.block.name)


# What lies on a block


@says("CONFLICT", "SHORT")
def a_meeting_on_it(place: Place) -> None:
    place.meet()


@says("contested")
def a_tentative_meeting_on_it(place: Place) -> None:
    place.meet("STATUS:TENTATIVE")


@says("contested")
def an_unanswered_invitation_on_it(place: Place) -> None:
    who = f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{place.member}@three.example"
    place.meet("ORGANIZER:mailto:kim@else.example", who)


@says("CONFLICT", "SHORT")
def time_off_on_it(place: Place) -> None:
    zone = ZONES[place.member]
    start, end = place.block.start.astimezone(zone), place.block.end.astimezone(zone)
    off = f"time_off: ['{start:%Y-%m-%d %H:%M}-{end:%H:%M}']"
    config = (place.team.folder / "config.yaml").read_text()
    place.team.write(
        "config.yaml", config.replace(f"id: {place.member},", f"id: {place.member}, {off},")
    )


@says("DOUBLE_BOOKED", "SHORT")
def another_tasks_block_on_it(place: Place) -> None:
    other = next(one for one in place.own if one.task != place.block.task)
    Place(place.team, place.member, other).move(place.block.start)
    place.expect("moved", "DOUBLE_BOOKED", "SHORT", task=other.task)
    if other.task in AFTER:
        place.expect("BEFORE_START", task=other.task)


# Whole calendars


def _all_gone(place: Place) -> None:
    for one in place.own_before:
        place.expect("deleted", "MISSING", task=one.task)


@says("deleted", "GONE", "UNREADABLE")
def broken(place: Place) -> None:
    place.line("DTSTART", None)


@says("UNREADABLE", at="first")
def a_web_page_instead_of_the_file(place: Place) -> None:
    _all_gone(place)
    place.desk.path.write_text("<!DOCTYPE html><html><body>Sign in</body></html>")


@says("UNREADABLE", at="first")
def a_file_cut_off(place: Place) -> None:
    _all_gone(place)
    raw = place.desk.path.read_bytes()
    place.desk.path.write_bytes(raw[: len(raw) // 2])


@says("UNREADABLE", at="first")
def no_file(place: Place) -> None:
    _all_gone(place)
    place.desk.path.unlink()


@says(at="first")
def an_empty_calendar(place: Place) -> None:
    _all_gone(place)
    for one in place.own_before:
        place.desk.delete(one.name)


@says("UNREADABLE", at="first")
def a_web_page_instead_of_the_meetings(place: Place) -> None:
    place.team.write(f"{place.member}.ics", "<html><body>Sign in</body></html>")
