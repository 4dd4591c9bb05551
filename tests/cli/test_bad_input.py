"""Questions without a good answer get a plain one: what is wrong, or what has no room and why."""

from dataclasses import fields, is_dataclass, replace

import pytest

from blocker.scheduling import solving, trials
from blocker.scheduling.planner import Effort, plan
from tests.benchmarks.instances import named
from tests.scheduling.checker import check
from tests.team import CONFIG

POST = "T-1,Post,ana,2h,,,,,,"
OFF = "    time_off: [2027-01-04..2027-01-17]\n    calendars: {busy: [{ics: ana.ics}]"


def plain(text: str) -> str:
    """One line, as no terminal breaks it."""
    return " ".join(text.split())


@pytest.mark.parametrize("key", ["step", "shortest", "longest", "per_day"])
def test_lengths_and_limits_of_zero_are_refused_where_they_stand(team, key):
    team.write("config.yaml", CONFIG.replace("sprints:", f"  blocks: {{{key}: 0m}}\nsprints:"))
    done = team.run("book", team.tasks(POST))
    assert done.code == 3
    assert done.err.startswith(f'config.yaml:6: team.blocks.{key}: "0m" is no time at all')
    assert len(done.err.strip().splitlines()) == 1


def test_an_empty_calendar_is_free_time(team):
    done = team.book(team.tasks(POST))
    assert done.code == 0
    assert [one["minutes"]["busy"] for one in done.json["members"]] == [0, 0]


def test_a_file_without_a_byte_is_no_calendar(team):
    team.write("ana.ics", "")
    done = team.run("book", team.tasks(POST))
    assert (done.code, done.out) == (3, "")
    assert done.err == "ana.ics: is empty; export the calendar again\n"


def test_a_week_without_hours_is_refused(team):
    team.write("config.yaml", CONFIG.replace("{mon-fri: 09:00-12:00 13:00-17:00}", "{}"))
    done = team.run("book", team.tasks(POST))
    assert done.code == 3
    assert done.err.startswith("config.yaml:5: team.hours: leave no working hour at all; write")


def test_a_sprint_without_working_hours_says_so(team):
    """Everyone is off all of it."""
    text = CONFIG.replace("    calendars: {busy: [{ics: ana.ics}]", OFF)
    team.write("config.yaml", text.replace("mon-fri: 09:00", "sat: 09:00"))
    name = team.tasks(POST)
    done = team.run("book", name)
    assert done.code == 1
    assert "T-1 “Post”: 2h of 2h not booked: meetings or time off take all" in plain(done.out)
    assert team.run("capacity", name).code == 1
    (lack,) = team.book().json["members"][0]["unbooked"]
    assert lack["reason"] == "no_room"
    assert lack["free_minutes"] == 0


def test_a_task_longer_than_the_whole_sprint_alone_is_too_much(team):
    done = team.book(team.tasks(POST, "T-2,Everything,ana,200h,1,,,,,"))
    assert done.code == 1
    (lack,) = done.json["members"][0]["unbooked"]
    assert (lack["task"], lack["competing"], lack["needed_minutes"]) == ("T-2", [], 200 * 60)
    assert lack["free_minutes"] == 65 * 60
    # the next sprint could not hold it either
    assert "defer" not in [one["kind"] for one in lack["remedies"]]
    assert {one["task"] for one in done.json["members"][0]["blocks"]} == {"T-1"}


def test_a_task_due_when_it_may_begin_is_past_due(team):
    done = team.book(team.tasks("T-1,Post,ana,2h,,2027-01-06 12:00,2027-01-06 12:00,,,"))
    assert done.code == 1
    (lack,) = done.json["members"][0]["unbooked"]
    assert lack["reason"] == "past_due"
    assert lack["remedies"][0]["kind"] == "extend_due"


@pytest.mark.parametrize("minutes", [30, 95])
def test_500_tasks_for_one_person_are_answered_with_few_plans(team, monkeypatch, minutes):
    """Every task is booked or named; plans tried for remedies are counted, never timed."""
    plans = []
    real = trials.left_out

    def counted(*given):
        plans.append(given)
        return real(*given)

    monkeypatch.setattr(trials, "left_out", counted)
    rows = [f"T-{k:03d},Work {k},ana,{minutes}m,{1 + k % 4},,,,," for k in range(500)]
    ana = team.booked(*rows).members[0]
    booked = {change.block.task for change in ana.changes}
    lacking = {lack.task for lack in ana.unbooked}
    assert len(booked) + len(lacking) == 500
    # of half hours with a quarter between, four fit into a morning and five into an afternoon
    assert ana.minutes.booked >= 10 * 9 * 30
    assert len(plans) <= 3 * (trials.MOST_WORK // 500)
    explained = [lack for lack in ana.unbooked if lack.remedies]
    assert {one.member for lack in explained for one in lack.remedies} >= {"ben"}


def without(limits):
    """The same with nothing allowed but to make plans from nothing."""
    zeros = {
        field.name: without(value) if is_dataclass(value) else type(value)(0)
        for field in fields(limits)
        if field.name != "starts"
        for value in [getattr(limits, field.name)]
    }
    return replace(limits, **zeros)


@pytest.mark.parametrize("name", ["15-overfull-10", "8-tight-02", "team-02"])
def test_limits_of_zero_give_a_plan_that_claims_no_more_than_sums_prove(monkeypatch, name):
    question = named(name).problem
    found = {each.member: each.proven for each in plan(question)}
    monkeypatch.setitem(solving.BUDGETS, Effort.NORMAL, without(solving.BUDGETS[Effort.NORMAL]))
    plans = plan(question)
    assert not check(question, plans)
    assert all(each.new for each in plans)
    for each in plans:
        assert each.proven == found[each.member][: len(each.proven)]
        assert each.gap > 0 or each.proven == ("tasks", "blocks", "preferred")
