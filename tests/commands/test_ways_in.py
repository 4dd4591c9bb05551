"""The recorded ways in: what an accepted sprint allows, each on record, nothing right moved.

Ana has T-1 (3h, Monday 09:00-11:00 and 13:00-14:00) and T-2 (2h), Ben has T-3; S28 and the backlog
hold more for each.
"""

from datetime import timedelta

import pytest

from blocker.commands.accept import Asked, accept
from blocker.commands.add_task import add_task
from blocker.commands.amending import carry_out
from blocker.commands.at_the_gate import Late
from blocker.commands.away import away, time_away
from blocker.commands.backlog import rank_in_backlog
from blocker.commands.close import close, preview
from blocker.commands.done import done, reopen
from blocker.commands.fix import fix
from blocker.commands.missed import missed
from blocker.commands.more import more
from blocker.commands.pull import offers, pull
from blocker.commands.quarter import add_outcome
from blocker.commands.reassign import candidates, reassign
from blocker.commands.swap import swap
from blocker.commands.task_changes import drop_task, edit_task
from blocker.commands.verifying import faults_in
from blocker.domain.closing import Decision, Fate, Whither
from blocker.domain.commitment import AmendmentKind as Kind
from blocker.domain.errors import Refused, WrongInput, WrongUse
from blocker.domain.finding import Code, Severity
from blocker.domain.plan import RemedyKind
from blocker.domain.sprint import SprintState
from blocker.domain.task import TaskState
from blocker.intake.closing_plan import read_closing_plan
from tests.team import Team, meeting

HOUR = timedelta(hours=1)
ROWS = (
    "T-1,Landing page,ana,3h,1,,,,leads,",
    "T-2,Blog post,ana,2h,3,,,T-1,brand,",
    "T-3,Report,ben,1h,2,,,,leads,",
    "T-4,Newsletter,ana,1h30,2,W1 Wed,,,leads,S28",
    "T-5,Logo wall,ana,30m,4,,,,brand,backlog",
    "T-6,Everything,ana,90h,4,,,,brand,backlog",
    "T-7,Budget,ben,1h,4,,,,leads,backlog",
)
TUESDAY = "2027-01-05T08:00"


@pytest.fixture
def team(team) -> Team:
    team.booked(*ROWS)
    accept(team.open(asker="ben"), Asked())
    return team


def tasks_of(team: Team):
    with team.open().store(rehearse=True) as store:
        return {name: one.task for name, one in store.tasks().items()}


def amendments(team: Team):
    with team.open().store(rehearse=True) as store:
        return store.amendments(27)


def kinds(team: Team) -> list[tuple[Kind, str | None]]:
    return [(one.kind, one.task) for one in amendments(team)]


def everything(team: Team):
    """What must not change when the answer is no."""
    with team.open().store(rehearse=True) as store:
        kept = (store.tasks(), store.amendments(), store.sprint_states(), store.receipts())
    return kept, team.blocks("ana"), team.blocks("ben")


@pytest.fixture(autouse=True)
def on_record(request, team):
    """Whatever a test did, each change of the accepted sprint is on record."""
    yield
    with team.open().store(rehearse=True) as store:
        assert faults_in(store, team.open().team) == []


def codes(team: Team, now: str | None = None) -> set[str]:
    report = team.audited(now, sprint_word="S27")
    return {
        one.code.value
        for member in report.members
        for one in member.findings
        if one.severity is not Severity.INFO
    }


def test_more_is_booked_in_free_time_and_nothing_else_moves(team):
    before = team.standing()
    booking = more(team.open(asker="ana"), "T-2", HOUR, "the client sent changes")
    after = team.standing()
    assert {key: after[key] for key in before} == before
    assert len(after) == len(before) + 1
    assert booking.fits
    (record,) = amendments(team)
    assert (record.kind, record.minutes, record.by) == (Kind.MORE, HOUR, "ana")
    assert record.because == "the client sent changes"
    assert codes(team) == set()


def test_more_than_there_is_room_for_is_recorded_all_the_same_and_said(team):
    ran = team.run("--as", "ana", "more", "T-1", "90h", "--because", "it grew", "--format", "json")
    assert ran.code == 1
    assert ran.json["at_risk"] == ["T-1"]
    assert [one["kind"] for one in ran.json["amendments"]] == ["more"]
    assert tasks_of(team)["T-1"].estimate == 93 * HOUR
    assert "short" in codes(team)


