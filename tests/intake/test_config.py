"""Configs: what each key comes to, and that mistakes are found together."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from blocker.domain.errors import WrongInput
from blocker.domain.hours import WallSpan
from blocker.domain.member import Break, Role
from blocker.intake.config import load
from tests.intake.samples import MINIMAL, Loader


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def with_team(*lines: str) -> str:
    return MINIMAL.replace("sprints:", "".join(f"  {line}\n" for line in lines) + "sprints:", 1)


def with_ana(*lines: str) -> str:
    email = "    email: ana@northwind.example\n"
    return MINIMAL.replace(email, email + "".join(f"    {line}\n" for line in lines), 1)


def with_top(*lines: str) -> str:
    return MINIMAL + "".join(f"{line}\n" for line in lines)


def messages(caught: pytest.ExceptionInfo[WrongInput]) -> list[str]:
    return [str(mistake) for mistake in caught.value.mistakes]


def test_the_least_config_has_the_contracts_defaults(read_config: Loader, tmp_path: Path) -> None:
    config = read_config(MINIMAL)
    team, ana = config.team, config.team.member("ana")
    assert (team.id, team.name, team.zone.key) == (
        "northwind-marketing",
        "Northwind Marketing",
        "Europe/Paris",
    )
    assert team.titles_are_open is False
    assert config.store_url == f"sqlite:///{tmp_path.as_posix()}/.blocker/blocker.db"
    assert (config.columns, config.locale, config.warnings) == ({}, None, ())
    rules = ana.rules
    assert (rules.step, rules.shortest, rules.longest) == (minutes(15), minutes(30), minutes(120))
    assert (rules.gap, rules.rest, rules.margin) == (minutes(0), minutes(15), minutes(0))
    assert (rules.per_day, rules.prefer, rules.breaks, rules.reserve) == (None, (), (), 0)
    assert rules.title == "{task} [{id}]"
    assert (ana.role, ana.busy, ana.blocks, ana.time_off) == (Role.MARKETER, (), None, ())
    assert config.team.member("ben").zone.key == "America/New_York"
    assert team.sprints.sprint(27).name == "S27"


@pytest.mark.parametrize(
    ("hours", "monday", "saturday"),
    [
        ("{mon: 09:00-12:30 13:30-18:00}", ["09:00-12:30", "13:30-18:00"], []),
        ('{mon: "09:00-12:30, 13:30-18:00"}', ["09:00-12:30", "13:30-18:00"], []),
        ("{mon: [13:30-18:00, 09:00-12:30]}", ["09:00-12:30", "13:30-18:00"], []),
        ("{sat-mon: 9:00-12:00}", ["09:00-12:00"], ["09:00-12:00"]),
        ('{"mon,sat": 09:00-12:00}', ["09:00-12:00"], ["09:00-12:00"]),
        ('{"Monday, sat-sun": 09:00 – 12:00}', ["09:00-12:00"], ["09:00-12:00"]),
        (
            "{mon: 20:00-24:00, sat: 00:00-24:00, tue: free, wed: off}",
            ["20:00-24:00"],
            ["00:00-24:00"],
        ),
    ],
)
def test_hours(read_config: Loader, hours: str, monday: list[str], saturday: list[str]) -> None:
    text = MINIMAL.replace("{mon-fri: 09:00-12:30 13:30-18:00}", hours)
    week = read_config(text).team.member("ana").hours.week
    assert [str(span) for span in week[0]] == monday
    assert [str(span) for span in week[5]] == saturday
    assert week[1] == week[2] == ()


def test_noon_is_noon_quoted_or_not(read_config: Loader) -> None:
    bare = with_team("blocks: {prefer: 12:00-13:00, breaks: [{between: 12:00-14:30, keep: 0:45}]}")
    quoted = with_team(
        'blocks: {prefer: "12:00-13:00", breaks: [{between: "12:00-14:30", keep: "0:45"}]}'
    )
    rules = read_config(bare).team.member("ana").rules
    assert rules == read_config(quoted).team.member("ana").rules
    assert rules.breaks == (Break(WallSpan(720, 870), minutes(45)),)
    text = with_team("holidays: NO").replace("name: Northwind Marketing", "name: on")
    config = read_config(text)
    assert config.team.name == "on"
    assert config.team.member("ana").holiday_names[date(2027, 5, 17)]  # Norway, not False


def test_blocks_are_merged_key_by_key(read_config: Loader) -> None:
    text = with_team("blocks: {step: 30m, per_day: 5h, reserve: 12.5%, title: '{id}: {task}'}")
    text = text.replace(
        "name: Ana Ruiz", "name: Ana Ruiz\n    blocks: {per_day: none, longest: 1h30}"
    )
    team = read_config(text).team
    ana, ben = team.member("ana").rules, team.member("ben").rules
    assert (ana.per_day, ana.longest, ana.step) == (None, minutes(90), minutes(30))
    assert (ben.per_day, ben.longest, ben.reserve) == (minutes(300), minutes(120), Fraction(1, 8))
    assert ana.title == ben.title == "{id}: {task}"


def test_lengths_are_taken_to_whole_steps(read_config: Loader) -> None:
    rules = read_config(with_team("blocks: {step: 20m, longest: 2h10}")).team.member("ana").rules
    assert (rules.shortest, rules.longest) == (minutes(40), minutes(120))


def test_a_member_overrides_hours_zone_and_holidays(read_config: Loader) -> None:
    text = with_team(
        "holidays: FR",
        "hours_between: [{from: 2027-02-08, to: 2027-03-09, hours: {mon-thu: 09:00-15:00}}]",
    )
    text = text.replace(
        "name: Ana Ruiz",
        "name: Ana Ruiz\n    holidays: none\n    hours: {sun-thu: 08:00-16:00}"
        "\n    hours_between: []",
    )
    team = read_config(text).team
    ana, ben = team.member("ana").hours, team.member("ben").hours
    assert [str(span) for span in ana.spans(date(2027, 2, 8))] == ["08:00-16:00"]
    assert [str(span) for span in ana.spans(date(2027, 2, 7))] == ["08:00-16:00"]
    assert [str(span) for span in ben.spans(date(2027, 2, 8))] == ["09:00-15:00"]
    assert ben.spans(date(2027, 2, 12)) == ()
    bastille = date(2027, 7, 14)
    assert ana.spans(bastille) and not ben.spans(bastille)
    assert team.member("ben").holiday_names[bastille]
    assert all(not ben.spans(date(year, 7, 14)) for year in range(2026, 2046))


def test_subdivisions_have_holidays_of_their_own(read_config: Loader) -> None:
    team = read_config(with_team("holidays: fr-57")).team
    assert date(2027, 12, 26) in team.member("ana").hours.holidays


def test_time_off_in_all_its_shapes(read_config: Loader) -> None:
    entries = '[2026-12-24, 2026-12-28..2026-12-31, "2027-01-06 13:00-18:00", 2027-03-28]'
    off = read_config(with_ana(f"time_off: {entries}")).team.member("ana").time_off
    at = [(span.start.isoformat(), span.length) for span in off]
    assert at == [
        ("2026-12-23T23:00:00+00:00", timedelta(days=1)),
        ("2026-12-27T23:00:00+00:00", timedelta(days=4)),
        ("2027-01-06T12:00:00+00:00", timedelta(hours=5)),
        ("2027-03-27T23:00:00+00:00", timedelta(hours=23)),  # the clocks go forward
    ]
    assert read_config(with_ana("time_off: 2026-12-24")).team.member("ana").time_off == off[:1]


def test_calendars_and_their_defaults(read_config: Loader, tmp_path: Path) -> None:
    text = with_ana(
        "calendars:",
        "  busy:",
        "    - ics: fixtures/../ana.ics",
        "    - {google: primary, all_day: free}",
        '    - {url: "webcal://example.com/secret-token/basic.ics"}',
        '    - caldav: "https://dav.example.com/ana/"',
        '      username: "{email}"',
        "      password_env: ANA_DAV",
    )
    text += 'calendars: {busy: [{google: "{email}"}], blocks: {ics: ".blocker/{id}.ics"}}\n'
    config = read_config(text)
    ana, ben = config.team.member("ana"), config.team.member("ben")
    assert [ref.kind for ref in ana.busy] == ["ics", "google", "url", "caldav"]
    assert ana.busy[0].address == str(tmp_path / "ana.ics")
    assert ana.busy[0].label == "fixtures/../ana.ics"
    assert (ana.busy[1].address, ana.busy[1].all_day_is_free) == ("ana@northwind.example", True)
    assert ana.busy[2].address == "https://example.com/secret-token/basic.ics"
    assert "secret" not in ana.busy[2].label + ana.busy[2].key
    assert ana.busy[3].label == "https://dav.example.com/…/ana"
    assert ana.busy[3].options == {"username": "ana@northwind.example", "password_env": "ANA_DAV"}
    assert [ref.address for ref in ben.busy] == ["ben@northwind.example"]
    assert ana.blocks and ana.blocks.address == str(tmp_path / ".blocker" / "ana.ics")
    assert ben.blocks and ben.blocks.address == str(tmp_path / ".blocker" / "ben.ics")
    assert len(config.warnings) == 1 and "ANA_DAV is not set" in config.warnings[0]


GOOGLE_FOR_ALL = """\
calendars: {busy: [{google: "{email}", all_day: free}], blocks: {google: "{email}"}}
google: {endpoint: "http://127.0.0.1:8080/calendar/v3/", token_file: t.json, colour: Sage}
network: {allow: Intranet.example:8443}
"""


def test_one_line_puts_everybody_on_google(read_config: Loader, tmp_path: Path) -> None:
    """A calendar that is read and written is one calendar, by the rule that `busy` gives."""
    config = read_config(MINIMAL + GOOGLE_FOR_ALL)
    for member in config.team.members:
        assert member.busy == () and member.blocks is not None
        assert member.blocks.address == member.email
        assert member.blocks.all_day_is_free
        assert member.blocks.options == config.google
    assert config.google == {
        "endpoint": "http://127.0.0.1:8080",
        "token_file": str(tmp_path / "t.json"),
        "colour": "2",
    }
    assert config.hosts == {"intranet.example:8443"}


def test_a_google_calendar_says_more_of_itself_than_the_config_of_all(
    read_config: Loader, tmp_path: Path
) -> None:
    own = "{calendar: primary, service_account: keys/robot.json, colour: 11, focus_time: yes}"
    text = with_ana(f"calendars: {{blocks: {{google: {own}}}}}") + GOOGLE_FOR_ALL
    ref = read_config(text).team.member("ana").blocks
    assert ref is not None and ref.address == "ana@northwind.example"
    assert ref.options["service_account"] == str(tmp_path / "keys" / "robot.json")
    assert (ref.options["colour"], ref.options["focus_time"]) == ("11", "true")
    assert ref.options["endpoint"] == "http://127.0.0.1:8080"


PEOPLE = """\
id;name;email;role;timezone;hours;time off;from;until;Desk
ana;Ana Ruiz;ana@x.example;;Europe/Madrid;mon-thu 08:00-14:00;2027-01-05; ;2027-01-10;4
ben;Ben;ben@x.example;Manager;;"mon-thu 09:00-17:00; fri 9:00-12:00";;2027-01-11;;5
"""


def test_people_from_a_table_with_joiners_and_leavers(read_config: Loader, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    top = MINIMAL[: MINIMAL.index("members:")]
    config = read_config(top + "members: {file: people.csv}\n" + GOOGLE_FOR_ALL)
    ana, ben = config.team.members
    assert (ana.zone.key, ana.email, len(ana.time_off)) == ("Europe/Madrid", "ana@x.example", 1)
    assert ben.role is Role.MANAGER and ben.blocks is not None
    thursday, monday = date(2027, 1, 7), date(2027, 1, 11)
    assert ana.hours.spans(thursday) and not ana.hours.spans(monday)
    assert ben.hours.spans(monday) and not ben.hours.spans(thursday)
    assert config.warnings == (f'{tmp_path / "people.csv"}: columns ignored: "Desk"',)


def test_a_table_of_people_may_stand_among_members_who_are_different(
    read_config: Loader, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    top = MINIMAL[: MINIMAL.index("members:")]
    own = "{id: eva, name: Eva, calendars: {busy: [], blocks: {ics: eva.ics}}}"
    zoe = "{id: zoe, email: z@x.example, role: boss}"
    members = f"members:\n  - {own}\n  - file: people.csv\n  - {zoe}\n"
    with pytest.raises(WrongInput) as caught:
        read_config(top + members + GOOGLE_FOR_ALL)
    (mistake,) = messages(caught)
    assert mistake.startswith(f"{tmp_path / 'config.yaml'}:9: members.zoe.role: ")
    good = members.replace("boss", "manager")
    team = read_config(top + good + GOOGLE_FOR_ALL).team
    assert [one.id for one in team.members] == ["eva", "ana", "ben", "zoe"]
    assert [one.blocks and one.blocks.kind for one in team.members] == ["ics", *["google"] * 3]


def test_home_is_the_environments(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(with_ana("calendars: {busy: [{ics: ~/cal/ana.ics}]}"))
    ref = load(path, {"HOME": "/home/ana"}).team.member("ana").busy[0]
    assert Path(ref.address) == Path("/home/ana/cal/ana.ics")


@pytest.mark.parametrize(
    ("store", "wanted"),
    [
        ("sqlite:///x/y.db", "sqlite:///{folder}/x/y.db"),
        ("sqlite+pysqlite:///y.db?timeout=5", "sqlite+pysqlite:///{folder}/y.db?timeout=5"),
        ("sqlite:////var/y.db", "sqlite:////var/y.db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite:///C:/data/y.db", "sqlite:///C:/data/y.db"),
        ("postgresql+psycopg://me@db/x", "postgresql+psycopg://me@db/x"),
    ],
)
def test_stores(read_config: Loader, tmp_path: Path, store: str, wanted: str) -> None:
    config = read_config(with_top(f"store: '{store}'"))
    assert config.store_url == wanted.replace("{folder}", tmp_path.as_posix())


@pytest.mark.parametrize(
    ("length", "days"), [("2 weeks", 14), ("14 days", 14), ("1 week", 7), ("10d", 10), ("3w", 21)]
)
def test_sprint_lengths(read_config: Loader, length: str, days: int) -> None:
    text = MINIMAL.replace("2 weeks}", f'{length}, name: "Sprint {{number}}"}}')
    sprints = read_config(text).team.sprints
    assert sprints.length_days == days
    assert sprints.sprint(2).name == "Sprint 2"


def test_columns_and_locale(read_config: Loader) -> None:
    config = read_config(
        with_top("tasks: {columns: {Assignee: Owner, Deadline: due, Notes: ignore}, locale: fr-FR}")
    )
    assert config.columns == {"Assignee": "owner", "Deadline": "due", "Notes": "ignore"}
    assert config.locale == "fr_FR"


def test_keys_without_a_value_are_as_if_absent(read_config: Loader) -> None:
    text = with_team("holidays:", "blocks:", "hours_between: ~").replace(
        "email: ben@northwind.example", "email:"
    )
    config = read_config(text + "privacy:\ntasks:\ncalendars: null\n")
    assert config.team.member("ben").email is None


def test_all_mistakes_come_together_in_the_order_of_lines(read_config: Loader) -> None:
    text = with_team("holidays: XX", "blocks: {step: 7m, brakes: []}").replace(
        "Europe/Paris", "Paris/Europe"
    )
    text = text.replace("id: ben", "id: ana").replace("America/New_York", "New York")
    with pytest.raises(WrongInput) as caught:
        read_config(text + "stores: x\nprivacy: maybe\n")
    lines = [mistake.line for mistake in caught.value.mistakes]
    assert lines == sorted(lines, key=lambda line: line or 0)
    wanted = ["timezone", "XX", "step", "brakes", "ana is taken", "New York", "stores", "privacy"]
    for word in wanted:
        assert any(word in message for message in messages(caught)), word
    assert len(messages(caught)) == len(wanted)


def test_line_numbers_are_those_of_an_editor(read_config: Loader) -> None:
    text = "# a comment\n\n" + MINIMAL.replace("id: ben", "id: Ben")
    with pytest.raises(WrongInput) as caught:
        read_config(text)
    line = caught.value.mistakes[0].line
    assert line is not None and "id: Ben" in text.splitlines()[line - 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(MINIMAL.replace("Ana", "Añá").replace("\n", "\r\n").encode(encoding))
    assert load(path, {}).team.member("ana").name == "Añá Ruiz"


def test_a_huge_file_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"# \n" * 400_000)
    with pytest.raises(WrongInput) as caught:
        load(path, {})
    assert len(caught.value.mistakes) == 1


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongInput) as caught:
        load(tmp_path / name, {})
    assert len(caught.value.mistakes) == 1


@pytest.mark.parametrize(
    "name", ["..", "../x", "a/b", "con", "aux.txt", "x" * 41, "-a", ".a", "a..b", "a\u202eb", "a."]
)
def test_ids_are_safe_file_names(read_config: Loader, name: str) -> None:
    with pytest.raises(WrongInput):
        read_config(MINIMAL.replace("id: ana", f'id: "{name}"'))


values: st.SearchStrategy[object] = st.recursive(
    st.text(max_size=8)
    | st.sampled_from(["2h", "mon-fri", "09:00-12:00", "{id}", "Europe/Paris", "-"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "name",
                    "hours",
                    "blocks",
                    "busy",
                    "ics",
                    "google",
                    "step",
                    "breaks",
                    "from",
                    "keep",
                    "columns",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["team", "members", "sprints", "tasks", "calendars", "store", "x"]), values
    )
)
def test_any_shape_is_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    path = tmp_path_factory.mktemp("any") / "config.yaml"
    path.write_text(yaml.safe_dump(value), encoding="utf-8")
    with pytest.raises(WrongInput):
        load(path, {})


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "config.yaml"
    path.write_bytes(data)
    with pytest.raises(WrongInput):
        load(path, {})


def test_the_package_imports_no_library_before_it_is_used() -> None:
    code = (
        "import sys, blocker.intake.config, blocker.intake.tasks_file, blocker.intake.config_text;"
        "late = {'pydantic', 'yaml', 'openpyxl', 'holidays', 'babel'};"
        "print(sorted(late & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "[]", done.stdout
