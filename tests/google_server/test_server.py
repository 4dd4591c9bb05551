"""The server behaves as Google's documents say, seen through Google's own client."""

import base64
import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from google.auth.exceptions import RefreshError
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest

from tests.google_server import GoogleServer
from tests.google_server.oauth import CLIENT_ID, CLIENT_SECRET

ROOT = Path(__file__).parents[2]
SCOPE = "https://www.googleapis.com/auth/calendar"
ANA = "ana@x.example"
BODY = {
    "id": "abc0123",
    "summary": "Write",
    "start": {"dateTime": "2027-01-05T09:00:00+01:00", "timeZone": "Europe/Paris"},
    "end": {"dateTime": "2027-01-05T10:30:00+01:00", "timeZone": "Europe/Paris"},
    "extendedProperties": {"private": {"blockerTask": "T-1"}},
}


@pytest.fixture
def google():
    with GoogleServer() as server:
        server.account(ANA)
        yield server


@pytest.fixture
def client(google, tmp_path):
    path = google.token_file(tmp_path / "token.json", ANA)
    with calendar_client(google, path) as service:
        yield service


def calendar_client(google, path):
    said = json.loads(path.read_text())
    names = ("token", "refresh_token", "token_uri", "client_id", "client_secret", "scopes")
    return built(google, Credentials(**{name: said[name] for name in names}))


def built(google, credentials, api="calendar", version="v3"):
    base = f"{google.endpoint}/calendar/v3/" if api == "calendar" else google.endpoint
    options = {"api_endpoint": base}
    return build(
        api, version, credentials=credentials, static_discovery=True, client_options=options
    )


def refused(request) -> tuple[int, str]:
    with pytest.raises(HttpError) as caught:
        request.execute()
    return caught.value.resp.status, json.loads(caught.value.content)["error"]["errors"][0][
        "reason"
    ]


def test_an_id_stays_taken_when_its_event_is_deleted(client):
    events = client.events()
    made = events.insert(calendarId="primary", body=BODY, sendUpdates="none").execute()
    assert made["organizer"] == {"email": ANA, "self": True} and made["sequence"] == 0
    assert refused(events.insert(calendarId=ANA, body=BODY)) == (409, "duplicate")
    events.delete(calendarId=ANA, eventId=made["id"]).execute()
    assert events.get(calendarId=ANA, eventId=made["id"]).execute()["status"] == "cancelled"
    assert refused(events.delete(calendarId=ANA, eventId=made["id"])) == (410, "deleted")
    assert refused(events.insert(calendarId=ANA, body=BODY)) == (409, "duplicate")


def test_a_change_needs_the_etag_it_was_made_from(google, client):
    events = client.events()
    made = events.insert(calendarId=ANA, body=BODY).execute()
    google.calendar(ANA).move(made["id"], "2027-01-05 14:00", "2027-01-05 15:00")
    change = events.patch(calendarId=ANA, eventId=made["id"], body={"summary": "Other"})
    change.headers["If-Match"] = made["etag"]
    assert refused(change) == (412, "conditionNotMet")
    now = events.get(calendarId=ANA, eventId=made["id"]).execute()
    assert now["summary"] == "Write" and now["start"]["dateTime"] == "2027-01-05T14:00:00+01:00"
    change.headers["If-Match"] = now["etag"]
    assert change.execute()["summary"] == "Other"


def test_a_listing_comes_in_pages_and_then_in_changes(google, client):
    ana = google.calendar(ANA)
    weekly = ana.put(
        "Weekly", "2027-01-04 09:00", "2027-01-04 09:30", recurrence=["RRULE:FREQ=WEEKLY;COUNT=4"]
    )
    ana.delete(f"{weekly['id']}_20270111T080000Z")
    ana.move(f"{weekly['id']}_20270118T080000Z", "2027-01-19 09:00", "2027-01-19 09:30")
    ana.put("Once", "2027-01-06 10:00", "2027-01-06 11:00")
    ask = {"calendarId": ANA, "singleEvents": True, "maxResults": 2}
    window = {"timeMin": "2027-01-01T00:00:00Z", "timeMax": "2027-02-01T00:00:00Z"}
    first = client.events().list(**ask, **window).execute()
    assert "nextSyncToken" not in first
    last = client.events().list(**ask, **window, pageToken=first["nextPageToken"]).execute()
    starts = [e["start"]["dateTime"][5:16] for e in first["items"] + last["items"]]
    assert sorted(starts) == ["01-04T09:00", "01-06T10:00", "01-19T09:00", "01-25T09:00"]
    ana.change(weekly["id"], recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])
    sync = client.events().list(**ask, syncToken=last["nextSyncToken"]).execute()
    changed = {e["id"].partition("_")[2]: e["status"] for e in sync["items"]}
    assert changed == {"20270104T080000Z": "confirmed", "20270125T080000Z": "cancelled"}
    ana.expire_sync_tokens()
    again = client.events().list(**ask, syncToken=last["nextSyncToken"])
    assert refused(again) == (410, "fullSyncRequired")