def test_done_frees_what_is_to_come_moves_nothing_and_says_who_could_start(team):
    later = team.standing()["T-2/1"]
    booking = done(team.open("2027-01-04T11:30"), "T-1", 4 * HOUR)
    standing = team.standing()
    assert set(standing) == {"T-1/1", "T-2/1"}
    assert standing["T-2/1"] == later
    assert any("T-2 “Blog post” (Ana) waited for it" in note for note in booking.notes)
    with team.open().store(rehearse=True) as store:
        (kept,) = store.completions()
    assert (kept.task, kept.took, kept.estimate) == ("T-1", 4 * HOUR, 3 * HOUR)
    assert kinds(team) == [(Kind.DONE, "T-1")]


def test_what_is_not_done_after_all_is_booked_again(team):
    done(team.open(asker="ana"), "T-1")
    assert "T-1/1" not in team.standing()
    reopen(team.open(asker="ana"), "T-1")
    assert {"T-1/1", "T-1/2"} <= set(team.standing())
    assert kinds(team) == [(Kind.DONE, "T-1"), (Kind.REOPENED, "T-1")]
    with team.open().store(rehearse=True) as store:
        assert store.completions() == []
    with pytest.raises(Refused, match="is not done but open"):
        reopen(team.open(), "T-1")


def test_done_without_a_word_took_the_time_of_its_blocks_so_far(team):
    done(team.open("2027-01-04T11:30"), "T-1")
    with team.open().store(rehearse=True) as store:
        assert store.completions()[0].took == 2 * HOUR


def test_a_check_mark_before_a_blocks_title_says_done(team):
    text = team.blocks("ana").replace("SUMMARY:Blog post", "SUMMARY:✅ Blog post", 1)
    team.write("out/ana.ics", text)
    (ana, _) = team.audited(sprint_word="S27").members
    assert [one.state for one in ana.tasks] == [TaskState.OPEN, TaskState.DONE]
    booking = team.booked(now="2027-01-04T08:30", sprint="S27")
    assert tasks_of(team)["T-2"].state is TaskState.DONE
    assert any("T-2 “Blog post” was checked off" in note for note in booking.notes)
    assert not any(key.startswith("T-2") for key in team.standing())


def test_a_missed_block_no_longer_counts_and_its_time_is_booked_anew(team):
    past = team.standing()["T-1/1"]
    booking = missed(team.open(TUESDAY, "ana"), "T-1", "1/2", "the call took all morning")
    assert booking.fits
    standing = team.standing()
    assert standing["T-1/1"] == past
    assert sum((span.length for key, span in standing.items() if key[:3] == "T-1"), 0 * HOUR) == (
        5 * HOUR
    )
    assert not team.audited(TUESDAY, sprint_word="S27").members[0].tasks[0].findings
    (record,) = amendments(team)
    assert (record.kind, record.span) == (Kind.MISSED, past)
    with pytest.raises(Refused, match="no past block 1/2 that counts"):
        missed(team.open(TUESDAY, "ana"), "T-1", "1/2")


def test_a_block_made_by_hand_is_numbered_after_those_of_the_plan(team):
    team.calendar("ana", meeting("4 08:00", "4 09:00").replace("Private meeting", "T-1 early"))
    named = r"3 past blocks: say which; there are 1 \(.* 09:00.*\), 2 .*, 3 \(.* 08:00"
    with pytest.raises(WrongUse, match=named):
        missed(team.open(TUESDAY), "T-1")
    missed(team.open(TUESDAY, "ana"), "T-1", "3")
    (record,) = amendments(team)
    assert record.span.start.hour == 7


def test_one_block_is_missed_once_by_the_time_of_it_that_counted(team, monkeypatch):
    from blocker.commands import missed as job

    team.calendar("ana", meeting("4 10:30", "4 11:30"))
    block = job._past_block(team.open(TUESDAY), tasks_of(team)["T-1"], "1")
    missed(team.open(TUESDAY, "ana"), "T-1", "1")
    monkeypatch.setattr(job, "_past_block", lambda *_: block)  # seen before the other was done
    with pytest.raises(Refused, match="somebody said meanwhile that this block of T-1 was missed"):
        missed(team.open(TUESDAY, "ana"), "T-1", "1")
    (record,) = amendments(team)
    assert record.minutes == 1.5 * HOUR


