"""`book` from files to calendars: what it writes, keeps, moves and leaves alone."""

import sqlite3
from datetime import timedelta

import pytest

from blocker.domain.plan import ChangeKind, Reason
from tests.team import CONFIG, meeting, paris

ONE = "T-1,Landing page,ana,2h,1,,,,,"
TWO = "T-2,Blog post,ana,1h30,2,,,,,"


def kinds(booking, member="ana"):
    found = next(one for one in booking.members if one.member.id == member)
    return [change.kind for change in found.changes]


def codes(report):
    return {one.code.value for member in report.members for one in member.findings}


def test_a_second_run_changes_nothing_and_does_not_touch_the_file(team):
    team.booked(ONE, TWO)
    path = team.folder / "out" / "ana.ics"
    before, written = path.read_bytes(), path.stat().st_mtime_ns
    again = team.booked(ONE, TWO)
    assert set(kinds(again)) == {ChangeKind.KEEP}
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, written)
    assert team.audited().ok


def test_a_dry_run_shows_the_same_changes_and_makes_none(team):
    rehearsed = team.booked(ONE, TWO, dry_run=True)
    assert not (team.folder / "out").exists()
    assert not (team.folder / ".blocker").exists()
    real = team.booked(ONE, TWO)
    assert rehearsed.members[0].changes == real.members[0].changes
    assert rehearsed.dry_run
    assert not real.dry_run


def test_only_the_members_picked_are_written(team):
    booking = team.booked(ONE, "T-9,Report,ben,1h,,,,,,", members=("ana",))
    assert [one.member.id for one in booking.members] == ["ana"]
    assert team.blocks("ben") == ""


def test_a_marketer_who_asks_books_for_themselves_and_a_manager_for_all(team):
    rows = (ONE, "T-9,Report,ben,1h,,,,,,")
    assert len(team.booked(*rows, asker="ana", dry_run=True).members) == 1
    assert len(team.booked(*rows, asker="ben", dry_run=True).members) == 2


def test_of_many_tasks_in_a_reason_a_handful_is_named_and_json_has_all(team):
    team.write("config.yaml", CONFIG.replace("sprints:", "  blocks: {rest: 0m}\nsprints:"))
    rows = [f"T-{k:02d},Mail,ana,30m,2,W1 Mon,,,," for k in range(1, 16)]
    ran = team.run("book", team.tasks(*rows), "--dry-run")
    (said,) = [line for line in ran.out.splitlines() if "not booked" in line]
    assert "it needs 7h30 together with T-01, T-02, T-03, T-04, T-05 and 9 others, and" in said
    (lack,) = team.book("tasks.csv", "--dry-run").json["members"][0]["unbooked"]
    assert len(lack["competing"]) == 14
    team.run("import", "tasks.csv")
    (said,) = [line for line in team.run("why", lack["task"]).out.splitlines() if "need" in line]
    assert "and 10 others need 7h30" in said


def test_meetings_and_time_off_are_kept_free(team):
    team.calendar("ana", meeting("4 09:00", "4 12:00"))
    team.write(
        "config.yaml",
        CONFIG.replace("email: ana@", 'time_off: ["2027-01-04 13:00-17:00"]\n    email: ana@'),
    )
    team.booked(ONE)
    assert team.standing() == {"T-1/1": paris(5, "09:00", 2)}


def test_a_block_moved_by_hand_stays_where_it_is(team):
    team.booked(ONE, TWO)
    team.edit("ana", "20270104T090000", "20270104T150000")
    team.edit("ana", "20270104T110000", "20270104T170000")
    again = team.booked()
    assert team.standing()["T-1/1"] == paris(4, "15:00", 2)
    assert set(kinds(again)) == {ChangeKind.KEEP}


SHORTER = CONFIG.replace("09:00-12:00 13:00-17:00", "13:00-15:00")


def warnings(booking):
    return booking.members[0].warnings