def test_a_series_follows_the_clock_of_its_zone(google, client):
    ana = google.calendar(ANA)
    rules = ["RRULE:FREQ=DAILY;UNTIL=20270329T060000Z", "EXDATE;TZID=Europe/Paris:20270327T080000"]
    series = ana.put("Early", "2027-03-26 08:00", "2027-03-26 08:30", recurrence=rules)
    moved = ana.move(f"{series['id']}_20270329T060000Z", "2027-03-30 08:00", "2027-03-30 08:30")
    assert moved["originalStartTime"]["dateTime"] == "2027-03-29T08:00:00+02:00"
    ask = client.events().list(calendarId=ANA, singleEvents=True, orderBy="startTime")
    starts = [event["start"]["dateTime"] for event in ask.execute()["items"]]
    assert starts == [
        "2027-03-26T08:00:00+01:00",
        "2027-03-28T08:00:00+02:00",
        "2027-03-30T08:00:00+02:00",
    ]
    client.events().delete(calendarId=ANA, eventId=series["id"]).execute()
    assert ask.execute()["items"] == []


def test_a_batch_answers_each_call_by_itself(google, client):
    google.faults.answer("calendar.events.insert", 403, "rateLimitExceeded", skip=1)
    google.knobs.batch_reversed = True
    answers = {}
    batch = BatchHttpRequest(batch_uri=f"{google.endpoint}/batch/calendar/v3")
    for number in range(3):
        body = BODY | {"id": f"{number}" * 5, "summary": "Café"}
        call = client.events().insert(calendarId=ANA, body=body, sendUpdates="none")
        batch.add(call, lambda key, *said: answers.update({key: said}), request_id=str(number))
    batch.execute()
    assert [answers[key][1] is None for key in "012"] == [True, False, True]
    assert answers["0"][0]["summary"] == "Café"
    assert google.names() == ["batch"] and len(google.calendar(ANA).events()) == 2
    assert [one.status for one in google.asked("calendar.events.insert")] == [200, 403, 200]


def test_a_lost_reply_leaves_the_event_behind(google, client):
    google.faults.lose_reply("calendar.events.insert")
    # httplib2 sends again by itself when a connection closes without an answer
    assert refused(client.events().insert(calendarId=ANA, body=BODY)) == (409, "duplicate")
    assert [event["id"] for event in google.calendar(ANA).events()] == ["abc0123"]
    assert [one.status for one in google.requests] == [0, 409]


def test_answers_can_be_late_wrong_endless_or_from_elsewhere(google):
    address = f"{google.endpoint}/calendar/v3/users/me/calendarList"
    own = {"Authorization": f"Bearer {google.access_token(ANA)}"}
    name = "calendar.calendarList.list"

    def get():
        return requests.get(address, headers=own, timeout=10, stream=True, allow_redirects=False)

    google.faults.answer(name, 429, "rateLimitExceeded", retry_after="7")
    google.faults.html(name)
    google.faults.redirect(name, "http://elsewhere.example/")
    google.faults.drip(name, pause_seconds=0.001)
    google.faults.huge(name)
    google.faults.bomb(name, 10**7)
    with get() as answered:
        assert (answered.status_code, answered.headers["Retry-After"]) == (429, "7")
    with get() as answered:
        assert answered.status_code == 200 and "<html>" in answered.text
    with get() as answered:
        assert answered.headers["Location"] == "http://elsewhere.example/"
    with get() as answered:
        assert answered.json()["items"][0]["id"] == ANA
    with get() as answered:
        assert int(answered.headers["Content-Length"]) > 2 * 1024**3
    with get() as answered:
        assert int(answered.headers["Content-Length"]) < 10**5 and len(answered.content) == 10**7
    with get() as answered:
        assert answered.json()["items"][0]["primary"] is True
    assert google.faults.waiting == 0


