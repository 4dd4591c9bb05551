"""`task add/show/edit/drop` and `backlog`: the work by hand."""

from datetime import timedelta

import pytest

from blocker.commands.add_task import add_task
from blocker.commands.backlog import list_backlog, rank_in_backlog
from blocker.commands.task_changes import drop_task, edit_task
from blocker.domain.commitment import AmendmentKind
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.sprint import SprintState
from blocker.domain.task import TaskState

HOUR = timedelta(hours=1)
ROWS = (
    "T-1,Landing page,ana,2h,1,W2 Wed,,,leads,",
    "T-2,Blog post,ana,4h,3,2027-01-14,,T-1,brand,",
    "T-3,Budget,ben,3h,2,,,T-1+1d,,",
)


@pytest.fixture
def known(team):
    """S27 has three tasks; two wait for the first."""
    team.run("import", team.tasks(*ROWS), "--sprint", "S27")
    return team


@pytest.fixture
def frozen(known):
    with known.open().store() as store, store.transaction():
        store.set_sprint_state(27, SprintState.ACCEPTED)
    return known


def tasks_of(team):
    with team.open().store(rehearse=True) as store:
        return {name: one.task for name, one in store.tasks().items()}


def amendments(team):
    with team.open().store(rehearse=True) as store:
        return store.amendments()


def edited(team, name, asker=None, because=None, **words):
    return edit_task(team.open(asker=asker), name, words, because)


# Adding


def test_a_task_in_words_is_what_its_row_would_be(known):
    ran = known.run(
        "--as", "ana", "task", "add", "Write the teaser", "--estimate", "90m", "--priority", "high",
        "--due", "W2 Wed 12:00", "--after", "T-1,T-2+2d", "--outcome", "leads",
        "--campaign", "Spring", "--longest", "1h",
    )  # fmt: skip
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "write-the-teaser “Write the teaser” is added: Ana Ruiz, 1h30, S27.",
        "`blocker book --sprint S27` books it.",
    ]
    row = "Write the teaser,ana,90m,high,W2 Wed 12:00,T-1 T-2+2d,leads,Spring,1h\n"
    head = "title,owner,estimate,priority,due,after,outcome,campaign,longest\n"
    by_hand = tasks_of(known)["write-the-teaser"]
    known.write("tasks.csv", head + row)
    known.run("import", "tasks.csv", "--sprint", "S27")
    assert tasks_of(known)["write-the-teaser"] == by_hand
    assert by_hand.id_is_made


@pytest.mark.parametrize(
    ("words", "messages"),
    [
        (
            ["Teaser", "--owner", "anna", "--estimate", "2", "--after", "T-9", "--due", "soon"],
            [
                '--owner: nobody is called "anna"; write ana',
                '--estimate: "2" has no unit; write 2h or 2m',
                '--due: "soon" is no date; write it as 2027-01-14, 2027-01-14 12:00 or W2 Wed',
                '--after: no task is called "T-9"; write the id of a task here or in the store',
            ],
        ),
        (
            [" ", "--id", "T 9", "--owner", "ana", "--priority", "7", "--shortest", "3h"],
            [
                "TITLE: is empty; write what is to be done",
                '--id: "T 9" cannot be an id; write T-9',
                "--estimate: is empty; write how long it takes: 2h",
                '--priority: "7" is no priority; write 1 (highest) to 4, or high, medium, low',
                "--shortest: its shortest block, 3h, is more than the longest block of Ana Ruiz, "
                "2h; write at most 2h, or give it a longest too",
            ],
        ),
        (
            ["Teaser", "--estimate", "2h"],
            ["--owner: say whose task it is, or who you are with blocker --as MEMBER"],
        ),
        (
            ["Teaser", "--owner", "ana", "--estimate", "2h", "--sprint", "Q9"],
            ['--sprint: "Q9" is no sprint; write a name or number (S27), current, next or backlog'],
        ),
    ],
)
def test_wrong_words_are_told_all_at_once_under_their_options(known, words, messages):
    before = tasks_of(known)
    ran = known.run("task", "add", *words)
    assert (ran.code, ran.out) == (2, "")
    assert sorted(ran.err.splitlines()) == sorted(messages)
    assert tasks_of(known) == before