def test_a_block_that_changed_hours_leave_outside_is_moved_where_there_is_room(team):
    team.booked(ONE)
    team.write("config.yaml", SHORTER)
    booking = team.booked()
    assert kinds(booking) == [ChangeKind.MOVE]
    assert warnings(booking) == ()


def test_a_block_outside_of_working_hours_that_stays_is_said_with_the_reason(team):
    team.booked("T-1,Landing page,ana,4h,1,W1 Mon,,,,", TWO)
    assert team.standing()["T-1/1"] == paris(4, "09:00", 2)
    team.write("config.yaml", SHORTER)
    booking = team.booked()
    where = "T-1: the block Mon 4 Jan {} is outside of working hours; it stays, {}"
    no_room = "since there is no other room for it"
    assert where.format("09:00-11:00", no_room) in warnings(booking)
    assert codes(team.audited()) == {"outside_hours"}
    team.edit("ana", "20270104T090000", "20270104T080000")
    team.edit("ana", "20270104T110000", "20270104T100000")
    by_hand = where.format("08:00-10:00", "since somebody put it there")
    assert by_hand in warnings(team.booked())
    assert not any(by_hand in one for one in warnings(team.booked(now="2027-01-04T09:00")))


def test_an_accepted_sprint_keeps_blocks_outside_of_changed_hours_and_says_so(team):
    team.booked(ONE)
    with sqlite3.connect(team.folder / ".blocker" / "blocker.db") as store:
        store.execute("INSERT INTO sprints (team, number, state) VALUES ('small', 27, 'accepted')")
    store.close()
    team.write("config.yaml", SHORTER)
    booking = team.booked(sprint="S27")
    assert kinds(booking) == [ChangeKind.KEEP]
    (said,) = warnings(booking)
    assert said.endswith("it stays, since S27 is accepted")


def test_a_block_moved_by_hand_onto_a_meeting_is_placed_anew(team):
    team.booked(ONE)
    team.calendar("ana", meeting("4 15:00", "4 16:00"))
    team.edit("ana", "20270104T090000", "20270104T150000")
    team.edit("ana", "20270104T110000", "20270104T170000")
    assert kinds(team.booked()) == [ChangeKind.MOVE]
    assert team.audited().ok


def test_a_block_shortened_by_hand_stays_and_the_rest_is_booked(team):
    team.booked(ONE)
    team.edit("ana", "20270104T110000", "20270104T100000")
    again = team.booked()
    assert sorted(kinds(again)) == ["create", "keep"]
    assert team.standing()["T-1/1"] == paris(4, "09:00", 1)
    assert team.audited().ok


def test_a_block_deleted_by_hand_is_placed_anew_elsewhere_and_said(team):
    team.booked(ONE)
    team.delete("ana", "T-1")
    again = team.booked()
    assert kinds(again) == [ChangeKind.CREATE]
    assert team.standing()["T-1/1"] != paris(4, "09:00", 2)
    assert any("you deleted Mon 4 Jan 09:00-11:00; now" in one for one in again.members[0].warnings)
    assert set(kinds(team.booked())) == {ChangeKind.KEEP}


def test_a_meeting_that_lands_on_a_block_moves_it(team):
    team.booked(ONE)
    team.calendar("ana", meeting("4 10:00", "4 10:30"))
    assert kinds(team.booked()) == [ChangeKind.MOVE]
    assert team.audited().ok
    assert team.blocks("ana").count("BEGIN:VEVENT") == 1
    assert "SEQUENCE:1" in team.blocks("ana")


def test_what_a_person_wrote_counts_and_is_never_touched(team):
    hand = meeting("5 10:00", "5 11:00").replace("Private meeting", "T-1 first part")
    team.calendar("ana", hand)
    team.booked(ONE)
    assert sum((one.length for one in team.standing().values()), timedelta()) == timedelta(hours=1)
    assert team.audited().ok


