"""`export`: files that other programs read right, and the way through Microsoft 365 by hand."""

import re
from datetime import UTC, datetime

import icalendar
import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream

from blocker.commands.export import export
from tests.team import CONFIG

ROWS = (
    "T-1,Landing page,ana,9h,1,,,,,",
    "T-2,Blog “post”; draft,ana,1h30,2,,,,,",
    "T-9,Report,ben,1h,,,,,,",
)

ZONES = {
    # now: a moment before sprint 6, 2027-03-15, or 22, 2027-10-25, of a calendar with clock changes
    "Europe/Paris": "2027-03-22T00:00",
    "America/New_York": "2027-03-08T00:00",
    "Asia/Kolkata": "2027-03-22T00:00",
    "Australia/Lord_Howe": "2027-03-29T00:00",
    "Africa/Casablanca": "2027-02-01T00:00",
    "Asia/Tokyo": "2027-03-22T00:00",
    "America/Santiago": "2027-03-29T00:00",
    "UTC": "2027-03-22T00:00",
}


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def by_icalendar(text: str):
    return sorted(
        (utc(event.decoded("dtstart")), utc(event.decoded("dtend")), str(event["summary"]))
        for event in icalendar.Calendar.from_ical(text).walk("VEVENT")
    )


def by_ical(text: str):
    events = IcsCalendarStream.calendar_from_ics(text).events
    return sorted((utc(one.dtstart), utc(one.dtend), one.summary) for one in events)


def by_vobject(text: str):
    events = vobject.readOne(text).vevent_list
    return sorted(
        (utc(one.dtstart.value), utc(one.dtend.value), one.summary.value) for one in events
    )


@pytest.mark.parametrize("zone", ZONES)
def test_three_readers_see_the_instants_that_were_booked_across_a_clock_change(team, zone):
    team.write(
        "config.yaml",
        CONFIG.replace("email: ana@", f"timezone: {zone}\n    email: ana@").replace(
            "mon-fri: 09:00-12:00 13:00-17:00", "mon-sun: 00:00-05:00 09:00-17:00"
        ),
    )
    now = ZONES[zone]
    rows = [row.replace(",9h,", ",60h,") for row in ROWS]
    booking = team.booked(*rows, now=now)
    done = export(team.open(now), team.folder / "exported")
    meant = sorted(
        (change.block.interval.start, change.block.interval.end, change.block.title)
        for change in booking.members[0].changes
    )
    assert len(meant) > 20
    path = next(path for path, _ in done.files if path.name.endswith("-ana.ics"))
    text = path.read_bytes().decode()
    assert by_icalendar(text) == meant
    assert by_ical(text) == meant
    assert by_vobject(text) == meant


def test_one_file_for_each_member_or_one_for_all(team):
    team.booked(*ROWS)
    files = export(team.open(), team.folder / "each").files
    assert [(path.name, count) for path, count in files] == [("S27-ana.ics", 6), ("S27-ben.ics", 1)]
    files = export(team.open(), team.folder / "all", whole_team=True).files
    assert [(path.name, count) for path, count in files] == [("S27-team.ics", 7)]


def test_exported_files_have_no_method_and_only_blocks(team):
    team.booked(*ROWS)
    team.edit(
        "ana",
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:private\r\nDTSTART:20270105T090000Z\r\nSUMMARY:Private\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )
    export(team.open(), team.folder / "out2")
    text = (team.folder / "out2" / "S27-ana.ics").read_text()
    assert "METHOD" not in text
    assert "Private" not in text
    assert "VALARM" not in text


def test_fault_40_names_stay_in_the_folder(team):
    text = CONFIG.replace('name: "S{number}"', 'name: "S{number} .. x"')
    team.write("config.yaml", text)
    team.booked(*ROWS)
    export(team.open(), team.folder / "here")
    assert sorted(path.name for path in (team.folder / "here").iterdir()) == [
        "S27-..-x-ana.ics",
        "S27-..-x-ben.ics",
    ]


def test_nothing_booked_is_nothing_written(team):
    done = export(team.open(), team.folder / "none")
    assert done.files == ()
    assert [member.id for member in done.empty] == ["ana", "ben"]
    assert not (team.folder / "none").exists()


def through_outlook(text: str) -> str:
    """A calendar as Microsoft 365 gives it back after an import by hand.

    New UIDs, Windows zone names, its own properties, none of ours.
    """
    text = re.sub(r"^X-BLOCKER[^\r]*\r\n", "", text, flags=re.MULTILINE)
    text = re.sub(
        r"^UID:(.*)\r",
        lambda m: f"UID:040000008200E00074C5B7101A82E008{abs(hash(m[1])):x}\r",
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE\r\n", "", text, flags=re.DOTALL)
    text = text.replace("TZID=Europe/Paris", 'TZID="Romance Standard Time"')
    text = text.replace(
        "TRANSP:OPAQUE\r\n", "TRANSP:OPAQUE\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\nCLASS:PUBLIC\r\n"
    )
    return text.replace(
        "VERSION:2.0\r\n",
        "VERSION:2.0\r\nMETHOD:PUBLISH\r\nX-WR-TIMEZONE:Romance Standard Time\r\n",
    )


def test_the_way_through_microsoft_365_without_an_account(team):
    """Book, export, import by hand, export Outlook's calendar, audit that."""
    team.booked(*ROWS)
    export(team.open(), team.folder / "to-outlook")
    given_back = through_outlook((team.folder / "to-outlook" / "S27-ana.ics").read_bytes().decode())
    team.write("outlook-ana.ics", given_back)
    config = CONFIG.replace(
        "busy: [{ics: ana.ics}], blocks: {ics: out/ana.ics}", "busy: [{ics: outlook-ana.ics}]"
    )
    team.write("config.yaml", config)
    report = team.audited()
    ana = report.members[0]
    assert ana.ok, [finding.message for finding in ana.findings]
    assert {block.matched_by for task in ana.tasks for block in task.blocks} == {"id"}
    team.write("outlook-ana.ics", given_back.replace("TRANSP:OPAQUE", "TRANSP:TRANSPARENT", 1))
    assert not team.audited().ok


def test_a_calendar_given_back_beside_our_own_is_counted_once(team):
    before = team.booked(*ROWS)
    export(team.open(), team.folder / "to-outlook")
    given_back = through_outlook((team.folder / "to-outlook" / "S27-ana.ics").read_bytes().decode())
    team.write("ana.ics", given_back)
    assert team.audited().ok
    again = team.booked()
    assert {change.kind for one in again.members for change in one.changes} == {"keep"}
    assert again.members[0].minutes == before.members[0].minutes
