"""A team whose calendars are on servers: what goes wrong there, seen from outside."""

from __future__ import annotations

import pytest

from tests.calendars.texts import calendar, event
from tests.dav_servers import DavServer, radicale
from tests.odd_server import Answer, OddServer, always, odd_server
from tests.team import CONFIG, Ran, Team

__all__ = ["radicale"]  # a fixture

ROWS = ("T-1,Landing page,ana,2h,1,,,,,", "T-2,Report,ben,1h,,,,,,")
MONDAY = calendar(event("DTSTART:20270104T080000Z", "DTEND:20270104T160000Z", start=""))


def with_feed(team: Team, server: OddServer, *, is_allowed: bool = True) -> None:
    """Ana's meetings come from a feed."""
    text = CONFIG.replace("ics: ana.ics", f'url: "{server.root}/s3cret/ana.ics"')
    if is_allowed:
        text += f"network: {{allow: [127.0.0.1:{server.port}]}}\n"
    team.write("config.yaml", text)


def with_account(team: Team, url: str, server: DavServer, password: str) -> None:
    """Ana's blocks go to a CalDAV server."""
    there = f'caldav: "{url}", username: ana, password_env: DAV_PASSWORD'
    team.write("config.yaml", CONFIG.replace("ics: out/ana.ics", there))
    team.environment["DAV_PASSWORD"] = password


def check_others_are_booked(team: Team, ran: Ran, words: str) -> None:
    """Exit 4: Ana's trouble is said in one line, Ben's blocks stand."""
    assert ran.code == 4, ran
    (error,) = ran.json["errors"]
    assert error.startswith("Ana Ruiz: ") and words in error and "\n" not in error
    assert "Traceback" not in ran.err
    assert set(team.standing("ben")) == {"T-2/1"}


def test_a_wrong_password_stops_one_member_and_is_never_shown(
    team: Team, radicale: DavServer
) -> None:
    with_account(team, radicale.new_calendar(), radicale, "Tr0ub4dor")
    ran = team.run("-v", "book", team.tasks(*ROWS), "--format", "json")
    check_others_are_booked(team, ran, "refuses the password of ana, from $DAV_PASSWORD")
    assert "Tr0ub4dor" not in ran.out + ran.err
    audit = team.audit()
    assert audit.code == 4
    assert "refuses the password" in audit.json["errors"][0] and not audit.json["ok"]
    assert "Tr0ub4dor" not in audit.out + audit.err


def test_a_calendar_that_is_not_there_stops_one_member(team: Team, radicale: DavServer) -> None:
    with_account(team, radicale.url("no-such-calendar/"), radicale, radicale.password)
    ran = team.book(team.tasks(*ROWS))
    check_others_are_booked(team, ran, "there is no calendar at this address (404); correct it")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (always(200, "<html>Sign in</html>"), "is a web page, not a calendar"),
        (always(200), "is empty"),
        (always(403), "may not be read without signing in (403)"),
    ],
)
def test_fault_4_a_feed_that_is_no_calendar_is_unreadable_and_never_free(
    team: Team, answer: Answer, words: str
) -> None:
    with odd_server(answer) as server:
        with_feed(team, server)
        ran = team.book(team.tasks(*ROWS))
    check_others_are_booked(team, ran, words)
    assert "s3cret" not in ran.out + ran.err


def test_fault_39_a_feed_on_this_machine_is_not_asked_until_the_config_allows_it(
    team: Team,
) -> None:
    with odd_server(always(200, MONDAY)) as server:
        with_feed(team, server, is_allowed=False)
        line = f"network: {{allow: [127.0.0.1:{server.port}]}}"
        check_others_are_booked(team, team.book(team.tasks(*ROWS)), line)
        assert server.asked == []
        with_feed(team, server)
        assert team.book().code == 0
        ((start, _),) = [(one.start, one.end) for one in team.standing("ana").values()]
        assert start.day == 5


def test_the_last_good_copy_of_a_feed_outlives_the_run_and_its_age_is_said(team: Team) -> None:
    with odd_server(always(200, MONDAY)) as server:
        with_feed(team, server)
        assert team.book(team.tasks(*ROWS)).code == 0
        server.answer = always(200, "<html>Down</html>")
        ran = team.book(now="2027-01-06T08:00")
        assert ran.code == 0
        (warning,) = [one for one in ran.json["members"][0]["warnings"] if "copy" in one]
        assert " could not be read (is a web page, not a calendar; correct the address" in warning
        assert warning.endswith("its copy of Mon 4 Jan 08:00 is used, 2 days old")
        assert "s3cret" not in ran.out + ran.err


def test_fault_20_a_feed_that_is_gone_is_said_although_there_is_a_copy(team: Team) -> None:
    with odd_server(always(200, MONDAY)) as server:
        with_feed(team, server)
        assert team.book(team.tasks(*ROWS)).code == 0
        before = team.standing("ana")
        server.answer = always(404)
        ran = team.book(now="2027-01-04T12:00")
        check_others_are_booked(team, ran, "there is no calendar at this address (404); correct it")
        assert team.standing("ana") == before


@pytest.mark.parametrize(
    "answer",
    [
        always(200, "BEGIN:VCALENDAR"),
        always(302, Location="http://[x/s3cret"),
        always(200, MONDAY, Content_Encoding="gzip"),
    ],
)
def test_fault_41_the_path_of_a_feed_stands_in_no_output(team: Team, answer: Answer) -> None:
    with odd_server(answer) as server:
        with_feed(team, server)
        name = team.tasks(*ROWS)
        for words in (["book", name], ["audit"], ["doctor"]):
            ran = team.run("-v", *words)
            assert ran.code in (1, 4), ran
            said = ran.out + ran.err
            assert f"127.0.0.1:{server.port}" in said and "s3cret" not in said