def test_events_that_are_not_ours_stay_byte_for_byte(team):
    theirs = 'BEGIN:VEVENT\r\nUID:x\r\nDTSTART:20270104T090000Z\r\nX-Odd;A="b":c\r\nEND:VEVENT\r\n'
    team.write("out/ana.ics", f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{theirs}END:VCALENDAR\r\n")
    team.booked(ONE)
    assert theirs in team.blocks("ana")


def test_blocks_of_tasks_the_store_does_not_know_are_left_alone_and_named(team):
    team.booked(ONE)
    strange = team.blocks("ana").replace("T-1", "X-77").replace("@blocker", "@elsewhere")
    team.write("out/ana.ics", strange)
    booking = team.booked()
    assert "X-BLOCKER-TASK:X-77" in team.blocks("ana")
    assert any("X-77" in one for one in booking.members[0].warnings)
    assert team.standing()["T-1/1"] != paris(4, "09:00", 2)


def test_a_task_given_to_somebody_else_moves_its_blocks(team):
    team.booked(ONE)
    team.booked(ONE.replace(",ana,", ",ben,"))
    assert team.standing("ana") == {}
    assert list(team.standing("ben")) == ["T-1/1"]


def test_a_lower_estimate_frees_whole_blocks(team):
    team.booked("T-1,Landing page,ana,4h,1,,,,,")
    booking = team.booked("T-1,Landing page,ana,2h,1,,,,,")
    assert booking.count(ChangeKind.REMOVE) == 1
    assert len(team.standing()) == 1
    assert team.audited().ok


def test_a_higher_estimate_adds_and_keeps_the_numbers(team):
    team.booked(ONE)
    team.booked("T-1,Landing page,ana,5h,1,,,,,")
    assert sorted(team.standing()) == ["T-1/1", "T-1/2", "T-1/3"]
    assert team.standing()["T-1/1"] == paris(4, "09:00", 2)


def test_a_new_title_is_written_into_the_blocks(team):
    team.booked(ONE)
    booking = team.booked(ONE.replace("Landing page", "Start page"))
    assert kinds(booking) == [ChangeKind.UPDATE]
    assert "SUMMARY:Start page [T-1]" in team.blocks("ana")
    assert team.standing() == {"T-1/1": paris(4, "09:00", 2)}


def test_words_a_person_wrote_into_a_block_stay(team):
    team.booked(ONE)
    team.edit("ana", "SUMMARY:Landing page [T-1]", "SUMMARY:My landing page [T-1]")
    assert kinds(team.booked()) == [ChangeKind.KEEP]
    assert "My landing page" in team.blocks("ana")


def test_what_began_stays_and_counts(team):
    team.booked(ONE, TWO)
    later = team.booked(now="2027-01-04T10:00")
    assert ChangeKind.REMOVE not in kinds(later)
    assert team.standing()["T-1/1"] == paris(4, "09:00", 2)


def test_a_task_behind_one_of_the_backlog_cannot_be_booked(team):
    booking = team.booked("T-9,Report,ben,2h,,,,,,backlog", "T-1,Landing page,ana,2h,1,,,T-9,,")
    assert [one.reason for one in booking.members[0].unbooked] == [Reason.AFTER_UNBOOKED]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("T-1,Everything,ana,400h,,,,,,", Reason.NO_ROOM),
        ("T-1,Too late,ana,1h,,2027-01-03,,,,", Reason.PAST_DUE),
    ],
)
def test_what_does_not_fit_is_said_and_the_rest_is_booked(team, row, reason):
    booking = team.booked(row, TWO)
    assert [one.reason for one in booking.members[0].unbooked] == [reason]
    assert list(team.standing()) == ["T-2/1"]


def test_a_due_moment_after_the_sprint_is_cut_and_said(team):
    booking = team.booked("T-1,Landing page,ana,2h,,2027-03-01,,,,")
    assert booking.fits
    assert any("due 2027-03-01 is after S27" in one for one in booking.notes)


