"""A team with its calendars at Google, seen from outside: what is asked, what is said."""

import threading

import pytest

from tests.google_team import MANAGER, google_team

TWELVE = [f"T-{k},Task {k},ana,2h,1,,,,,\n".strip() for k in range(1, 13)]


@pytest.fixture
def world(tmp_path):
    with google_team(tmp_path) as (google, team):
        yield google, team


def test_twelve_blocks_cost_one_read_one_batch_and_one_incremental_read(world):
    google, team = world
    name = team.tasks(*TWELVE)
    booked = team.book(name, "--for", "ana")
    assert booked.code == 0, booked.err
    assert len(google.calendar("ana@small.example").events()) == 12
    assert google.names() == ["calendar.events.list", "batch", "calendar.events.list"]
    first, _, second = google.requests
    assert "syncToken" not in dict(first.query) and "syncToken" in dict(second.query)
    google.forget()
    again = team.book(name, "--for", "ana")
    assert {block["change"] for block in again.json["members"][0]["blocks"]} == {"keep"}
    assert google.names() == ["calendar.events.list"]
    assert "syncToken" in dict(google.requests[0].query)


def test_an_audit_of_fifty_calendars_reads_them_side_by_side(tmp_path):
    with google_team(tmp_path) as (google, team):
        lines = ["id,email"]
        for k in range(50):
            email = f"m{k}@small.example"
            google.account(email).share(MANAGER, "reader")
            lines.append(f"m{k},{email}")
        team.write("people.csv", "\n".join(lines) + "\n")
        config = (team.folder / "config.yaml").read_text()
        start, end = config.index("members:"), config.index("calendars:")
        team.write("config.yaml", config[:start] + "members: {file: people.csv}\n" + config[end:])
        # the first eight answers wait for one another
        meeting = threading.Barrier(8)
        google.faults.before("calendar.events.list", lambda _: meeting.wait(60), times=8)
        audited = team.audit()
        assert audited.code == 0, audited.err
        assert google.names() == ["calendar.events.list"] * 50
        assert google.most_at_once >= 8


def test_one_who_shares_free_busy_alone_is_planned_around_and_unverifiable(world):
    google, team = world
    shared = google.create_calendar("family@group.calendar.google.com", "ana@small.example")
    shared.share(MANAGER, "freeBusyReader")
    shared.put("Secret party", "2027-01-04 09:00", "2027-01-04 12:00")
    config = (team.folder / "config.yaml").read_text()
    more = "{google: family@group.calendar.google.com}"
    config = config.replace(
        "email: ana@small.example",
        f'email: ana@small.example\n    calendars: {{busy: [{more}, {{google: "{{email}}"}}]}}',
    )
    team.write("config.yaml", config)
    booked = team.book(team.tasks("T-1,Task,ana,2h,1,,,,,"))
    assert booked.code == 0, booked.err
    (block,) = booked.json["members"][0]["blocks"]
    assert block["start"].startswith("2027-01-04T13:00")
    audited = team.audit()
    (finding,) = [
        one for one in audited.json["members"][0]["findings"] if one["code"] == "unverifiable"
    ]
    assert finding["severity"] == "error" and "See all event details" in finding["message"]
    assert audited.code == 1 and "Secret" not in audited.out + booked.out


def test_a_calendar_shared_to_be_read_alone_is_left_out_and_the_rest_is_booked(world):
    google, team = world
    google.calendar("ana@small.example").share(MANAGER, "reader")
    name = team.tasks("T-1,Task,ana,2h,1,,,,,", "T-2,Task,ben,2h,1,,,,,")
    for more in (("--dry-run",), ()):
        booked = team.book(name, *more)
        assert booked.code == 4
        (error,) = booked.json["errors"]
        assert error.startswith("Ana Ruiz: google ana@small.example cannot be written: ")
        ana, ben = booked.json["members"]
        assert ana["unbooked"][0]["reason"] == "unreadable" and len(ben["blocks"]) == 1
    assert google.calendar("ana@small.example").events() == []
    assert len(google.calendar(MANAGER).events()) == 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda google, team: google.end_sign_ins(), "blocker login google"),
        (lambda google, team: (team.folder / "token.json").unlink(), "blocker login google"),
        (lambda google, team: team.write("token.json", "{"), "blocker login google"),
        (
            lambda google, team: google.remove_calendar("ana@small.example"),
            "google ana@small.example",
        ),
    ],
)
def test_what_cannot_be_reached_is_said_with_what_to_do_and_nothing_is_half_booked(
    world, spoil, said
):
    google, team = world
    spoil(google, team)
    booked = team.book(team.tasks("T-1,Task,ana,2h,1,,,,,"))
    assert booked.code == 4, booked.out
    assert said in booked.err and "Traceback" not in booked.err
    assert [one["reason"] for one in booked.json["members"][0]["unbooked"]] == ["unreadable"]
    assert team.audit().code == 4
    assert not [name for name in google.names() if name == "batch"]