@pytest.mark.parametrize("words", [{"title": "blog POST"}, {"title": "Other", "id": "t-2"}])
def test_an_id_names_one_task_for_good(known, words):
    known.run("task", "add", "Blog post", "--owner", "ben", "--estimate", "1h")
    with pytest.raises(Refused, match=r"is known already \(open\); change it with"):
        add_task(known.open(asker="ana"), {**words, "estimate": "1h"})


# Changing


def test_an_edit_says_what_changed_and_the_calendars_follow_with_book(known):
    known.booked()
    ran = known.run(
        "task", "edit", "t-1", "--estimate", "3h", "--due", "", "--outcome", "", "--after", "",
    )  # fmt: skip
    assert ran.out.splitlines() == [
        "T-1 “Landing page”",
        "  estimate 2h -> 3h",
        "  due W2 Wed -> none",
        "  outcome leads -> none",
        "`blocker book --sprint S27` brings the calendars in line.",
    ]
    assert known.booked().fits
    assert sum((one.length for one in known.standing().values()), timedelta()) == 7 * HOUR
    again = known.run("task", "edit", "T-1", "--estimate", "3h")
    assert (again.code, again.out) == (
        0, "T-1 “Landing page” is like that already; nothing was changed.\n",
    )  # fmt: skip


def test_the_same_file_does_not_set_an_edit_back(known):
    edited(known, "T-1", title="Home page", owner="ben")
    known.run("import", "tasks.csv", "--sprint", "S27")
    task = tasks_of(known)["T-1"]
    assert (task.title, task.owner) == ("Home page", "ben")


def test_a_task_put_off_loses_a_due_date_that_would_be_over(known):
    change = edited(known, "T-2", sprint="next")
    assert (change.after.sprint, change.after.due) == (28, None)
    assert change.notes == ("its due date 2027-01-14 leaves no time in S28, so it goes",)
    assert edited(known, "T-1", sprint="S28").after.due == tasks_of(known)["T-1"].due
    assert edited(known, "T-3", sprint="backlog").after.sprint is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"after": "T-2"}, "--after: these tasks wait for each other: T-1 -> T-2 -> T-1; take"),
        ({"after": "T-1"}, "--after: T-1 waits for itself; leave it out"),
        ({"after": "T-33"}, '--after: no task is called "T-33"; write T-3'),
        ({"estimate": ""}, "--estimate: is empty; write how long it takes: 2h"),
        ({"title": ""}, "--title: is empty; write what is to be done"),
        ({}, "say what to change, for example: --estimate 3h"),
    ],
)
def test_what_a_file_would_be_refused_for_is_refused_here(known, words, message):
    before = tasks_of(known)
    with pytest.raises(WrongUse) as wrong:
        edited(known, "T-1", **words)
    assert str(wrong.value).startswith(message)
    assert tasks_of(known) == before


def test_a_marketer_changes_only_what_is_theirs(known):
    edited(known, "T-1", asker="ana", priority="2")
    with pytest.raises(Refused, match="T-3 “Budget” is Ben Carter's, not yours"):
        edited(known, "T-3", asker="ana", priority="1")
    with pytest.raises(Refused, match="T-3 “Budget” is Ben Carter's, not yours"):
        drop_task(known.open(asker="ana"), "T-3")
    edited(known, "T-1", asker="ben", priority="3")
    edited(known, "T-1", priority="4")