def test_a_person_acts_between_reading_and_writing(google, client):
    made = client.events().insert(calendarId=ANA, body=BODY).execute()
    google.faults.after("calendar.events.get", lambda _: google.calendar(ANA).delete(made["id"]))
    read = client.events().get(calendarId=ANA, eventId=made["id"]).execute()
    assert read["status"] == "confirmed"
    assert refused(client.events().delete(calendarId=ANA, eventId=made["id"])) == (410, "deleted")


def test_what_is_shared_decides_what_is_seen(google, client):
    ben = google.account("ben@x.example")
    ben.put("Salary talk", "2027-01-05 10:00", "2027-01-05 11:00")
    ben.put("Maybe", "2027-01-05 15:00", "2027-01-05 16:00", transparency="transparent")
    listing = client.events().list(calendarId=ben.id)
    window = {"timeMin": "2027-01-05T00:00:00Z", "timeMax": "2027-01-06T00:00:00Z"}
    both = window | {"items": [{"id": ben.id}, {"id": "nobody@x.example"}]}
    assert refused(listing) == (404, "notFound")
    ben.share(ANA, "freeBusyReader")
    (seen,) = listing.execute()["items"]
    assert "summary" not in seen and seen["start"]["dateTime"] == "2027-01-05T10:00:00+01:00"
    answers = client.freebusy().query(body=both).execute()["calendars"]
    assert answers[ben.id]["busy"] == [
        {"start": "2027-01-05T09:00:00Z", "end": "2027-01-05T10:00:00Z"}
    ]
    assert answers["nobody@x.example"]["errors"][0]["reason"] == "notFound"
    google.knobs.free_busy_listing = "403"
    assert refused(listing) == (403, "forbidden")
    ben.share(ANA, "reader")
    insert = client.events().insert(calendarId=ben.id, body=BODY)
    assert refused(insert) == (403, "requiredAccessLevel")
    roles = client.calendarList().list().execute()["items"]
    assert {one["id"]: one["accessRole"] for one in roles} == {ANA: "owner", ben.id: "reader"}


def test_focus_time_stands_in_primary_calendars_of_workspace_accounts_alone(google, client):
    google.create_calendar("side@group.example", ANA)
    focus = BODY | {"eventType": "focusTime"}
    whole = focus | {"focusTimeProperties": {"autoDeclineMode": "declineNone"}}
    insert = client.events().insert
    assert refused(insert(calendarId=ANA, body=focus))[0] == 400
    assert refused(insert(calendarId="side@group.example", body=whole))[0] == 400
    assert insert(calendarId=ANA, body=whole).execute()["eventType"] == "focusTime"
    google.state.accounts[ANA]["workspace"] = False
    assert refused(insert(calendarId=ANA, body=whole | {"id": "other"}))[0] == 400


def test_a_sign_in_is_refreshed_until_it_is_ended(google, client):
    google.expire_access_tokens()
    assert client.calendars().get(calendarId="primary").execute()["id"] == ANA
    google.end_sign_ins()
    with pytest.raises(RefreshError, match="invalid_grant"):
        client.calendars().get(calendarId="primary").execute()


def test_a_scope_that_was_not_granted_is_refused(google, tmp_path):
    path = google.token_file(tmp_path / "t.json", ANA, [f"{SCOPE}.freebusy"])
    with calendar_client(google, path) as service:
        assert refused(service.events().list(calendarId=ANA)) == (403, "insufficientPermissions")


def test_signing_in_checks_the_code_verifier(google):
    google.knobs.unticked = ["openid"]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).decode().rstrip("=")
    ask = {
        "client_id": CLIENT_ID,
        "redirect_uri": "http://127.0.0.1:9/",
        "response_type": "code",
        "scope": f"openid {SCOPE}",
        "state": "s",
        "access_type": "offline",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }

    def exchanged(verifier: str):
        page = f"{google.endpoint}/o/oauth2/auth"
        back = requests.get(page, params=ask, allow_redirects=False, timeout=10)
        query = dict(parse_qsl(urlsplit(back.headers["Location"]).query))
        assert query["state"] == "s"
        form = {
            "grant_type": "authorization_code",
            "code": query["code"],
            "code_verifier": verifier,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uri": ask["redirect_uri"],
        }
        return requests.post(f"{google.endpoint}/token", data=form, timeout=10)

    assert exchanged("w" * 43).json()["error"] == "invalid_grant"
    said = exchanged("v" * 43).json()
    assert said["scope"] == SCOPE and said["refresh_token"]
    revoke = f"{google.endpoint}/revoke"
    assert requests.post(revoke, data={"token": said["refresh_token"]}, timeout=10).ok
    assert google.state.refresh[said["refresh_token"]].alive is False


