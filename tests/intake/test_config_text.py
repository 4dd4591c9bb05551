"""A new config loads as it was answered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocker.intake.config import Config, load
from blocker.intake.config_text import Answers, NewMember, new_config

MEMBERS = (
    NewMember("ana", "Ana Ruiz", "ana@northwind.example", "Europe/Madrid"),
    NewMember("maya", "Maya: the boss # 1", "maya@northwind.example", is_manager=True),
)


def loaded(folder: Path, **answers: object) -> Config:
    given_answers: dict[str, object] = {
        "team_name": "Northwind",
        "timezone": "Europe/Paris",
        "hours": {"mon-fri": "09:00-18:00"},
        "members": MEMBERS,
        "first_sprint_day": date(2027, 1, 4),
    }
    path = folder / "config.yaml"
    path.write_text(new_config(Answers(**given_answers | answers)), encoding="utf-8")  # type: ignore[arg-type]  # by name
    return load(path, {})


def test_it_loads_as_answered(tmp_path: Path) -> None:
    config = loaded(tmp_path, holidays="NO")
    ana, maya = config.team.members
    assert (ana.zone.key, maya.zone.key) == ("Europe/Madrid", "Europe/Paris")
    assert maya.is_manager and maya.name == "Maya: the boss # 1"
    assert ana.busy[0].address == str(tmp_path / "calendars" / "ana.ics")
    assert ana.blocks and ana.blocks.address == str(tmp_path / ".blocker" / "calendars" / "ana.ics")
    assert ana.holiday_names
    assert config.team.sprints.first == date(2027, 1, 4)
    assert config.warnings == ()


def test_google(tmp_path: Path) -> None:
    config = loaded(tmp_path, calendars="google")
    ana = config.team.member("ana")
    assert ana.blocks and (ana.blocks.kind, ana.blocks.address) == ("google", ana.email)
    assert config.google == {"client_file": str(tmp_path / "google-client.json")}


def test_caldav(tmp_path: Path) -> None:
    ana = loaded(tmp_path, calendars="https://cloud.example/dav").team.member("ana")
    assert ana.blocks and (ana.blocks.kind, ana.blocks.address) == (
        "caldav",
        "https://cloud.example/dav",
    )
    assert ana.blocks.options == {"username": ana.email}


@pytest.mark.parametrize(
    ("hours", "lunch"),
    [
        ("09:00-18:00", "12:00-14:30"),
        ("09:00-12:30 13:30-18:00", None),
        ("09:00-15:00", None),
        ("15:00-23:00", "17:45-20:15"),
        ("06:00-12:30", "08:00-10:30"),
        ("00:00-24:00", "12:00-14:30"),
        ("07:00-09:00 10:00-16:30", "12:00-14:30"),
    ],
)
def test_lunch_is_proposed_for_one_long_span(tmp_path: Path, hours: str, lunch: str | None) -> None:
    rules = loaded(tmp_path, hours={"mon-fri": hours}).team.members[0].rules
    assert [str(one.between) for one in rules.breaks] == ([lunch] if lunch else [])


def test_a_lunch_that_is_not_wanted_stands_there_as_a_comment(tmp_path: Path) -> None:
    config = loaded(tmp_path, has_lunch=False)
    assert config.team.members[0].rules.breaks == ()
    text = (tmp_path / "config.yaml").read_text(encoding="utf-8")
    taken = text.replace("# breaks:", "breaks:")
    (tmp_path / "config.yaml").write_text(taken, encoding="utf-8")
    assert load(tmp_path / "config.yaml", {}).team.members[0].rules.breaks


@given(
    st.text(min_size=1, max_size=60).filter(
        lambda text: any(c.isalnum() and c.isascii() for c in text)
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_any_name_comes_through(tmp_path: Path, name: str) -> None:
    config = loaded(tmp_path, members=[NewMember("ana", name)], team_name=name)
    assert config.team.member("ana").name.split() == config.team.name.split()
