"""The server behaves as Google's documents say, seen through Google's own client."""

import json

import pytest
import requests
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest

from tests.google_server import GoogleServer

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
    said.pop("expiry")
    credentials = Credentials(**{k: v for k, v in said.items() if k not in ("type", "account")})
    return build(
        "calendar",
        "v3",
        credentials=credentials,
        static_discovery=True,
        client_options={"api_endpoint": f"{google.endpoint}/calendar/v3/"},
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