def test_a_calendar_of_blocks_that_is_gone_is_not_read_as_deleted_blocks(team):
    from blocker.domain.errors import WrongInput

    team.booked(ONE)
    (team.folder / "out" / "ana.ics").unlink()
    with pytest.raises(WrongInput, match="is gone"):
        team.booked()
    team.booked(anew=True)
    assert list(team.standing()) == ["T-1/1"]


def test_saying_no_changes_nothing_at_all(team):
    from blocker.commands.book import Request, book

    request = Request(team.folder / team.tasks(ONE))
    assert book(team.open(), request, confirm=lambda _: False).dry_run
    assert team.blocks("ana") == ""
    assert team.booked().tasks == {}


def test_minutes_add_up(team):
    team.calendar("ana", meeting("4 09:00", "4 10:00"))
    minutes = team.booked(ONE, TWO).members[0].minutes
    assert minutes.working == 10 * 7 * 60
    assert (minutes.busy, minutes.free) == (60, minutes.working - 60)
    assert (minutes.needed, minutes.booked) == (210, 210)
    assert minutes.usable <= minutes.free


def test_the_store_of_another_machine_is_not_needed_to_keep_blocks(team):
    team.booked(ONE, TWO)
    before = team.blocks("ana")
    (team.folder / ".blocker" / "blocker.db").unlink()
    assert set(kinds(team.booked(ONE, TWO))) == {ChangeKind.KEEP}
    assert team.blocks("ana") == before


def test_fault_27_a_person_who_moves_a_block_while_we_run_wins(team):
    from blocker.commands.book import Request, book

    team.booked(ONE)
    team.calendar("ana", meeting("4 10:00", "4 10:30"))

    def confirm(_booking):
        team.edit("ana", "20270104T090000", "20270113T090000")
        team.edit("ana", "20270104T110000", "20270113T110000")
        return True

    booking = book(team.open(), Request(), confirm)
    assert booking.is_disturbed
    assert any("theirs stands" in one for one in booking.members[0].warnings)
    assert team.standing() == {"T-1/1": paris(13, "09:00", 2)}
    assert set(kinds(team.booked())) == {ChangeKind.KEEP}


def test_fault_28_a_meeting_that_lands_between_read_and_write_is_noticed(team):
    from blocker.commands.book import Request, book

    def confirm(_booking):
        team.calendar("ana", meeting("4 10:00", "4 10:30"))
        return True

    booking = book(team.open(), Request(team.folder / team.tasks(ONE)), confirm)
    assert booking.is_disturbed
    assert any("a meeting landed on it" in one for one in booking.members[0].warnings)
    assert kinds(team.booked()) == [ChangeKind.MOVE]
    assert team.audited().ok


@pytest.mark.parametrize("number", [5, 28])  # EIO, ENOSPC
def test_fault_25_a_disk_that_fails_leaves_the_calendar_whole_and_the_next_run_finishes(
    team, monkeypatch, number
):
    import os

    team.booked(ONE)
    before = team.blocks("ana")
    with monkeypatch.context() as patch:

        def fail(_handle):
            raise OSError(number, os.strerror(number))

        patch.setattr(os, "fsync", fail)
        booking = team.booked(ONE, TWO)
    assert len(booking.errors) == 1
    assert booking.errors[0].startswith("Ana Ruiz: ")
    assert team.blocks("ana") == before
    assert team.booked().fits
    assert sorted(team.standing()) == ["T-1/1", "T-2/1"]


def test_a_sprint_that_is_over_has_no_room_and_says_so(team):
    team.booked(ONE)
    booking = team.booked(TWO, now="2027-02-01T09:00", sprint="27")
    assert [one.reason for one in booking.members[0].unbooked] == [Reason.PAST_DUE]


def test_tasks_of_somebody_who_left_the_team_are_not_forgotten(team):
    team.booked(ONE, "T-9,Report,ben,1h,,,,,,", "T-5,Later,ana,1h,,,,T-9,,")
    config = (team.folder / "config.yaml").read_text()
    team.write("config.yaml", config[: config.index("  - id: ben")])
    report = team.audited()
    assert not report.ok
    assert "T-9" in report.orphans[0]
    booking = team.booked()
    assert not booking.fits
    assert any("T-9" in note for note in booking.notes)