@pytest.mark.parametrize(
    "way",
    [
        lambda workspace: missed(workspace, "T-1"),
        lambda workspace: done(workspace, "T-1"),
        lambda workspace: more(workspace, "T-1", HOUR, "it grew"),
    ],
)
def test_a_task_whose_owner_has_left_is_to_be_given_away_or_dropped(team, way):
    team.write(
        "config.yaml", (team.folder / "config.yaml").read_text().replace("id: ana", "id: eva")
    )
    before = everything(team)
    with pytest.raises(Refused, match=r"T-1 .* belongs to ana, who is not in the team; .* drop it"):
        way(team.open(TUESDAY, "ben"))
    assert everything(team) == before


def test_which_block_was_missed_must_be_plain(team):
    with pytest.raises(WrongUse, match=r"2 past blocks: say which; there are 1 .*, 2 "):
        missed(team.open(TUESDAY), "T-1")
    with pytest.raises(WrongUse, match="'one' is no part"):
        missed(team.open(TUESDAY), "T-1", "one")
    with pytest.raises(Refused, match="no past block"):
        missed(team.open(), "T-1")


def test_what_is_left_of_a_task_changes_hands(team):
    now = "2027-01-04T11:30"
    assert [one.id for one, _ in candidates(team.open(now), "T-1").members] == ["ben"]
    reassign(team.open(now, "ana"), "T-1", "ben", "sick")
    task = tasks_of(team)["T-1"]
    assert (task.owner, task.estimate) == ("ben", HOUR)
    assert set(team.standing("ben")) == {"T-1/1", "T-3/1"}
    assert set(team.standing("ana")) == {"T-1/1", "T-2/1"}
    assert kinds(team) == [(Kind.REASSIGNED, "T-1")]


def test_a_swap_lets_in_no_more_than_leaves(team):
    with pytest.raises(Refused, match="T-6 needs 90h, and only 2h leave with T-2"):
        swap(team.open(asker="ben"), ["T-2"], "T-6", "press date")
    swap(team.open(asker="ben"), ["T-2"], "T-4", "press date", asked_by="CEO")
    tasks = tasks_of(team)
    assert (tasks["T-2"].sprint, tasks["T-4"].sprint) == (28, 27)
    assert {key[:3] for key in team.standing()} == {"T-1", "T-4"}
    assert kinds(team) == [(Kind.SWAPPED_OUT, "T-2"), (Kind.SWAPPED_IN, "T-4")]
    assert amendments(team)[0].asked_by == "CEO"


def test_time_away_moves_its_blocks_at_once_and_stays_known(team):
    workspace = team.open(asker="ana")
    off = time_away(workspace, "ana", "today")
    away(workspace, "ana", off, "dentist")
    assert all(not span.overlaps(off[0]) for span in team.standing().values())
    assert codes(team) == {"moved"}
    team.booked(
        "T-9,New,ana,1h,1,W1 Mon,,,leads,S27",
        now="2027-01-04T08:00",
        late=Late(route=True, asked_by="CEO"),
    )
    assert kinds(team)[0] == (Kind.AWAY, None)


def test_what_finds_no_room_beside_time_away_is_carried_where_that_is_asked_for(team):
    workspace = team.open(asker="ben")
    off = time_away(workspace, "ana", "4..17 Jan")
    shown = away(workspace, "ana", off, "sick", dry_run=True)
    assert not shown.fits
    away(workspace, "ana", off, "sick", carry=True)
    assert {name: task.sprint for name, task in tasks_of(team).items() if task.owner == "ana"} == {
        "T-1": 28,
        "T-2": 28,
        "T-4": 28,
        "T-5": None,
        "T-6": None,
    }
    assert team.standing() == {}
    assert kinds(team) == [(Kind.AWAY, None), (Kind.CARRIED, "T-1"), (Kind.CARRIED, "T-2")]


def test_pull_offers_the_next_sprint_first_and_takes_what_fits(team):
    found = offers(team.open(asker="ana"))
    assert [(one.task.id, one.fits) for one in found.offers] == [
        ("T-4", True),
        ("T-5", True),
        ("T-6", False),
    ]
    before = team.standing()
    pull(team.open(asker="ana"), "T-4")
    task = tasks_of(team)["T-4"]
    assert (task.sprint, task.state) == (27, TaskState.PULLED)
    assert str(task.due) == "2027-01-20"
    after = team.standing()
    assert {key: after[key] for key in before} == before
    assert "T-4/1" in after
    assert kinds(team) == [(Kind.PULLED, "T-4")]
    assert codes(team) == set()


