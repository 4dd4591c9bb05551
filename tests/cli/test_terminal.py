"""What a person sees in a terminal: asked once, coloured, and nothing of that when piped."""

import fcntl
import os
import pty
import re
import select
import subprocess
import sys
import termios

import pytest

INTERRUPT = "\x03"
ONE = "T-1,Landing page,ana,2h,1,,,,,"


def in_terminal(team, answers: list[tuple[str, str]], *words: str, columns: int = 100, **more):
    """Run with a terminal; each answer is typed when its question shows.  Returns code and text."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color", **more}
    run = subprocess.Popen(
        [sys.executable, "-m", "blocker", *team.arguments(*words)],
        cwd=team.folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    seen = ""
    waiting = list(answers)
    patience = 20
    while True:
        ready, _, _ = select.select([ours], [], [], 5)
        if not ready and patience:
            # a Ctrl-C in the very moment readline sets itself up is lost; a person presses again
            if answers and answers[-1][1] == INTERRUPT and not waiting:
                os.write(ours, INTERRUPT.encode())
            patience -= 1
            continue
        assert ready, f"nothing more was shown after: {seen}"
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece.decode("utf-8", "replace")
        if waiting and waiting[0][0] in seen:
            os.write(ours, waiting.pop(0)[1].encode())
    os.close(ours)
    assert not waiting, seen
    return run.wait(timeout=60), seen


def test_it_shows_the_plan_and_asks_once_before_it_writes(team):
    name = team.tasks(ONE)
    code, seen = in_terminal(team, [("[Y/n]", "y\n")], "book", name)
    assert code == 0
    assert seen.count("Write this into the calendars?") == 1
    assert seen.index("Landing page") < seen.index("Write this")
    assert "T-1" in team.blocks("ana")
    again, seen = in_terminal(team, [], "book")
    assert again == 0
    assert "Write this" not in seen


def test_no_means_nothing_is_written(team):
    code, seen = in_terminal(team, [("[Y/n]", "n\n")], "book", team.tasks(ONE))
    assert code == 0
    assert "Nothing was written." in seen
    assert team.blocks("ana") == ""


def test_yes_is_not_asked(team):
    code, seen = in_terminal(team, [], "book", team.tasks(ONE), "--yes")
    assert code == 0
    assert "[Y/n]" not in seen


def test_ctrl_c_at_the_question_ends_with_130_and_nothing_written(team):
    code, _ = in_terminal(team, [("[Y/n]", INTERRUPT)], "book", team.tasks(ONE))
    assert code == 130
    assert team.blocks("ana") == ""


def test_colours_in_a_terminal_and_none_with_no_color_or_in_a_pipe(team):
    name = team.tasks(ONE)
    _, seen = in_terminal(team, [], "book", name, "--dry-run")
    assert "\x1b[3" in seen
    _, seen = in_terminal(team, [], "book", name, "--dry-run", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", seen)
    assert "\x1b" not in team.run("book", name, "--dry-run").out


@pytest.mark.parametrize("columns", [60, 200])
def test_lines_fit_the_terminal(team, columns):
    _, seen = in_terminal(team, [], "book", team.tasks(ONE), "--dry-run", columns=columns)
    lines = re.split(r"[\r\n]|\x1b\[2K", seen)
    plain = [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line) for line in lines]
    assert max(map(len, plain)) <= columns


@pytest.mark.parametrize("words", [("why", "T-2"), ("fix", "T-2", "1", "--dry-run")], ids=" ".join)
def test_sentences_break_between_words(team, words):
    title = " ".join(["brochure"] * 12)
    rows = ("T-1,Landing page,ana,5h,1,W1 Mon,,,,", f"T-2,{title},ana,3h,2,W1 Mon,,,,")
    team.run("import", team.tasks(*rows))
    _, seen = in_terminal(team, [], *words, columns=60)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen)
    lines = re.split(r"[\r\n]+", plain[plain.index("T-2 “") :])
    assert max(map(len, lines)) <= 60
    assert " ".join(lines).count("brochure") == 12


def test_fault_37_titles_cannot_steer_the_terminal(team):
    name = team.tasks('T-1,"Landing \x1b[31m\u202epage\x07\nBEGIN:VALARM",ana,2h,1,,,,,')
    done = team.run("book", name)
    assert done.code == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", done.out + done.err)
    text = team.blocks("ana")
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e]", text)
    assert "\nBEGIN:VALARM" not in text
    assert text.count("SUMMARY:") == 1


def test_the_first_line_of_every_table_names_the_sprint(team):
    name = team.tasks(ONE)
    for words in (["capacity", name], ["book", name], ["audit"], ["task", "list"]):
        assert team.run(*words).out.splitlines()[0] == "S27, 4-17 Jan 2027, not accepted"


@pytest.mark.parametrize(("lunch", "line"), [("\n", "    breaks: "), ("n\n", "    # breaks: ")])
def test_init_asks_for_what_it_does_not_know(team, lunch, line):
    (team.folder / "config.yaml").unlink()
    answers = [
        ("called?", "Nord\n"),
        ("time zone", "Europe/Oslo\n"),
        ("When do people work", "mon-fri 08:00-16:00\n"),
        ("sprint 1 begin", "2027-01-04\n"),
        ("Where are people's calendars", "\n"),
        ("Keep 45m free for lunch every day, somewhere between 12:00-14:30? [Y/n]", lunch),
        ("Member 1", "Kari Nordmann, kari@nord.example\n"),
        ("Member 2", "Ola Dunk\n"),
        ("Member 3", "\n"),
    ]
    code, seen = in_terminal(team, answers, "init")
    assert code == 0, seen
    text = (team.folder / "config.yaml").read_text()
    assert f"{line}[{{between: 12:00-14:30, keep: 45m}}]" in text
    for member in ("kari", "ola"):
        team.write(f"calendars/{member}.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")
    done = team.run("doctor")
    assert done.code == 0, done.err
    assert "members: 2" in done.out
    assert team.run("init", "--team", "x").code == 2


def test_closing_asks_what_is_left_of_each_task(team):
    team.booked("T-1,Landing page,ana,2h,1,,,,,", "T-2,Report,ben,1h,2,,,,,")
    assert team.run("--as", "ben", "accept").code == 0
    team.now = "2027-01-15T17:00"
    answers = [
        ("where to (S28 is next)", "next\n"),
        ("how much is left", "90m\n"),
        ("T-2", "done\n"),
    ]
    code, seen = in_terminal(team, answers, "--as", "ben", "close")
    assert code == 0, seen
    assert "1h30 left, to S28" in seen
    assert "S27 is closed." in seen


def test_a_way_in_shows_what_it_changes_and_asks_once(team):
    team.booked("T-1,Landing page,ana,2h,1,,,,,")
    assert team.run("--as", "ben", "accept").code == 0
    before = team.standing()
    words = ("--as", "ana", "more", "T-1", "1h", "--because", "it grew")
    code, seen = in_terminal(team, [("[Y/n]", "n\n")], *words)
    assert code == 0
    assert "Nothing was changed." in seen
    assert team.standing() == before
    code, seen = in_terminal(team, [("[Y/n]", "y\n")], *words)
    assert code == 0
    assert seen.count("Do this?") == 1
    assert len(team.standing()) == len(before) + 1