def test_a_service_account_acts_for_those_it_was_delegated(google, tmp_path):
    path = google.service_account(tmp_path / "robot.json", delegated=[SCOPE])

    def listing(subject: str, scope: str = SCOPE):
        credentials = service_account.Credentials.from_service_account_file(
            path, scopes=[scope], subject=subject
        )
        with built(google, credentials) as service:
            return service.events().list(calendarId="primary").execute()

    assert listing(ANA)["summary"] == ANA
    with pytest.raises(RefreshError, match="invalid_grant"):
        listing("nobody@x.example")
    with pytest.raises(RefreshError, match="unauthorized_client"):
        listing(ANA, f"{SCOPE}.settings.readonly")


def test_a_sheet_is_read_and_written(google):
    sheet = google.spreadsheet(
        "s1",
        ANA,
        {"To do": [["id", "title", "due", "hours"], [None, "Write", date(2027, 1, 14), 1.5]]},
        "fr_FR",
    )
    with built(google, Credentials(google.access_token(ANA)), "sheets", "v4") as service:
        values = service.spreadsheets().values()

        def read(**options):
            answered = values.get(spreadsheetId="s1", range="'To do'!A1:Z", **options).execute()
            return answered["values"][1]

        assert read() == ["", "Write", "14/01/2027", "1,5"]
        assert read(valueRenderOption="UNFORMATTED_VALUE") == ["", "Write", 46401, 1.5]
        values.update(
            spreadsheetId="s1",
            range="'To do'!A2",
            valueInputOption="RAW",
            body={"values": [["=T-1"]]},
        ).execute()
        assert read()[0] == "=T-1" and sheet.tab("to do").get(1, 0).formula is None
        add = {"requests": [{"addSheet": {"properties": {"title": "Audit"}}}]}
        service.spreadsheets().batchUpdate(spreadsheetId="s1", body=add).execute()
        mask = "sheets.properties(title,index)"
        tabs = service.spreadsheets().get(spreadsheetId="s1", fields=mask).execute()
        assert tabs["sheets"][1] == {"properties": {"title": "Audit", "index": 1}}
        ask = values.append(
            spreadsheetId="s1",
            range="Audit",
            valueInputOption="USER_ENTERED",
            body={"values": [["2027-01-14", 3]]},
        )
        assert ask.execute()["updates"]["updatedRange"] == "Audit!A1:B1"
        assert sheet.tab("Audit").get(0, 0).kind == "date"
        sheet.owner = "ben@x.example"
        with pytest.raises(HttpError, match="does not have permission"):
            read()


def test_a_process_of_its_own_keeps_its_state(tmp_path):
    command = [sys.executable, "-m", "tests.google_server", "--state", str(tmp_path / "g.json")]
    for events in (1, 2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            endpoint = process.stdout.readline().strip()

            def call(on: str, name: str, *args: object, endpoint: str = endpoint):
                asked = {"on": on, "call": name, "args": args}
                url = f"{endpoint}/_control/call"
                answered = requests.post(url, json=asked, timeout=10)
                assert answered.ok, answered.text
                return answered.json()

            if events == 1:
                call("", "account", ANA)
            call(ANA, "put", f"Meeting {events}", "2027-01-05 10:00", "2027-01-05 11:00")
            assert len(call(ANA, "events")) == events
            process.terminate()


@pytest.mark.parametrize(
    ("query", "body", "said"),
    [
        ("?sendUpdate=none", BODY, "no such parameter: sendUpdate"),
        ("?sendUpdates=nobody", BODY, "sendUpdates is 'nobody'"),
        ("?fields=id,wen", BODY, "no such field to select: wen"),
        ("", BODY | {"title": "x"}, "no such field: body.title"),
        ("", BODY | {"start": {"dateTime": "tomorrow"}}, "not an RFC 3339 time"),
        ("", BODY | {"sequence": "1"}, "body.sequence is '1', not of type integer"),
        ("", {"summary": "x"}, "body.start is missing"),
    ],
)
def test_what_the_discovery_document_does_not_know_is_a_violation(google, query, body, said):
    answered = requests.post(
        f"{google.endpoint}/calendar/v3/calendars/primary/events{query}",
        json=body,
        headers={"Authorization": f"Bearer {google.access_token(ANA)}"},
        timeout=10,
    )
    assert answered.status_code == 400 and google.calendar(ANA).events() == []
    assert any(said in one for one in google.violations), google.violations
    google.violations.clear()
