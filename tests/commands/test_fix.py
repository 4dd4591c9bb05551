"""What does not fit, and `fix`: each remedy, applied and booked, does what it says."""

from datetime import date, timedelta

import pytest

from blocker.commands.fix import fix
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.plan import RemedyKind
from tests.team import CONFIG, meeting, paris

HOUR = timedelta(hours=1)
# Mon 4 Jan from 9 to 12 is all there is until noon: three hours.
FULL = (
    "T-1,Landing page,ana,2h,1,W1 Mon 12:00,,,,",
    "T-2,Blog post,ana,1h30,2,W1 Mon 12:00,,,,",
)


def config(**rules):
    words = ", ".join(f"{key}: {value}" for key, value in rules.items())
    return CONFIG.replace("sprints:", f"  blocks: {{{words}}}\nsprints:")


@pytest.fixture
def full(team):
    """Ana has three hours for three and a half; Ben has meetings all that morning."""
    team.write("config.yaml", config(rest="0m"))
    team.calendar("ben", meeting("4 09:00", "4 12:00"))
    return team


def lacks(booking, member="ana"):
    found = next(one for one in booking.members if one.member.id == member)
    return {lack.task: lack for lack in found.unbooked}


def number_of(booking, task, kind, member="ana"):
    remedies = lacks(booking, member)[task].remedies
    numbers = [k for k, one in enumerate(remedies, 1) if one.kind is kind]
    assert numbers, f"{kind} is not among {[one.detail for one in remedies]}"
    return numbers[0]


def fixed(team, booking, task, kind, **more):
    return fix(team.open(), task, number_of(booking, task, kind), **more)


def tasks_of(team):
    with team.open().store(rehearse=True) as store:
        return {name: one.task for name, one in store.tasks().items()}


def test_a_split_books_so_much_now_and_leaves_the_rest_to_the_next_sprint(full):
    found = fixed(full, full.booked(*FULL), "T-2", RemedyKind.SPLIT)
    assert found.remedy.detail == "split it: 1h now, 30m in S28"
    tasks = tasks_of(full)
    assert (tasks["T-2"].estimate, tasks["T-2"].sprint) == (HOUR, 27)
    rest = tasks["T-2-rest"]
    assert (rest.estimate, rest.sprint, rest.title) == (HOUR / 2, 28, "Blog post")
    assert [str(after) for after in rest.after] == ["T-2"]
    assert full.booked().fits
    assert full.standing()["T-2/1"].length == HOUR
    assert full.booked(sprint="S28").fits


def test_a_shorter_estimate_fits(full):
    found = fixed(full, full.booked(*FULL), "T-2", RemedyKind.SHORTEN)
    assert found.remedy.detail == "make it 1h instead of 1h30"
    assert full.booked().fits


def test_a_due_moment_moves_to_the_earliest_that_works_in_the_words_it_was_written_in(full):
    found = fixed(full, full.booked(*FULL), "T-2", RemedyKind.EXTEND_DUE)
    assert found.remedy.detail == "let it be due Mon 4 Jan instead of Mon 4 Jan 12:00"
    assert str(tasks_of(full)["T-2"].due) == "W1 Mon"
    assert full.booked().fits


def test_a_less_important_task_is_put_off_and_its_block_goes(full):
    later = "T-3,Report,ana,1h,3,2027-01-04 12:00,,,,"
    assert full.booked(FULL[0], later).fits
    booking = full.booked(FULL[0], FULL[1].replace("1h30", "1h"), later)
    found = fixed(full, booking, "T-2", RemedyKind.DEFER)
    assert found.remedy.task == "T-3"
    assert found.remedy.detail == (
        "put off T-3 “Report” (priority 3, 1h) to S28, without its due date Mon 4 Jan 12:00"
    )
    task = tasks_of(full)["T-3"]
    assert (task.sprint, task.due) == (28, None)
    assert full.booked().fits
    assert list(full.standing()) == ["T-1/1", "T-2/1"]


def test_another_task_no_more_important_is_put_off_first(full):
    booking = full.booked(FULL[0], "T-3,Report,ana,1h30,1,W1 Mon 12:00,,,,")
    (lack,) = lacks(booking).values()
    found = fixed(full, booking, lack.task, RemedyKind.DEFER)
    assert {found.remedy.task, lack.task} == {"T-1", "T-3"}
    again = full.booked()
    assert again.fits
    assert {key.split("/")[0] for key in full.standing()} == {lack.task}
    assert full.booked(sprint="S28").fits


def test_a_colleague_who_has_the_time_is_named_and_gets_it(full):
    full.calendar("ben")
    booking = full.booked(*FULL)
    found = fixed(full, booking, "T-2", RemedyKind.REASSIGN)
    assert found.remedy.detail == "give it to Ben Carter, who has 1h30 for it"
    assert full.booked().fits
    assert list(full.standing("ben")) == ["T-2/1"]


def test_a_colleague_without_time_is_not_named(full):
    remedies = lacks(full.booked(*FULL))["T-2"].remedies
    assert remedies and RemedyKind.REASSIGN not in {one.kind for one in remedies}


def test_a_colleague_has_time_only_beside_tasks_of_their_own_that_wait_to_be_booked(full):
    full.calendar("ben")
    busy = "T-9,Budget,ben,2h30,1,W1 Mon 12:00,,,,"
    booking = full.booked(*FULL, busy, members=("ana",))
    assert RemedyKind.REASSIGN not in {one.kind for one in lacks(booking)["T-2"].remedies}


