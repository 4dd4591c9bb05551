"""Every exit code of the contract, as the shell sees it; no traceback in any of them."""

import pytest

ROW = "T-1,Landing page,ana,2h,,,,,,"


def test_0_when_all_is_done(team):
    assert team.run("book", team.tasks(ROW)).code == 0


def test_1_when_not_everything_fits(team):
    done = team.run("book", team.tasks("T-1,Everything at once,ana,200h,,,,,,"))
    assert done.code == 1
    assert "cannot be accepted as it is" in " ".join(done.out.split())


def test_1_when_the_audit_finds_an_error(team):
    assert team.audit(team.tasks(ROW)).code == 1


@pytest.mark.parametrize(
    "words",
    [
        ["boko"],
        ["book", "--nonsense"],
        ["book", "--sprint", "whenever"],
        ["book", "--for", "nobody"],
        ["--as", "nobody", "book"],
        ["--now", "yesterday-ish", "book"],
        ["export"],
        ["audit", "--format", "pdf"],
        [],
    ],
)
def test_2_when_the_command_is_wrong(team, words):
    done = team.run(*words)
    assert done.code == 2
    assert done.err
    assert "Traceback" not in done.err


def test_2_for_the_current_sprint_before_the_first(team):
    done = team.run("book", "--sprint", "current", now="2025-06-01")
    assert done.code == 2
    assert "no sprint runs yet" in done.err


def test_3_when_the_tasks_are_wrong_and_nothing_was_done(team):
    done = team.run("book", team.tasks(ROW, "T-2,Blog,nobody,0h,,,,,,"))
    assert done.code == 3
    assert "tasks.csv:3" in done.err
    assert team.blocks("ana") == ""
    assert team.run("task", "list", "--format", "json").json["tasks"] == []


def test_3_when_the_config_is_wrong(team):
    team.write("config.yaml", "team: {nmae: x}\n")
    done = team.run("book")
    assert done.code == 3
    assert done.err.startswith("config.yaml:1: ")


def test_3_when_there_is_no_config(team):
    (team.folder / "config.yaml").unlink()
    assert team.run("book").code == 3


@pytest.mark.parametrize(
    "text", ["", "<html>sign in</html>", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"]
)
def test_3_when_a_calendar_is_broken_and_nothing_was_done(team, text):
    team.write("ben.ics", text)
    done = team.run("book", team.tasks(ROW))
    assert done.code == 3
    assert "ben.ics" in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert team.blocks("ana") == ""
    assert team.run("task", "list", "--format", "json").json["tasks"] == []


def test_a_broken_calendar_is_a_finding_of_the_audit(team):
    team.run("book", team.tasks(ROW))
    team.write("ana.ics", "<html>sign in</html>")
    done = team.audit()
    assert done.code == 1
    codes = [one["code"] for one in done.json["members"][0]["findings"]]
    assert codes == ["unreadable"]


def test_4_when_the_store_cannot_be_used_and_nothing_was_done(team):
    team.write("config.yaml", (team.folder / "config.yaml").read_text() + "store: sqlite:///s.db\n")
    team.write("s.db", "this is no database at all, but it is long enough to look at" * 20)
    done = team.run("book", team.tasks(ROW))
    assert done.code == 4
    assert done.err.startswith("store ")
    assert team.blocks("ana") == ""


def test_4_when_a_calendar_cannot_be_reached_and_the_others_are_booked(team):
    config = (team.folder / "config.yaml").read_text()
    team.write("config.yaml", config.replace("busy: [{ics: ben.ics}]", "busy: [{google: primary}]"))
    done = team.book(team.tasks(ROW, "T-2,Blog post,ben,1h,,,,,,"))
    assert done.code == 4
    assert "Ben Carter" in done.err
    ana, ben = done.json["members"]
    assert [one["change"] for one in ana["blocks"]] == ["create"]
    assert [one["reason"] for one in ben["unbooked"]] == ["unreadable"]
    assert "T-1" in team.blocks("ana")
    assert team.blocks("ben") == ""


def test_70_for_a_defect_of_ours_in_one_line(team):
    team.write(
        "sitecustomize.py", "import blocker.commands.book as b\nb.book = lambda *a, **k: 1 / 0\n"
    )
    team.environment |= {"PYTHONPATH": str(team.folder), "TMPDIR": str(team.folder)}
    done = team.run("book")
    assert done.code == 70
    assert len(done.err.strip().splitlines()) == 1
    assert "defect" in done.err
    assert "ZeroDivisionError" in team.run("-v", "book").err


def test_130_when_interrupted(team):
    team.write(
        "sitecustomize.py",
        "import blocker.commands.look as b\n"
        "import os, signal\n"
        "def stop(*a): os.kill(os.getpid(), signal.SIGINT)\n"
        "b.plan_team = stop\n",
    )
    team.environment["PYTHONPATH"] = str(team.folder)
    done = team.run("book", team.tasks(ROW))
    assert done.code == 130
    assert len(done.err.strip().splitlines()) == 1
    assert team.blocks("ana") == ""


def test_sigterm_ends_like_an_interrupt(team):
    team.write(
        "sitecustomize.py",
        "import blocker.commands.look as b\n"
        "import os, signal\n"
        "def stop(*a): os.kill(os.getpid(), signal.SIGTERM)\n"
        "b.plan_team = stop\n",
    )
    team.environment["PYTHONPATH"] = str(team.folder)
    assert team.run("book", team.tasks(ROW)).code == 130
