"""`audit` from files: the store's tasks or a file's alone; changes nothing."""

import pytest

from tests.team import meeting

ONE = "T-1,Landing page,ana,2h,1,,,,,"


def codes(report, member="ana") -> dict[str, str]:
    found = next(one for one in report.members if one.member == member)
    return {one.code.value: one.severity.value for one in found.findings}


def everything(team) -> dict[str, bytes]:
    return {
        str(path.relative_to(team.folder)): path.read_bytes()
        for path in sorted(team.folder.rglob("*"))
        if path.is_file()
    }


def test_it_changes_nothing_and_makes_no_store(team):
    before = everything(team)
    team.audited()
    assert everything(team) == before
    team.booked(ONE)
    before = everything(team)
    assert team.audited().ok
    assert everything(team) == before


def test_a_file_alone_is_held_against_the_calendars(team):
    team.booked(ONE)
    more = team.folder / team.tasks(ONE, "T-2,Blog post,ana,1h,,,,,,", name="more.csv")
    assert codes(team.audited(file=more)) == {"missing": "error"}
    assert team.audited().ok


DAMAGE = {
    "deleted": (lambda text: "", {"missing"}),
    "shown free": (
        lambda t: t.replace("TRANSP:OPAQUE", "TRANSP:TRANSPARENT"),
        {"shown_free", "short"},
    ),
    "cancelled": (
        lambda t: t.replace("STATUS:CONFIRMED", "STATUS:CANCELLED"),
        {"declined", "short"},
    ),
    "shortened": (lambda t: t.replace("T110000", "T100000"), {"short"}),
    "moved to a free day": (lambda t: t.replace("20270104T", "20270109T"), {"day_off"}),
    "moved to the evening": (
        lambda t: t.replace("T090000", "T190000").replace("T110000", "T210000"),
        {"outside_hours"},
    ),
    "moved out of the sprint": (
        lambda t: t.replace("20270104T", "20270119T"),
        {"outside_sprint", "short"},
    ),
    "another zone": (
        lambda t: t.replace("TZID=Europe/Paris:", "TZID=Mars/Olympus:"),
        {"unreadable", "missing"},
    ),
    "renamed, property gone": (
        lambda t: t.replace("X-BLOCKER-TASK:T-1", "X-OTHER:T-1").replace("[T-1]", ""),
        {"by_title"},
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_named_and_nothing_else(team, name):
    damage, expected = DAMAGE[name]
    team.booked(ONE)
    text = team.blocks("ana")
    start, end = text.index("BEGIN:VEVENT"), text.index("END:VCALENDAR")
    event = damage(text[start:end])
    assert event != text[start:end]
    team.write("out/ana.ics", text[:start] + event + text[end:])
    assert set(codes(team.audited())) == expected


def test_a_meeting_on_a_block_is_named_by_its_hour_alone(team):
    team.booked(ONE)
    team.calendar("ana", meeting("4 10:00", "4 10:30"))
    report = team.audited()
    assert codes(report) == {"conflict": "error", "short": "error"}
    messages = " ".join(one.message for one in report.members[0].findings)
    assert "Mon 4 Jan 10:00-10:30" in messages
    assert "Private" not in messages


def test_the_owner_may_see_the_title(team):
    from blocker.commands.audit import audit

    team.booked(ONE)
    team.calendar("ana", meeting("4 10:00", "4 10:30"))
    report = audit(team.open(asker="ana")).report
    assert any("Private meeting" in one.message for one in report.members[0].findings)


def test_what_a_colleagues_task_lacks_is_seen_by_whoever_waits_for_it(team):
    team.booked("T-9,Report,ben,1h,,,,,,", "T-1,Landing page,ana,2h,1,,,T-9,,")
    team.delete("ben", "T-9")
    report = team.audited(named=("ana",))
    assert [one.member for one in report.members] == ["ana"]
    assert codes(report) == {"out_of_order": "error"}


def test_an_unreachable_colleague_makes_no_finding_for_who_waits(team):
    from tests.team import CONFIG

    team.booked("T-9,Report,ben,1h,,,,,,", "T-1,Landing page,ana,2h,1,,,T-9,,")
    team.write("config.yaml", CONFIG.replace("{ics: ben.ics}", "{google: primary}"))
    report = team.audited(named=("ana",))
    assert codes(report) == {}
    assert len(report.errors) == 1


def test_fault_20_a_calendar_of_blocks_that_is_gone_is_not_read_as_deleted(team):
    team.booked(ONE)
    (team.folder / "out" / "ana.ics").unlink()
    assert codes(team.audited())["unreadable"] == "error"


def test_a_verdict_on_one_person_does_not_speak_for_the_sprint(team):
    from blocker.reports.wording import verdict

    team.booked("T-9,Report,ben,1h,,,,,,", ONE)
    team.delete("ben", "T-9")
    found = team.open().team
    assert verdict(team.audited(named=("ana",)), found).startswith("S27 for Ana Ruiz holds")
    assert verdict(team.audited(), found).startswith("S27 does not hold yet")


def test_the_message_to_pass_on_promises_no_room_that_there_may_not_be(team):
    team.booked("T-1,Film,ana,90h,1,,,,,", "T-2,Blog post,ana,1h,2,,,,,")
    book = "`blocker book --for ana --sprint S27` books what has room."
    said = f"{book} If T-1 has none, `blocker why T-1` says why.\n"
    assert team.run("audit").out.endswith(said)
    team.delete("ana", "T-2")
    said = f"{book} If a task has none, `blocker why TASK` says why.\n"
    assert team.run("audit").out.endswith(said)


def test_nobody_is_told_that_something_is_missing_in_a_calendar_that_was_not_seen(team):
    team.booked("T-1,Film,ana,2h,1,,,,,")
    team.write("ana.ics", "<html>sign in</html>")
    passed_on = team.run("audit").out.partition("To pass on:")[2]
    assert "not all of your calendars could be read, so it cannot be said whether" in passed_on
    assert "- ana.ics could not be read: " in passed_on
    assert "T-1" not in passed_on


def test_the_zone_of_each_members_times_is_named(team):
    team.booked(ONE)
    team.edit("ana", "T090000", "T190000")
    team.edit("ana", "T110000", "T210000")
    assert "\nAna Ruiz  Europe/Paris\n" in team.run("audit").out
    assert "\n## Ana Ruiz (Europe/Paris)\n" in team.run("audit", "--format", "markdown").out
