"""The freeze: an accepted sprint lets nothing new in, and what it allows goes on record."""

from datetime import timedelta

import pytest

from blocker.commands.add_task import add_task
from blocker.commands.at_the_gate import Late
from blocker.commands.import_tasks import import_tasks
from blocker.domain.commitment import AmendmentKind
from blocker.domain.errors import Refused
from blocker.domain.sprint import SprintState
from blocker.domain.task import TaskState

HOUR = timedelta(hours=1)
# id, title, owner, estimate, priority, due, not_before, after, outcome, sprint
PAGE = "T-1,Landing page,ana,2h,1,W2 Wed,,,leads,"
POST = "T-2,Blog post,ana,4h,3,,,,brand,"
BUDGET = "T-3,Budget,ben,3h,2,W1 Fri,,,leads,"
ROWS = (PAGE, POST, BUDGET)


@pytest.fixture
def frozen(team):
    """S27 has three tasks and is accepted."""
    taken_in(team, *ROWS)
    set_state(team, SprintState.ACCEPTED)
    return team


def set_state(team, state, sprint=27):
    with team.open().store() as store, store.transaction():
        store.set_sprint_state(sprint, state)


def taken_in(team, *rows, asker=None, sprint="S27", **more):
    file = team.folder / team.tasks(*rows)
    return import_tasks(team.open(asker=asker), file, sprint, **more).taken


def tasks_of(team):
    with team.open().store(rehearse=True) as store:
        return {name: one.task for name, one in store.tasks().items()}


def amendments(team):
    with team.open().store(rehearse=True) as store:
        return store.amendments()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "T-9,Press release,ana,5h,1,,,,,",
            "T-9 “Press release” is new, and S27 is accepted: 5h would displace T-2, T-1 "
            "(brand, leads)",
        ),
        (
            PAGE.replace("2h", "3h30"),
            "T-1 “Landing page” would grow by 1h30, and S27 is accepted; record it with: "
            "blocker more T-1 1h30 --because TEXT",
        ),
        (
            PAGE.replace("ana", "ben"),
            "T-1 “Landing page” would change hands, and S27 is accepted; record it with: "
            "blocker reassign T-1 ben",
        ),
        (
            PAGE.replace("W2 Wed", "W2 Thu"),
            "T-1 “Landing page” is promised by W2 Wed, and S27 is accepted; if it cannot be met: "
            "blocker task edit T-1 --sprint S28 --because TEXT, or: "
            "blocker swap --out T-1 --in TASK --because TEXT",
        ),
    ],
)
def test_what_an_accepted_sprint_refuses_and_the_way_that_is_open(frozen, row, said):
    before = tasks_of(frozen)
    with pytest.raises(Refused) as refused:
        taken_in(frozen, row, "T-8,Not for this sprint,ben,1h,3,,,,,S28")
    where, _, rest = str(refused.value).splitlines()[0].partition(": ")
    assert where.endswith("tasks.csv:2")
    assert rest == said
    assert tasks_of(frozen) == before
    assert amendments(frozen) == []


def test_all_refused_rows_are_named_at_once_with_what_to_do_and_what_to_say(frozen):
    rows = (*ROWS, "T-8,Teaser,ana,1h,3,,,,,", "T-9,Leaflet,ben,2h,3,,,,,")
    ran = frozen.run(
        "import", frozen.tasks(PAGE.replace("2h", "3h"), *rows[1:]), "--asked-by", "CEO",
        "--sprint", "S27",
    )  # fmt: skip
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines() == [
        "tasks.csv:2: T-1 “Landing page” would grow by 1h, and S27 is accepted; record it with: "
        "blocker more T-1 1h --because TEXT",
        "tasks.csv:5: T-8 “Teaser” is new, and S27 is accepted: 1h would displace T-2 (brand)",
        "tasks.csv:6: T-9 “Leaflet” is new, and S27 is accepted: 2h would displace T-3 (leads)",
        "nothing was taken in; new tasks go to S28 with --sprint S28 (or by themselves with "
        "--route --asked-by NAME), or to the backlog: write backlog into their column sprint",
        "to pass on: Hi CEO, the hours of S27 are promised until Sun 17 Jan. “Teaser”, “Leaflet” "
        "can be part of S28, which begins Mon 18 Jan. If it cannot wait, tell us what to leave out "
        "for it.",
    ]


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        ([PAGE.replace("2h", "1h30")], {"T-1": AmendmentKind.LOWERED}),
        ([PAGE.replace("Landing", "Home")], {"T-1": AmendmentKind.RETITLED}),
        ([PAGE.replace("W2 Wed", "W2 Mon")], {"T-1": AmendmentKind.CHANGED}),
        ([POST.replace("brand", "leads")], {"T-2": AmendmentKind.CHANGED}),
        (
            [POST.replace("4h", "1h30"), "T-2b,Pictures for it,ana,2h30,3,,,,brand,"],
            {"T-2": AmendmentKind.LOWERED, "T-2b": AmendmentKind.SPLIT},
        ),
    ],
)
def test_what_takes_nothing_from_anybody_goes_on_record(frozen, rows, kinds):
    taken_in(frozen, *rows, asker="ana")
    made = amendments(frozen)
    assert {one.task: one.kind for one in made} == kinds
    assert {(one.sprint, one.by, one.at.isoformat()) for one in made} == {
        (27, "ana", "2027-01-04T07:00:00+00:00")
    }