def test_a_remedy_in_an_accepted_sprint_is_recorded(team):
    booking = more(team.open(asker="ana"), "T-2", 90 * HOUR, "it grew")
    (lack,) = booking.members[0].unbooked
    assert RemedyKind.EXTEND_DUE not in {one.kind for one in lack.remedies}
    number = [one.kind for one in lack.remedies].index(RemedyKind.SHORTEN) + 1
    fix(team.open(asker="ana"), "T-2", number)
    assert kinds(team) == [(Kind.MORE, "T-2"), (Kind.LOWERED, "T-2")]


def test_book_heals_what_was_deleted_or_overrun_and_leaves_what_a_person_moved(team):
    there = team.standing()
    team.calendar("ana", meeting("4 14:30", "4 16:00"))
    team.edit("ana", "20270104T130000", "20270105T150000")
    team.edit("ana", "20270104T140000", "20270105T160000")
    team.delete("ben", "T-3")
    assert codes(team) == {"moved", "conflict", "short", "deleted", "missing", "out_of_order"}
    now = "2027-01-04T08:30"
    shown = team.booked(now=now, sprint="S27", dry_run=True)
    booking = team.booked(now=now, sprint="S27")
    assert [one.changes for one in shown.members] == [one.changes for one in booking.members]
    after = team.standing()
    assert after["T-1/1"] == there["T-1/1"]
    assert after["T-1/2"].start == there["T-1/2"].start + 26 * HOUR
    assert after["T-2/1"].start >= after["T-1/2"].end
    assert any("you deleted Mon 4 Jan" in said for said in booking.members[1].warnings)
    assert codes(team, now) == {"moved"}


class TestClose:
    AT = "2027-01-15T17:00"

    def test_what_is_unfinished_goes_on_with_what_is_left_and_the_record_is_kept(self, team):
        done(team.open("2027-01-04T11:30", "ana"), "T-1")
        pull(team.open("2027-01-04T12:00", "ana"), "T-5")
        shown = preview(team.open(self.AT))
        assert {one.task.id: one.proposal.to for one in shown.unfinished} == {
            "T-2": Whither.DONE,
            "T-3": Whither.DONE,
            "T-5": Whither.DONE,
        }
        decisions = {
            "T-2": Decision(Whither.NEXT, HOUR),
            "T-3": Decision(Whither.DONE),
            "T-5": Decision(Whither.BACKLOG, HOUR / 2),
        }
        closing = close(team.open(self.AT, "ben"), None, decisions)
        assert {one.id: one.fate for one in closing.tasks} == {
            "T-1": Fate.DONE,
            "T-2": Fate.CARRIED,
            "T-3": Fate.DONE,
            "T-5": Fate.CARRIED,
        }
        assert closing.promised == 6 * HOUR
        tasks = tasks_of(team)
        assert (tasks["T-2"].sprint, tasks["T-2"].estimate) == (28, HOUR)
        assert (tasks["T-5"].sprint, tasks["T-5"].state) == (None, TaskState.OPEN)
        with team.open().store(rehearse=True) as store:
            assert store.closings()[27] == closing
            assert store.sprint_states()[27] is SprintState.CLOSED
        with pytest.raises(Refused, match="S27 was closed already by Ben Carter, Fri 15 Jan"):
            close(team.open(self.AT, "ben"), "S27", {})

    def test_nothing_is_closed_while_a_task_is_undecided(self, team):
        kept = everything(team)
        ran = team.run("--as", "ben", "close", "S27", now=self.AT)
        assert ran.code == 1
        assert "T-1, T-2, T-3" in ran.err
        assert "close S27 --preview" in ran.err
        assert everything(team) == kept

    def test_what_the_preview_writes_says_nothing_that_only_an_owner_knows(self, team):
        shown = team.run("close", "--preview", "--format", "csv", now=self.AT)
        plan = team.write("plan.csv", shown.out)
        ran = team.run("--as", "ben", "close", "--plan", str(plan), now=self.AT)
        assert ran.code == 3
        assert "plan.csv:2: to: says not where it goes" in ran.err
        filled = shown.out.replace(",120m,120m,,", ",120m,120m,1h,next")
        plan = team.write("plan.csv", filled.replace("m,,\n", "m,,done\n"))
        ran = team.run("--as", "ben", "close", "--plan", str(plan), "--format", "json", now=self.AT)
        assert ran.code == 0, ran.err
        assert {one["task"]: one["fate"] for one in ran.json["tasks"]} == {
            "T-1": "done",
            "T-2": "carried",
            "T-3": "done",
        }

    def test_all_mistakes_of_a_plan_at_once(self, team):
        rows = "id,remaining,to\nT-1,,next\nT-1,1h,next\nT-8,1h,next\nT-2,1h,somewhere\n"
        plan = team.write("plan.csv", rows)
        with pytest.raises(WrongInput) as told:
            read_closing_plan(plan, ["T-1", "T-2", "T-3"])
        assert [str(one).removeprefix(f"{plan}:") for one in told.value.mistakes] == [
            "1: says nothing of T-3; add a row for each",
            "2: remaining: is empty; write it as 90m, 2h, 1h30, 1:30 or 2.5h",
            "3: id: T-1 stands twice; keep one of the two",
            '4: id: "T-8" is no unfinished task of it; did you mean T-3?',
            '5: to: "somewhere" is no place; write next, backlog, done or drop',
        ]

    def test_it_is_a_managers_and_only_when_there_is_something_to_close(self, team):
        with pytest.raises(WrongUse, match="close needs to know who decides"):
            close(team.open(self.AT), None, {})
        with pytest.raises(Refused, match="close is for a manager"):
            close(team.open(self.AT, "ana"), None, {})
        with pytest.raises(Refused, match="S28 begins Mon 18 Jan"):
            close(team.open(self.AT, "ben"), "S28", {})
        with pytest.raises(Refused, match="S27 begins"):
            close(team.open("2027-01-03T09:00", "ben"), "S27", {})