def test_a_copy_that_a_person_carried_elsewhere_holds_its_block_in_place(team):
    team.booked("T-1,Landing page,ana,2h,3,,,,,")
    copy = team.blocks("ana").replace("@blocker", "@elsewhere").replace("X-BLOCKER", "X-OTHER")
    team.write("ana.ics", copy)
    rows = ["T-1,Landing page,ana,2h,3,,,,,", "T-9,Urgent,ana,68h,1,,,,,"]
    team.booked(*rows)
    assert team.standing()["T-1/1"] == paris(4, "09:00", 2)
    assert set(kinds(team.booked(*rows))) <= {ChangeKind.KEEP}


def test_pruned_tasks_leave_no_blocks_and_come_back_when_named_again(team):
    team.booked(ONE, TWO)
    team.booked(ONE, prune=True)
    assert list(team.standing()) == ["T-1/1"]
    team.booked(ONE, TWO)
    assert sorted(team.standing()) == ["T-1/1", "T-2/1"]


def test_a_block_carried_months_away_is_booked_anew_beside_it(team):
    team.booked(ONE)
    team.edit("ana", "20270104T", "20270405T", count=2)
    booking = team.booked()
    assert booking.fits
    assert not booking.is_disturbed
    assert sorted(team.standing()) == ["T-1/2"] or len(team.standing()) == 2
    assert team.audited().ok
    assert set(kinds(team.booked())) == {ChangeKind.KEEP}


def test_what_a_crash_left_open_in_another_sprint_stays_open(team):
    import blocker.commands.book as job
    from blocker.commands.writing import carry_out

    def stop(_store, writings):
        for one in writings:
            one.calendar.apply(one.writes)
        raise KeyboardInterrupt

    job.carry_out = stop
    try:
        with pytest.raises(KeyboardInterrupt):
            team.booked(ONE, sprint="32")
    finally:
        job.carry_out = carry_out
    team.booked(TWO)
    with team.open().store() as store:
        assert len(store.open_intents()) == 1
    team.booked(sprint="32")
    with team.open().store() as store:
        assert store.open_intents() == []
        assert len(store.receipts()) == 2


def test_another_pattern_of_sprint_names_removes_nothing(team):
    team.booked(ONE)
    team.booked("T-7,Later,ana,1h,,,,,,28", sprint="28")
    config = (team.folder / "config.yaml").read_text()
    team.write("config.yaml", config.replace("S{number}", "Sprint {number}"))
    assert team.booked(sprint="27").count(ChangeKind.REMOVE) == 0


def test_a_member_with_tasks_and_no_calendar_for_blocks_is_a_mistake(team):
    from blocker.domain.errors import WrongInput

    config = (team.folder / "config.yaml").read_text()
    team.write("config.yaml", config.replace(", blocks: {ics: out/ana.ics}", ""))
    with pytest.raises(WrongInput, match="no calendar that blocks are written to"):
        team.booked(ONE)
    assert team.booked("T-9,Report,ben,1h,,,,,,").fits


def test_a_damaged_block_is_named_not_called_deleted_and_not_written_over(team):
    team.booked(ONE)
    team.edit("ana", "DTSTART;TZID=Europe/Paris:20270104T090000", "DTSTART;TZID=Europe/Paris:2027")
    booking = team.booked()
    assert not booking.is_disturbed
    assert not any("deleted" in one for one in booking.members[0].warnings)
    assert list(team.standing()) == ["T-1/2"]
    assert set(kinds(team.booked())) == {ChangeKind.KEEP}


def test_the_folder_may_move(team):
    team.booked(ONE)
    moved = team.folder.with_name(team.folder.name + "-moved")
    team.folder.rename(moved)
    team.folder = moved
    assert set(kinds(team.booked())) == {ChangeKind.KEEP}
    from blocker.commands.undo import undo

    assert undo(team.open()).count == 1
    assert team.standing() == {}