def test_in_an_accepted_sprint_an_edit_goes_on_record_or_names_the_right_way(frozen):
    with pytest.raises(Refused, match="record it with: blocker more T-1 1h --because TEXT"):
        edited(frozen, "T-1", estimate="3h")
    with pytest.raises(Refused, match="record it with: blocker reassign T-1 ben"):
        edited(frozen, "T-1", owner="ben")
    with pytest.raises(Refused, match="blocker task edit T-1 --sprint S28 --because TEXT"):
        edited(frozen, "T-1", due="")
    assert amendments(frozen) == []
    edited(frozen, "T-1", asker="ana", estimate="1h", because="half is there already")
    (lowered,) = amendments(frozen)
    assert (lowered.kind, lowered.by, lowered.because, lowered.minutes) == (
        AmendmentKind.LOWERED, "ana", "half is there already", -HOUR,
    )  # fmt: skip


def test_out_of_an_accepted_sprint_a_task_goes_with_a_reason_alone(frozen):
    with pytest.raises(WrongUse, match="--because: S27 is accepted, so say why T-2 is taken out"):
        edited(frozen, "T-2", sprint="next", because="  ")
    change = edited(frozen, "T-2", sprint="next", because="the designer is ill", estimate="5h")
    (carried,) = amendments(frozen)
    assert (carried.kind, carried.sprint, carried.to, carried.because) == (
        AmendmentKind.CARRIED, 27, 28, "the designer is ill",
    )  # fmt: skip
    assert change.after.estimate == 5 * HOUR
    with pytest.raises(Refused) as refused:
        edited(frozen, "T-2", sprint="S27", because="it goes after all")
    assert str(refused.value).splitlines() == [
        "T-2 “Blog post” is new, and S27 is accepted: 5h would displace T-1 (leads)",
        "nothing was changed; a manager may let it in for another: blocker swap --out TASK --in "
        "T-2 --because TEXT, and who has finished early: blocker pull --take T-2",
    ]


# Dropping


def test_a_dropped_task_frees_its_blocks_and_whoever_waited(known):
    known.booked()
    ran = known.run("task", "drop", "T-1", "--because", "the fair is off")
    assert ran.out.splitlines() == [
        "T-1 “Landing page” is dropped.",
        "T-2 and T-3 no longer wait for it.",
        "`blocker book --sprint S27` brings the calendars in line.",
    ]
    assert known.booked().fits
    assert {name.split("/")[0] for name in known.standing()} == {"T-2"}
    with known.open().store(rehearse=True) as store:
        assert "dropped task T-1: the fair is off" in [one.what for one in store.logged()]


def test_what_is_over_is_not_dropped_or_edited(known):
    drop_task(known.open(), "T-1")
    with pytest.raises(Refused, match="T-1 “Landing page” is dropped already"):
        drop_task(known.open(), "T-1")
    with pytest.raises(Refused, match="bring it back with: blocker task edit T-1 --sprint next"):
        edited(known, "T-1", title="Home page")
    assert edited(known, "T-1", sprint="next").after.state is TaskState.OPEN


@pytest.mark.parametrize("row", ROWS[:1])
def test_a_file_does_not_bring_back_what_was_dropped_by_hand(known, row):
    add_task(known.open(asker="ana"), {"title": "Teaser", "estimate": "1h"})
    for name in ("T-1", "teaser"):
        drop_task(known.open(), name)
    known.run("import", known.tasks(row, ",Teaser,ana,1h,,,,,,"), "--sprint", "S27")
    states = {name: task.state for name, task in tasks_of(known).items()}
    assert (states["T-1"], states["teaser"]) == (TaskState.DROPPED, TaskState.DROPPED)


def test_in_an_accepted_sprint_a_drop_has_its_reason_on_record(frozen):
    with pytest.raises(WrongUse, match="--because: S27 is accepted, so say why T-1 is dropped"):
        drop_task(frozen.open(), "T-1")
    drop_task(frozen.open(), "T-1", "the fair is off")
    (dropped,) = amendments(frozen)
    assert (dropped.kind, dropped.task, dropped.because) == (
        AmendmentKind.DROPPED, "T-1", "the fair is off",
    )  # fmt: skip


