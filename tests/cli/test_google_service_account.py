"""A service account that acts for every member of the small team, seen from outside."""

import pytest

from tests.google_server import GoogleServer
from tests.team import CONFIG

EMAILS = ["ana@small.example", "ben@small.example"]
RIGHTS = [
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.events.freebusy",
]
GOOGLE = """\
calendars: {{busy: [], blocks: {{google: "{{email}}"}}}}
google: {{endpoint: "{endpoint}", service_account: keys/robot.json}}
"""


@pytest.fixture
def google(team):
    """Nobody shares anything and nobody signs in; leaving fails if a request broke rules."""
    with GoogleServer() as server:
        for email in EMAILS:
            server.account(email)
        (team.folder / "keys").mkdir()
        server.service_account(team.folder / "keys" / "robot.json", delegated=RIGHTS)
        lines = [line for line in CONFIG.splitlines() if "calendars:" not in line]
        text = "\n".join(lines) + "\n" + GOOGLE.format(endpoint=server.endpoint)
        team.write("config.yaml", text)
        team.environment = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
        yield server


def test_one_key_books_and_audits_for_all_in_each_members_own_name(team, google):
    booked = team.book(team.tasks("T-1,Write,ana,2h,1,,,,,", "T-2,Film,ben,2h,1,,,,,"))
    assert booked.code == 0, booked.err
    inserts = google.asked("calendar.events.insert")
    assert sorted(one.account for one in inserts) == EMAILS
    for email in EMAILS:
        (event,) = google.calendar(email).events()
        assert event["creator"]["email"] == email
    google.forget()
    audited = team.audit()
    assert audited.code == 0 and audited.json["ok"], audited.err
    reads = google.asked("calendar.events.list")
    assert sorted(one.account for one in reads) == EMAILS
    assert all(one.first("syncToken") for one in reads)


def test_a_colleagues_calendar_is_read_as_the_member_sees_it(team, google):
    ben = google.calendar("ben@small.example")
    ben.share("ana@small.example", "freeBusyReader")
    ben.put("Secret", "2027-01-04 09:00", "2027-01-04 12:00")
    also = 'calendars: {busy: [{google: ben@small.example}], blocks: {google: "{email}"}}'
    mail = "email: ana@small.example"
    text = (team.folder / "config.yaml").read_text()
    team.write("config.yaml", text.replace(mail, f"{mail}\n    {also}"))
    booked = team.book(team.tasks("T-1,Write,ana,2h,1,,,,,"), "--for", "ana")
    assert booked.code == 0, booked.err
    (block,) = booked.json["members"][0]["blocks"]
    assert block["start"].startswith("2027-01-04T13:00")
    assert {one.account for one in google.asked("calendar.freebusy.query")} == {mail[7:]}
    assert "Secret" not in team.audit().out


def test_doctor_says_what_the_admin_must_allow_and_shows_no_secret(team, google):
    ran = team.run("doctor")
    assert ran.code == 0, ran.out + ran.err
    (line,) = [line for line in ran.out.splitlines() if " sign-in: " in line]
    assert "service account robot@blocker.iam.gserviceaccount.com" in line
    assert all(right in line for right in RIGHTS)
    for email in EMAILS:
        assert f"google {email}: events in the next six weeks: 0" in ran.out
    assert "PRIVATE KEY" not in ran.out + ran.err
    (team.folder / "keys" / "robot.json").chmod(0o644)
    assert "run: chmod 600" in team.run("doctor").out


def test_without_the_domains_leave_nothing_is_booked_and_the_admin_is_named(team, google):
    google.service_account(team.folder / "keys" / "robot.json", delegated=[])
    booked = team.book(team.tasks("T-1,Write,ana,2h,1,,,,,"))
    assert booked.code == 4 and "Domain-wide delegation" in booked.err
    assert [one["reason"] for one in booked.json["members"][0]["unbooked"]] == ["unreadable"]
    assert google.names() == []