def test_parts_of_another_sum_are_new_tasks(frozen):
    more = [POST.replace("4h", "2h"), "T-2b,Pictures for it,ana,2h30,3,,,,brand,"]
    with pytest.raises(Refused, match="T-2b “Pictures for it” is new"):
        taken_in(frozen, *more)
    assert tasks_of(frozen)["T-2"].estimate == 4 * HOUR


def test_an_unchanged_row_is_never_refused_whatever_was_edited_since(frozen):
    frozen.run("task", "edit", "T-1", "--estimate", "1h")
    assert taken_in(frozen, *ROWS).changed == ()
    assert tasks_of(frozen)["T-1"].estimate == HOUR


def test_done_and_dropped_tasks_of_it_stay_as_they_are(frozen):
    with frozen.open().store() as store, store.transaction():
        known = store.tasks()
        for name, state in (("T-1", TaskState.DONE), ("T-2", TaskState.DROPPED)):
            object.__setattr__(known[name].task, "state", state)
        store.save_tasks(known.values())
    before = tasks_of(frozen)
    taken_in(frozen, *(f"{row}S28" for row in ROWS), prune=True)
    assert tasks_of(frozen) == before
    assert amendments(frozen) == []


def test_pruning_an_accepted_sprint_is_on_record(frozen):
    taken_in(frozen, PAGE, BUDGET, prune=True)
    (dropped,) = amendments(frozen)
    assert (dropped.kind, dropped.task, dropped.minutes) == (
        AmendmentKind.DROPPED, "T-2", -4 * HOUR,
    )  # fmt: skip


def test_a_late_request_is_routed_with_who_asked_and_without_a_due_date_that_is_over(frozen):
    rows = (*ROWS, "T-9,Press release,ana,5h,1,2027-01-12,,,,")
    ran = frozen.run(
        "import", frozen.tasks(*rows), "--sprint", "S27", "--route", "--asked-by", "CEO",
        "--format", "json",
    )  # fmt: skip
    assert ran.code == 0
    assert ran.json["routed"] == ["T-9"]
    assert ran.json["notes"] == [
        "T-9 “Press release” waits in S28, without its due date 2027-01-12, asked for by CEO"
    ]
    task = tasks_of(frozen)["T-9"]
    assert (task.sprint, task.due) == (28, None)
    (routed,) = amendments(frozen)
    assert (routed.kind, routed.sprint, routed.to, routed.asked_by) == (
        AmendmentKind.ROUTED, 27, 28, "CEO",
    )  # fmt: skip
    again = taken_in(frozen, *rows, late=Late(route=True))
    assert (again.changed, again.routed, len(amendments(frozen))) == ((), (), 1)


def test_it_waits_in_the_first_sprint_that_still_takes_tasks(frozen):
    set_state(frozen, SprintState.ACCEPTED, 28)
    late = Late(route=True)
    taken = taken_in(frozen, "T-9,Press release,ana,5h,1,,,,,", late=late)
    assert taken.tasks["T-9"].task.sprint == 29


def test_book_with_a_file_routes_what_is_late_and_books_the_rest(frozen):
    late = "T-9,Press release,ana,5h,1,,,,,"
    ran = frozen.book(frozen.tasks(*ROWS, late), "--sprint", "S27")
    assert (ran.code, ran.out) == (1, "")
    assert frozen.blocks("ana") == ""
    ran = frozen.book("tasks.csv", "--sprint", "S27", "--route", "--asked-by", "CEO")
    assert ran.code == 0
    assert {name.split("/")[0] for name in frozen.standing()} == {"T-1", "T-2"}
    assert tasks_of(frozen)["T-9"].sprint == 28
    assert [one.kind for one in amendments(frozen)] == [AmendmentKind.ROUTED]


def test_a_task_added_by_hand_meets_the_same_gate(frozen):
    words = {"title": "Press release", "owner": "ana", "estimate": "5h"}
    words |= {"due": "2027-01-12", "sprint": "S27"}
    with pytest.raises(Refused) as refused:
        add_task(frozen.open(), words, Late(asked_by="CEO"))
    assert str(refused.value).splitlines() == [
        "press-release “Press release” is new, and S27 is accepted: 5h would displace T-2, T-1 "
        "(brand, leads)",
        "nothing was added; it can go to S28 with --sprint S28 (or by itself with --route "
        "--asked-by NAME), or to the backlog with --sprint backlog",
        "to pass on: Hi CEO, the hours of S27 are promised until Sun 17 Jan. “Press release” can "
        "be part of S28, which begins Mon 18 Jan. If it cannot wait, tell us what to leave out for "
        "it.",
    ]
    assert "press-release" not in tasks_of(frozen)
    change = add_task(frozen.open(asker="ben"), words, Late(route=True, asked_by="CEO"))
    assert (change.after.sprint, change.after.due) == (28, None)
    (routed,) = amendments(frozen)
    assert (routed.kind, routed.asked_by, routed.by) == (AmendmentKind.ROUTED, "CEO", "ben")


def test_without_a_sprint_a_new_task_goes_where_there_is_room(frozen):
    words = {"title": "Teaser", "owner": "ana", "estimate": "1h"}
    assert add_task(frozen.open(), words).after.sprint == 28
    assert amendments(frozen) == []


def test_a_closed_sprint_takes_nothing_either(frozen):
    set_state(frozen, SprintState.CLOSED)
    with pytest.raises(Refused, match="is new, and S27 is closed"):
        taken_in(frozen, "T-9,Press release,ana,5h,1,,,,,")