def test_the_limit_of_one_day_is_raised_once(full):
    full.write("config.yaml", config(rest="0m", per_day="2h"))
    rows = ("T-1,Landing page,ana,2h,1,W1 Mon,,,,", "T-2,Blog post,ana,1h,2,W1 Mon,,,,")
    found = fixed(full, full.booked(*rows), "T-2", RemedyKind.RAISE_DAY_LIMIT)
    assert found.remedy.detail == "work up to 3h on Mon 4 Jan this once instead of 2h"
    assert (found.remedy.day, found.remedy.limit) == (date(2027, 1, 4), 3 * HOUR)
    assert full.booked().fits
    assert full.audited().ok


def test_a_meeting_in_the_way_is_not_ours_to_move(full):
    full.calendar("ana", meeting("4 11:00", "4 12:00"))
    booking = full.booked("T-1,Landing page,ana,2h30,1,W1 Mon 12:00,,,,")
    found = fixed(full, booking, "T-1", RemedyKind.FREE_TIME)
    assert found.remedy.span == paris(4, "11:00")
    assert found.ask == (
        "Ask Ana Ruiz to move or decline the meeting Mon 4 Jan 11:00-12:00; then: blocker book"
    )
    assert not found.is_done
    number = number_of(booking, "T-1", RemedyKind.FREE_TIME)
    ran = full.run("fix", "T-1", str(number))
    assert ran.code == 1
    assert "Nothing was changed. Ask Ana Ruiz" in ran.out
    full.calendar("ana")
    assert full.booked().fits


def test_the_title_of_a_meeting_is_for_its_owner_alone(full):
    full.calendar("ana", meeting("4 11:00", "4 12:00"))
    row = "T-1,Landing page,ana,2h30,1,W1 Mon 12:00,,,,"
    for asker, is_named in ((None, False), ("ben", False), ("ana", True)):
        remedies = lacks(full.booked(row, asker=asker, dry_run=True))["T-1"].remedies
        said = next(one.detail for one in remedies if one.kind is RemedyKind.FREE_TIME)
        assert ("Private meeting" in said) == is_named


def test_importing_the_same_file_again_does_not_set_a_fix_back(full):
    fixed(full, full.booked(*FULL), "T-2", RemedyKind.SHORTEN)
    assert full.booked(*FULL).fits
    assert tasks_of(full)["T-2"].estimate == HOUR


def test_the_numbers_are_those_that_book_showed(full):
    for booking in (full.booked(*FULL), full.booked()):
        for number, remedy in enumerate(lacks(booking)["T-2"].remedies, 1):
            assert fix(full.open(), "T-2", number, dry_run=True).remedy == remedy


def test_what_was_not_confirmed_or_only_rehearsed_changes_nothing(full):
    booking = full.booked(*FULL)
    before = tasks_of(full)
    assert not fixed(full, booking, "T-2", RemedyKind.SPLIT, confirm=lambda _: False).is_done
    assert not fixed(full, booking, "T-2", RemedyKind.SPLIT, dry_run=True).is_done
    assert tasks_of(full) == before


def test_a_task_changed_while_the_question_waits_is_left_alone(full):
    booking = full.booked(*FULL)

    def confirm(_found):
        full.run("import", full.tasks("T-2,Blog post,ana,1h45,2,W1 Mon 12:00,,,,"))
        return True

    with pytest.raises(Refused, match="meanwhile"):
        fixed(full, booking, "T-2", RemedyKind.SPLIT, confirm=confirm)
    assert tasks_of(full)["T-2"].estimate == timedelta(minutes=105)


def test_who_asks_for_what_is_not_there_hears_what_is(full):
    full.booked(*FULL)
    with pytest.raises(WrongUse, match=r"there is no task 'T-22'; did you mean T-2"):
        fix(full.open(), "T-22", 1)
    with pytest.raises(WrongUse, match="T-2 has no remedy 9; there are\n  1 split it"):
        fix(full.open(), "T-2", 9)
    with pytest.raises(Refused, match="T-1 has all its time in S27"):
        fix(full.open(), "t-1", 1)


def test_a_task_that_fits_by_now_and_waits_to_be_booked_says_so(full):
    booking = full.booked(*FULL)
    fixed(full, booking, "T-2", RemedyKind.SHORTEN)
    with pytest.raises(Refused, match=r"T-2 fits now, .* book it with: blocker book --sprint S27"):
        fix(full.open(), "T-2", 1)
    assert full.booked().fits
    with pytest.raises(Refused, match="T-2 has all its time in S27"):
        fix(full.open(), "T-2", 1)


def test_on_the_command_line_it_says_what_it_changed_and_what_comes_next(full):
    booking = full.booked(*FULL)
    number = number_of(booking, "T-2", RemedyKind.SPLIT)
    ran = full.run("fix", "T-2", str(number))
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "T-2 “Blog post”: split it: 1h now, 30m in S28",
        "  T-2-rest: new, 30m in S28, after T-2",
        "  T-2: estimate 1h30 -> 1h",
        "Done. The calendars follow with: blocker book --sprint S27",
    ]
    again = full.run("fix", "T-2", "1")
    assert (again.code, again.out) == (1, "")


def test_as_json(full):
    full.booked(*FULL)
    said = full.book("--dry-run").json["members"][0]["unbooked"][0]["remedies"]
    assert {"kind", "task", "detail"} == set(said[0])
    ran = full.run("fix", "T-2", "1", "--format", "json")
    assert ran.json["remedy"] == said[0]
    assert ran.json["done"] is True
    assert ran.json["next"] == "blocker book --sprint S27"


def test_the_table_numbers_them_and_says_how_to_apply_one(full):
    ran = full.run("book", full.tasks(*FULL), "--dry-run")
    lines = [line.strip() for line in ran.out.splitlines()]
    assert "1 split it: 1h now, 30m in S28" in lines
    assert "apply one with: blocker fix T-2 NUMBER" in lines