@pytest.mark.parametrize(
    ("way", "words", "kind"),
    [
        (lambda one: more(one("ana"), "T-1", HOUR, None), "more needs its reason", WrongUse),
        (lambda one: more(one("ana"), "T-3", HOUR, "x"), "T-3 “Report” is Ben Carter's", Refused),
        (lambda one: more(one("ana"), "T-5", HOUR, "x"), "is in the backlog", Refused),
        (lambda one: more(one("ana"), "T-0", HOUR, "x"), "there is no task 'T-0'", WrongUse),
        (lambda one: done(one("ana"), "T-3"), "not yours", Refused),
        (lambda one: swap(one("ana"), ["T-2"], "T-4", "x"), "swap is for a manager", Refused),
        (lambda one: swap(one(None), ["T-2"], "T-4", "x"), "needs to know who", WrongUse),
        (lambda one: swap(one("ben"), ["T-2"], "T-1", "x"), "is in S27 already", Refused),
        (lambda one: swap(one("ben"), ["T-2"], "T-4", " "), "swap needs its reason", WrongUse),
        (lambda one: pull(one("ana"), "T-7"), "T-7 “Budget” is Ben Carter's", Refused),
        (lambda one: pull(one("ana"), "T-1"), "is in S27 already", Refused),
        (lambda one: pull(one("ana"), "T-6"), "does not fit into S27", Refused),
        (lambda one: reassign(one("ana"), "T-1", "eve"), "nobody in the team", WrongUse),
        (lambda one: reassign(one("ana"), "T-1", "ana"), "Ana Ruiz's already", Refused),
        (lambda one: reassign(one("ana"), "T-3", "ana"), "not yours", Refused),
        (lambda one: time_away(one("ana"), "ana", "soon"), "is no time off", WrongUse),
        (
            lambda one: away(one("ana"), "ben", time_away(one("ana"), "ben", "5 Jan")),
            "Ben Carter or a manager says when",
            Refused,
        ),
        (
            lambda one: away(one("ana"), "ana", time_away(one("ana"), "ana", "1 Jan 2027")),
            "that time is past",
            Refused,
        ),
    ],
)
def test_bad_input_is_a_sentence_and_changes_nothing(team, way, words, kind):
    kept = everything(team)
    with pytest.raises(kind, match=words):
        way(lambda asker: team.open(asker=asker))
    assert everything(team) == kept