def test_a_mixed_team_behaves_alike(world):
    google, team = world
    config = (team.folder / "config.yaml").read_text()
    files = "calendars: {busy: [], blocks: {ics: out/ben.ics}}"
    team.write("config.yaml", config.replace("role: manager", f"role: manager\n    {files}"))
    name = team.tasks("T-1,Task,ana,3h,1,,,,,", "T-2,Task,ben,3h,1,,,T-1,,")
    booked = team.book(name)
    assert booked.code == 0, booked.err
    assert team.audit().json["ok"]
    at_google = google.calendar("ana@small.example").events()
    assert {one["uid"] for member in booked.json["members"] for one in member["blocks"]} == {
        *(event["extendedProperties"]["private"]["blockerUid"] for event in at_google),
        *(event.uid for event in team.read("ben")),
    }
    undone = team.run("undo")
    assert undone.code == 0, undone.err
    assert google.calendar("ana@small.example").events() == []
    assert "VEVENT" not in team.blocks("ben")


def test_doctor_says_who_is_signed_in_and_what_each_calendar_allows(world):
    google, team = world
    google.calendar("ana@small.example").share(MANAGER, "reader")
    ran = team.run("doctor")
    assert ran.code == 4
    lines = ran.out.splitlines()
    (sign_in,) = [line for line in lines if " sign-in: " in line]
    assert f"signed in as {MANAGER}" in sign_in and "calendar.events" in sign_in
    ana = [line for line in lines if " ana: " in line]
    assert ana[0].startswith("unreachable ana: google ana@small.example cannot be written")
    assert ana[1].startswith("ok          ana: google ana@small.example: events in the next six")
    assert "ya29" not in ran.out + ran.err
    google.end_sign_ins()
    ran = team.run("doctor")
    assert ran.code == 4 and "run: blocker login google" in ran.out


def test_undo_passes_over_a_run_that_wrote_nothing(world):
    google, team = world
    ana = google.calendar("ana@small.example")
    assert team.book(team.tasks("T-1,Task,ana,2h,1,,,,,")).code == 0
    google.faults.answer("batch", 403, "forbidden", times=1)
    assert team.book(team.tasks("T-1,Task,ana,2h,1,,,,,", "T-2,Task,ana,2h,1,,,,,")).code == 4
    assert len(ana.events()) == 1
    undone = team.run("undo")
    assert undone.code == 0, undone.err
    assert ana.events() == []


def test_who_has_left_or_is_still_to_come_costs_nobody_anything(world):
    """Their accounts may be gone, or not be there yet."""
    google, team = world
    google.remove_calendar("ana@small.example")
    config = (team.folder / "config.yaml").read_text()
    for words in ("until: 2026-12-31", "from: 2027-02-01"):
        away = f"email: ana@small.example\n    {words}"
        team.write("config.yaml", config.replace("email: ana@small.example", away))
        booked = team.book(team.tasks("T-1,Task,ben,2h,1,,,,,"))
        assert booked.code == 0, booked.err
        assert team.audit().code == 0
    hers = team.book(team.tasks("T-2,Task,ana,2h,1,,,,,"))
    assert hers.code == 1
    assert hers.json["members"][0]["unbooked"][0]["task"] == "T-2"


def test_one_server_that_nobody_understands_costs_the_others_nothing(world):
    google, team = world
    google.faults.raw(
        "calendar.events.list", '{"items": [{"id": 7, "start": []}]}', path="*ana*", times=None
    )
    booked = team.book(team.tasks("T-1,Task,ana,2h,1,,,,,", "T-2,Task,ben,2h,1,,,,,"))
    assert booked.code == 4, booked.err
    assert "google ana@small.example" in booked.err and "Traceback" not in booked.err
    assert len(booked.json["members"][1]["blocks"]) == 1