def test_a_block_that_breaks_a_rule_stays_when_there_is_no_room_elsewhere(team):
    """A person moves the follower up to its predecessor: that moves nothing away."""
    rows = ["T-1,Landing page,ana,2h,1,,,,,", "T-2,Blog post,ana,1h,2,,,T-1,,"]
    team.booked(*rows)
    assert team.standing()["T-1/1"] == paris(4, "09:00", 2)
    text = team.blocks("ana")
    start = text.index("X-BLOCKER-TASK:T-2")
    begin = text.rindex("BEGIN:VEVENT", 0, start)
    event = text[begin : text.index("END:VEVENT", start)]
    import re

    moved = re.sub(r"(DTSTART[^:]*):\S+", r"\1:20270104T080000", event)
    moved = re.sub(r"(DTEND[^:]*):\S+", r"\1:20270104T090000", moved)
    team.write("out/ana.ics", text.replace(event, moved))
    booking = team.booked(now="2027-01-04T07:00")
    assert booking.fits
    assert team.standing()["T-1/1"] == paris(4, "09:00", 2)
    assert set(kinds(booking)) == {ChangeKind.KEEP}


def test_a_gap_is_kept_to_what_a_person_wrote(team):
    team.write(
        "config.yaml", CONFIG.replace("sprints:", "  blocks: {gap: 15m, rest: 0m}\nsprints:")
    )
    hand = meeting("4 09:15", "4 10:15").replace("Private meeting", "T-1 first part")
    team.calendar("ana", hand)
    team.booked(ONE, TWO)
    assert all(span.start >= paris(4, "10:30").start for span in team.standing().values())


def test_an_impossible_break_moves_nothing(team):
    rules = "  blocks: {breaks: [{between: 12:00-13:30, keep: 45m}]}\nsprints:"
    hours = CONFIG.replace("09:00-12:00 13:00-17:00", "09:00-17:00")
    team.write("config.yaml", hours.replace("sprints:", rules))
    team.calendar("ana", meeting("4 12:30", "4 13:00"))
    rows = ["T-1,Landing page,ana,3h15,1,2027-01-04 13:00,,,,"]
    team.booked(*rows)
    assert set(kinds(team.booked(*rows))) == {ChangeKind.KEEP}


def test_fault_32_after_a_change_of_zone_blocks_keep_their_instant(team):
    """Floating and all-day events follow the local day; what stands stays where it is."""
    floating = "DTSTART:20270105T160000\nDTEND:20270105T170000\nSUMMARY:Call"
    all_day = "DTSTART;VALUE=DATE:20270106\nSUMMARY:Off site"
    team.calendar("ana", floating, all_day, meeting("4 09:00", "4 10:00"))
    config = (team.folder / "config.yaml").read_text()
    zone = "email: ana@small.example\n    timezone: Europe/London"
    prepare = "T-2,Prepare,ana,1h,2,2027-01-05 16:00,2027-01-05 15:00,,,"
    rows = ("T-1,Landing page,ana,2h,1,,,,,", prepare)
    team.booked(rows[0])
    before = team.standing()
    assert list(before.values()) == [paris(4, "10:00", 2)]

    team.write("config.yaml", config.replace("email: ana@small.example", zone))
    booking = team.booked(*rows)
    assert {change.block.task: change.kind for change in booking.members[0].changes}["T-1"] in (
        ChangeKind.KEEP,
        ChangeKind.UPDATE,
    )
    standing = team.standing()
    assert standing["T-1/1"] == before["T-1/1"]
    taken = [paris(5, "17:00"), paris(6, "01:00", 24)]  # 16:00 and the whole day in London
    assert not any(block.overlaps(other) for block in standing.values() for other in taken)
    # the hour before, which the floating call took in Paris, is free now
    assert standing["T-2/1"] == paris(5, "16:00")
    assert team.audited().ok