def test_the_wrong_way_is_told_the_right_one(team):
    rows = ("T-1,Landing page,ana,9h,1,,,,leads,", "T-2,Blog post,ben,2h,3,,,T-1,brand,")
    with pytest.raises(Refused) as told:
        team.booked(*rows)
    assert "blocker more T-1 6h --because TEXT" in str(told.value)
    assert "blocker reassign T-2 ben" in str(told.value)
    assert Code.DELETED not in codes(team)


class TestCheckMarks:
    def check_off(self, team, title):
        team.edit("ana", f"SUMMARY:{title}", f"SUMMARY:✓ {title}")

    def test_what_is_checked_off_before_acceptance_is_done_and_not_promised(self, team):
        team.booked("T-8,Poster,ana,1h,1,,,,,S29", sprint="S29", now="2027-02-01T08:00")
        team.booked("T-9,Flyer,ben,1h,1,,,,,S29", sprint="S29", now="2027-02-01T08:00")
        with team.open().store() as store, store.transaction():
            for name in ("T-1", "T-2", "T-3", "T-4"):
                store.remove_tasks([name])
            store.set_sprint_state(27, SprintState.CLOSED)
        self.check_off(team, "Poster")
        answer = accept(team.open("2027-02-01T08:00", "ben"), Asked("S29"))
        assert [one.id for one in answer.commitment.tasks] == ["T-9"]
        assert tasks_of(team)["T-8"].state is TaskState.DONE

    def test_what_is_checked_off_at_the_end_is_done(self, team):
        self.check_off(team, "Blog post")
        shown = preview(team.open(TestClose.AT))
        assert [one.task.id for one in shown.unfinished] == ["T-1", "T-3"]
        rest = {"T-1": Decision(Whither.DONE), "T-3": Decision(Whither.DONE)}
        closing = close(team.open(TestClose.AT, "ben"), None, rest)
        assert all(one.fate is Fate.DONE for one in closing.tasks)
        assert tasks_of(team)["T-2"].state is TaskState.DONE
        with team.open().store(rehearse=True) as store:
            assert {one.task for one in store.completions()} == {"T-1", "T-2", "T-3"}


class TestMeanwhile:
    """What somebody else does between the first look and the lock."""

    def test_a_task_that_was_dropped_is_not_swapped_in(self, team, monkeypatch):
        def and_somebody_drops_it(*words, **more):
            drop_task(team.open(asker="ben"), "T-4", "no")
            return carry_out(*words, **more)

        monkeypatch.setattr("blocker.commands.swap.carry_out", and_somebody_drops_it)
        with pytest.raises(Refused, match="T-4 “Newsletter” is dropped already"):
            swap(team.open(asker="ben"), ["T-2"], "T-4", "press date")
        assert kinds(team) == []

    def test_a_pull_that_no_longer_fits_changes_nothing(self, team):
        fresh = "T-10,Filler,ana,54h,4,,,,,backlog"
        team.booked(fresh, sprint="S28")
        kept = everything(team)
        team.calendar("ana", meeting("5 09:00", "15 17:00"))
        with pytest.raises(Refused, match="does not fit into S27"):
            pull(team.open(asker="ana"), "T-10")
        assert everything(team) == kept


def test_nothing_is_sent_into_a_sprint_that_is_accepted(team):
    """S28 is accepted although S27 runs: what leaves S27 goes to S29."""
    with team.open().store() as store, store.transaction():
        store.set_sprint_state(28, SprintState.ACCEPTED)
    swapped = swap(team.open(asker="ben"), ["T-2"], "T-5", "press date")
    assert swapped.fits
    assert tasks_of(team)["T-2"].sprint == 29
    with pytest.raises(Refused, match="T-4 “Newsletter” belongs to S28, which is accepted"):
        swap(team.open(asker="ben"), ["T-1"], "T-4", "press date")
    with team.open().store() as store, store.transaction():
        store.set_sprint_state(28, SprintState.PLANNED)


def test_a_row_of_a_task_that_is_done_changes_nothing_any_more(team):
    done(team.open(asker="ana"), "T-1")
    team.booked("T-1,Landing page,ana,9h,1,,,,leads,")
    assert tasks_of(team)["T-1"].estimate == 3 * HOUR


def test_time_that_a_lowered_task_no_longer_needs_is_freed(team):
    edit_task(team.open(asker="ana"), "T-1", {"estimate": "2h"})
    team.booked(sprint="S27")
    assert set(team.standing()) == {"T-1/1", "T-2/1"}
    assert "short" not in codes(team)