# Looking


def test_a_task_is_shown_with_what_happened_to_it_in_its_owners_zone(frozen):
    edited(frozen, "T-1", asker="ana", title="Home page")
    ran = frozen.run("task", "show", "T-1")
    assert ran.out.splitlines() == [
        "S27, 4-17 Jan 2027, accepted",
        "T-1 “Home page”, open",
        "  owner     Ana Ruiz",
        "  estimate  2h",
        "  priority  1",
        "  due       W2 Wed",
        "  outcome   leads",
        "These wait for it:",
        "  T-2 “Blog post”, Ana Ruiz, S27, open",
        "  T-3 “Budget”, Ben Carter, S27, open",
        "What happened to it (times are in Europe/Paris):",
        "  Mon 4 Jan 08:00 Ana Ruiz: renamed: “Landing page” is now “Home page”",
    ]
    shown = frozen.run("task", "show", "T-2", "--format", "json").json
    assert (shown["schema"], shown["after"], shown["waiting"]) == ("blocker.task/1", ["T-1"], [])
    assert frozen.run("task", "show", "T-22").code == 2


# The backlog


@pytest.fixture
def backlog(known):
    """Two of Ana's tasks and one of Ben's wait, with a task of a sprint among them."""
    rows = (
        "B-1,Logo wall,ana,2h,4,,,,,backlog",
        "B-2,About page,ben,3h,3,,,,brand,backlog",
        "T-4,Recap,ana,1h,3,,,,,S27",
        "B-3,Referral programme,ana,5h,2,,,,leads,backlog",
    )
    known.run("import", known.tasks(*rows), "--sprint", "S27")
    return known


def order(team):
    return [task.id for _, task in list_backlog(team.open()).tasks]


def test_the_backlog_is_ranked_by_hand_and_stays_so(backlog):
    assert order(backlog) == ["B-1", "B-2", "B-3"]
    rank_in_backlog(backlog.open(), "b-3", above="B-1")
    assert order(backlog) == ["B-3", "B-1", "B-2"]
    rank_in_backlog(backlog.open(), "B-3", below="B-1")
    assert order(backlog) == ["B-1", "B-3", "B-2"]
    rank_in_backlog(backlog.open(), "B-2", top=True)
    edited(backlog, "B-1", estimate="3h")
    assert order(backlog) == ["B-2", "B-1", "B-3"]
    assert list(tasks_of(backlog)) == ["T-1", "T-2", "T-3", "B-2", "B-1", "T-4", "B-3"]


def test_the_backlog_as_it_is_shown(backlog):
    assert backlog.run("--as", "ana", "backlog").out.splitlines() == [
        "backlog",
        "  1  B-1  Logo wall, Ana Ruiz, 2h, priority 4",
        "  3  B-3  Referral programme, Ana Ruiz, 5h, priority 2, for leads",
        "2 tasks, 7h; 1 task of others",
    ]
    ran = backlog.run("backlog", "rank", "B-3", "--top", "--format", "json")
    assert ran.json["moved"] == "B-3"
    assert [(one["rank"], one["task"]) for one in ran.json["tasks"]] == [
        (1, "B-3"), (2, "B-1"), (3, "B-2"),
    ]  # fmt: skip


def test_only_what_waits_in_the_backlog_is_ranked(backlog):
    with pytest.raises(Refused, match="T-4 “Recap” is in S27, not in the backlog"):
        rank_in_backlog(backlog.open(), "T-4", top=True)
    with pytest.raises(WrongUse, match="B-1 cannot stand above or below itself"):
        rank_in_backlog(backlog.open(), "B-1", above="B-1")
    ran = backlog.run("backlog", "rank", "B-1", "--top", "--below", "B-2")
    assert (ran.code, ran.err) == (2, "say where to: one of --above TASK, --below TASK, --top\n")
    assert order(backlog) == ["B-1", "B-2", "B-3"]