def test_a_late_request_is_on_record_wherever_it_waits(team):
    add_task(
        team.open(asker="ana"),
        {"title": "Flash sale", "owner": "ana", "estimate": "2h"},
        Late(route=True, asked_by="CEO"),
    )
    (record,) = amendments(team)
    assert (record.kind, record.task, record.asked_by) == (Kind.ROUTED, "flash-sale", "CEO")


def test_a_command_about_the_next_sprint_says_that_an_accepted_one_runs(team):
    booking = team.booked(dry_run=True)
    assert booking.sprint.name == "S28"
    assert "this is about S28; S27 runs and is accepted: for it, add --sprint current" in (
        booking.notes
    )


def test_a_part_of_a_task_is_known_by_its_name(team):
    rows = ("T-1,Landing page,ana,1h,1,,,,leads,", "T-12,Pet project,ana,2h,1,,,,leads,")
    with pytest.raises(Refused, match="T-12 “Pet project” is new"):
        team.booked(*rows, sprint="S27")
    team.booked(rows[0], "T-1b,Second half,ana,2h,1,,,,leads,", sprint="S27")
    assert (Kind.SPLIT, "T-1b") in kinds(team)


@pytest.mark.parametrize(
    "way",
    [
        lambda ana: more(ana, "T-3", HOUR, "x"),
        lambda ana: done(ana, "T-3"),
        lambda ana: reopen(ana, "T-3"),
        lambda ana: missed(ana, "T-3"),
        lambda ana: reassign(ana, "T-3", "ana"),
        lambda ana: pull(ana, "T-7"),
        lambda ana: swap(ana, ["T-2"], "T-4", "x"),
        lambda ana: away(ana, "ben", time_away(ana, "ben", "5 Jan")),
        lambda ana: fix(ana, "T-3", 1),
        lambda ana: edit_task(ana, "T-3", {"title": "Mine"}, "x"),
        lambda ana: drop_task(ana, "T-3", "x"),
        lambda ana: rank_in_backlog(ana, "T-7", top=True),
        lambda ana: add_outcome(ana, "mine", "My own"),
        lambda ana: accept(ana, Asked("S28")),
        lambda ana: close(ana, "S27", {}),
    ],
)
def test_a_marketer_changes_only_what_is_theirs(team, way):
    kept = everything(team)
    with pytest.raises(Refused, match=r"not yours|for a manager|or a manager"):
        way(team.open(TUESDAY, "ana"))
    assert everything(team) == kept


def test_time_away_that_reaches_into_the_next_sprint_says_what_to_run(team):
    workspace = team.open("2027-01-14T08:00", "ana")
    off = time_away(workspace, "ana", "15..19 Jan")
    booking = away(workspace, "ana", off, "flu")
    assert "It reaches into S28: blocker book --sprint S28 --for ana" in booking.notes


class TestReserve:
    """Half of each week is kept free; then a fair takes three days of it."""

    @pytest.fixture
    def tight(self, team) -> Team:
        from tests.team import CONFIG

        team.write("config.yaml", CONFIG.replace("sprints:", "  blocks: {reserve: 50%}\nsprints:"))
        return team

    def test_healing_may_use_it_and_pull_may_not(self, tight):
        rows = (
            "U-1,Big,ana,12h,1,W1 Fri,,,,S29",
            "U-2,More,ana,1h,2,W1 Fri,,,,backlog",
        )
        monday = "2027-02-01T08:00"
        tight.booked(*rows, now=monday, sprint="S29")
        with tight.open().store() as store, store.transaction():
            store.set_sprint_state(29, SprintState.ACCEPTED)
        tight.calendar("ana", _day_off_meeting())
        (member, _) = tight.booked(now=monday, sprint="S29").members
        assert not member.unbooked
        found = offers(tight.open(monday, "ana"))
        assert {one.task.id: one.fits for one in found.offers}["U-2"] is False
        with tight.open().store() as store, store.transaction():
            store.set_sprint_state(29, SprintState.PLANNED)
            store.remove_tasks(["U-1", "U-2"])


def _day_off_meeting() -> str:
    return (
        "DTSTART;TZID=Europe/Paris:20270201T090000\nDTEND;TZID=Europe/Paris:20270203T170000\n"
        "SUMMARY:Fair"
    )
