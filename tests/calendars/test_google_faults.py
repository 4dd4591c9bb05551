"""What networks, Google and people do to a calendar at Google; named after the list of faults."""

from __future__ import annotations

import json
import stat
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from blocker.calendars.base import Calendar, Fate, Put, Receipt, Remove
from blocker.calendars.google.patience import Pace
from blocker.domain.errors import Unreachable
from tests.calendars.google_worlds import ANA, BEN, World, our_events
from tests.calendars.texts import NOW, SPRINT, block
from tests.google_server import GoogleServer

LIST, INSERT = "calendar.events.list", "calendar.events.insert"
QUERY = "calendar.freebusy.query"
THREE = [
    Put(block(part=k, parts=3, start=f"0{k + 4}T0900", end=f"0{k + 4}T1000")) for k in (1, 2, 3)
]
MOVED = block(start="06T1400", end="06T1530")


def fates(receipts: list[Receipt]) -> list[Fate]:
    return [receipt.fate for receipt in receipts]


@pytest.mark.parametrize("lost", ["batch", INSERT])
def test_fault_14_a_reply_that_is_lost_leaves_each_block_once(world: World, lost: str):
    world.google.faults.lose_reply(lost)
    heard: list[Receipt] = []
    receipts = world.open().apply(THREE, heard.extend)
    assert set(fates(receipts)) <= {Fate.DONE, Fate.ALREADY}
    assert len(heard) == 3 and set(map(id, heard)) == set(map(id, receipts))
    assert len(our_events(world.google)) == 3


def test_fault_14_changes_and_removals_whose_reply_is_lost_are_settled_by_looking(world: World):
    calendar = world.open()
    calendar.apply([Put(block()), Put(block("T-2", "06T0900", "06T1000"))])
    first, second = calendar.events(SPRINT).events
    world.google.faults.lose_reply("batch")
    writes = [Put(MOVED, first.revision), Remove(second.uid, second.revision)]
    assert fates(calendar.apply(writes)) == [Fate.ALREADY, Fate.ALREADY]
    assert [event.interval for event in calendar.events(SPRINT).events] == [MOVED.interval]


def test_fault_15_an_id_that_is_taken_by_another_content_is_a_conflict_and_shown(world: World):
    world.open().apply([Put(block())])
    world.another_run()
    (receipt,) = world.open().apply([Put(MOVED)])
    assert receipt.fate is Fate.CHANGED
    assert receipt.event is not None and receipt.event.interval == block().interval


def test_fault_15_a_block_that_a_person_deleted_is_revived_by_the_next_run_alone(world: World):
    calendar = world.open()
    calendar.events(SPRINT)
    other = World(world.google, world.folder)  # another machine, which knows of nothing
    other.open().apply([Put(block())])
    (event,) = our_events(world.google)
    world.google.calendar(ANA).delete(event["id"])
    (receipt,) = calendar.apply([Put(block())])
    assert (receipt.fate, receipt.event) == (Fate.CHANGED, None)
    assert our_events(world.google) == []
    world.another_run()
    assert fates(world.open().apply([Put(block())])) == [Fate.DONE]
    (revived,) = our_events(world.google)
    assert revived["id"] == event["id"][:-1] + "1"


def test_fault_15_a_deletion_that_was_read_is_no_obstacle(world: World):
    calendar = world.open()
    calendar.apply([Put(block())])
    world.google.calendar(ANA).delete(our_events(world.google)[0]["id"])
    assert calendar.events(SPRINT).events == ()
    assert fates(calendar.apply([Put(block())])) == [Fate.DONE]
    assert calendar.events(SPRINT).events[0].uid == block().uid


def test_a_block_taken_out_of_the_bin_beside_its_newer_self_is_another_event(world: World):
    calendar = world.open()
    calendar.apply([Put(block())])
    old = our_events(world.google)[0]["id"]
    world.google.calendar(ANA).delete(old)
    calendar.events(SPRINT)
    calendar.apply([Put(MOVED)])
    world.google.calendar(ANA).restore(old)
    again, ours = calendar.events(SPRINT).events
    assert (ours.uid, ours.interval) == (MOVED.uid, MOVED.interval)
    assert again.uid == f"{old}@google.com" and again.mark == ours.mark
    assert fates(calendar.apply([Remove(ours.uid, ours.revision)])) == [Fate.DONE]


def test_a_write_that_is_refused_does_not_stop_the_others_nor_hide_them(world: World):
    writes = [
        Put(block(f"T-{hour}{day}", f"{day:02d}T{hour:02d}00", f"{day:02d}T{hour:02d}30"))
        for day in range(5, 18)
        for hour in (9, 10, 13, 14)
    ]
    world.google.faults.answer(INSERT, 400, "invalid", message="No such day")
    heard: list[Receipt] = []
    with pytest.raises(Unreachable, match=r"status 400.*“No such day”"):
        world.open().apply(writes, heard.extend)
    assert world.google.names() == ["batch", "batch"]
    assert [one.write for one in heard] == writes[1:] and set(fates(heard)) == {Fate.DONE}
    assert len(our_events(world.google)) == len(writes) - 1 == 51


def test_after_a_write_that_is_refused_the_same_block_is_left_alone(world: World):
    calendar = world.open()
    calendar.apply([Put(block())])
    (read,) = calendar.events(SPRINT).events
    world.google.faults.answer("calendar.events.delete", 400, "invalid")
    heard: list[Receipt] = []
    with pytest.raises(Unreachable, match="status 400"):
        calendar.apply([Remove(read.uid, read.revision), Put(MOVED)], heard.extend)
    assert heard == [] and calendar.events(SPRINT).events == (read,)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (403, "rateLimitExceeded"),
        (403, "userRateLimitExceeded"),
        (403, "quotaExceeded"),
        (429, "rateLimitExceeded"),
        (500, "internalError"),
        (503, "backendError"),
    ],
)
def test_fault_16_what_passes_is_tried_again_with_pauses_that_grow(
    world: World, status: int, reason: str
):
    world.google.faults.answer(LIST, status, reason, times=4)
    assert world.open().events(SPRINT).events == ()
    assert world.time.slept == [0.5, 1.0, 2.0, 4.0]


def test_fault_16_a_connection_that_breaks_is_tried_again(world: World):
    world.google.faults.close(LIST, times=2)
    assert world.open().events(SPRINT).events == ()
    assert len(world.time.slept) == 2


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_fault_16_as_long_as_google_asks_is_waited(world: World, form: str):
    after = "7" if form == "seconds" else format_datetime(NOW.replace(second=7), usegmt=True)
    date = {} if form == "seconds" else {"Date": format_datetime(NOW, usegmt=True)}
    world.google.faults.answer(LIST, 429, "rateLimitExceeded", retry_after=after, headers=date)
    world.open().events(SPRINT)
    (slept,) = world.time.slept
    assert 7 <= slept < 8


def test_fault_16_parts_that_were_refused_go_into_a_further_batch(world: World):
    world.google.faults.answer(INSERT, 403, "rateLimitExceeded", skip=1, times=2)
    receipts = world.open().apply(THREE)
    assert fates(receipts) == [Fate.DONE] * 3
    assert world.google.names() == ["batch", "batch"]
    assert len(our_events(world.google)) == 3


def test_fault_16_after_a_minute_it_is_given_up_and_said_what_is_certain_was_heard(world: World):
    world.google.faults.answer(INSERT, 503, "backendError", skip=2, times=None)
    heard: list[Receipt] = []
    with pytest.raises(Unreachable, match=rf"google {ANA} cannot be written: .*run again"):
        world.open().apply(THREE, heard.extend)
    assert fates(heard) == [Fate.DONE, Fate.DONE]
    assert sum(world.time.slept) <= 60


def test_fault_16_another_403_is_not_tried_again(world: World):
    world.google.faults.answer(LIST, 403, "accessNotConfigured", times=None)
    with pytest.raises(Unreachable, match="Calendar API is not switched on"):
        world.open().events(SPRINT)
    assert world.time.slept == []


@pytest.mark.parametrize(
    ("reason", "said"),
    [("dailyLimitExceeded", "run again tomorrow"), ("domainPolicy", "“domainPolicy”; ask your")],
)
def test_fault_16_a_403_for_other_reasons_is_not_taken_for_sharing_less(
    world: World, reason: str, said: str
):
    calendar = sharing_times_alone(world)
    world.google.faults.answer(LIST, 403, reason, times=None)
    with pytest.raises(Unreachable, match=said):
        calendar.events(SPRINT)
    world.google.faults.answer("calendar.events.insert", 403, reason, times=None)
    with pytest.raises(Unreachable, match=said):
        world.open().apply([Put(block())])


def test_fault_17_a_token_that_has_expired_means_a_full_read_with_nothing_doubled(world: World):
    ana = world.google.calendar(ANA)
    ana.put("Once", "2027-01-05 10:00", "2027-01-05 10:30")
    calendar = world.open()
    calendar.apply([Put(block())])
    before = calendar.events(SPRINT)
    ana.expire_sync_tokens()
    assert calendar.events(SPRINT) == before
    asked = [bool(one.first("syncToken")) for one in world.google.asked(LIST)]
    assert asked == [False, True, False]


def test_fault_17_a_token_is_kept_only_after_the_last_page(world: World):
    calendar = world.open()
    calendar.events(SPRINT)
    ana = world.google.calendar(ANA)
    for day in (5, 6, 7):
        ana.put(f"Day {day}", f"2027-01-0{day} 10:00", f"2027-01-0{day} 10:30")
    world.google.knobs.largest_page = 2
    world.google.faults.answer(LIST, 503, "backendError", skip=1, times=None)
    with pytest.raises(Unreachable, match="trouble of its own"):
        calendar.events(SPRINT)
    world.google.faults.clear()
    assert len(calendar.events(SPRINT).events) == 3
    assert len({one.first("syncToken") for one in world.google.asked(LIST)[1:]}) == 1


def test_fault_18_a_person_who_moves_a_block_between_read_and_write_wins(world: World):
    calendar = world.open()
    calendar.apply([Put(block())])
    (read,) = calendar.events(SPRINT).events
    identity = our_events(world.google)[0]["id"]
    world.google.faults.before(
        "batch",
        lambda _: world.google.calendar(ANA).move(identity, "2027-01-08 09:00", "2027-01-08 10:30"),
    )
    receipts = calendar.apply([Put(MOVED, read.revision)])
    assert fates(receipts) == [Fate.CHANGED]
    (now,) = calendar.events(SPRINT).events
    assert receipts[0].event == now and f"{now.interval.start:%d %H:%M}" == "08 08:00"
    assert fates(calendar.apply([Remove(now.uid, read.revision)])) == [Fate.CHANGED]


def test_fault_19_a_token_that_has_expired_is_renewed_and_kept(world: World):
    world.google.expire_access_tokens()
    calendar = world.open()
    assert fates(calendar.apply(THREE)) == [Fate.DONE] * 3
    kept = json.loads(world.token_file.read_text())
    assert kept["token"] in world.google.state.access and kept["account"] == ANA
    assert stat.S_IMODE(world.token_file.stat().st_mode) == 0o600
    assert len(world.google.asked("oauth.token")) == 1


@pytest.mark.parametrize("deed", ["login", "logout"])
def test_fault_19_who_signs_in_or_out_while_a_token_is_renewed_has_the_last_word(
    world: World, deed: str
):
    world.google.expire_access_tokens()
    left = []

    def meanwhile(_: object) -> None:
        world.token_file.unlink()
        if deed == "login":
            world.sign_in()
            left.append(world.token_file.read_text())

    world.google.faults.after("oauth.token", meanwhile)
    assert world.open().events(SPRINT).events == ()
    assert [file.read_text() for file in world.folder.glob("token.json")] == left


def test_fault_19_a_sign_in_that_has_ended_says_what_to_do_and_nothing_is_lost(world: World):
    calendar = world.open()
    calendar.apply([Put(block())])
    world.google.end_sign_ins()
    with pytest.raises(Unreachable, match="run: blocker login google; nothing is lost") as said:
        calendar.events(SPRINT)
    kept = json.loads(world.token_file.read_text())
    assert kept["token"] not in str(said.value) and kept["refresh_token"] not in str(said.value)
    world.another_run()
    world.sign_in()
    assert len(world.open().events(SPRINT).events) == 1


def test_fault_19_a_right_that_was_not_ticked_is_said(world: World):
    world.sign_in(scopes=["https://www.googleapis.com/auth/calendar.freebusy"])
    with pytest.raises(Unreachable, match=r"not ticked; run: blocker login google and tick"):
        world.open().events(SPRINT)


def test_fault_19_without_a_sign_in_it_is_said_how_to_sign_in(world: World):
    world.token_file.unlink()
    with pytest.raises(Unreachable, match=r"nobody has signed in .*; run: blocker login google"):
        world.open().events(SPRINT)


def test_fault_19_a_hotels_page_in_the_place_of_a_token_is_no_end_of_the_sign_in(world: World):
    world.google.expire_access_tokens()
    world.google.faults.html("oauth.token")
    with pytest.raises(Unreachable, match="something else answers"):
        world.open().events(SPRINT)


def test_fault_20_a_calendar_that_is_suddenly_empty_is_said(world: World):
    world.google.calendar(ANA).put("Stand-up", "2027-01-05 10:00", "2027-01-05 10:30")
    world.open().events(SPRINT)
    world.another_run()
    for event in world.google.calendar(ANA).events():
        world.google.calendar(ANA).delete(event["id"])
    (warning,) = world.open().events(SPRINT).warnings
    assert "suddenly empty" in warning and "held 1 event;" in warning


def test_fault_20_a_calendar_that_is_gone_is_not_empty(world: World):
    calendar = world.open()
    calendar.apply([Put(block())])
    world.google.remove_calendar(ANA)
    with pytest.raises(Unreachable, match="there is no such calendar"):
        calendar.events(SPRINT)
    with pytest.raises(Unreachable, match="there is no such calendar"):
        calendar.apply([Put(block("T-2", "06T0900", "06T1000"))])


def test_fault_21_a_block_that_google_writes_in_its_own_way_is_not_moved(world: World):
    calendar = world.open()
    calendar.apply([Put(block())])
    identity = our_events(world.google)[0]["id"]
    world.google.calendar(ANA).change(
        identity,
        iCalUID="another@google.com",
        start={"dateTime": "2027-01-05T09:00:00.000Z", "timeZone": "UTC"},
    )
    (found,) = calendar.events(SPRINT).events
    assert found.uid == block().uid
    assert fates(calendar.apply([Put(block(), found.revision)])) == [Fate.ALREADY]


def test_fault_22_an_answer_that_drips_ends(world: World):
    world.google.faults.drip(LIST, times=None)
    calendar = world.open(pace=Pace(seconds=1.0, sleep=lambda _: None))
    with pytest.raises(Unreachable, match="takes too long"):
        calendar.events(SPRINT)


@pytest.mark.parametrize(
    "text", ["{}", "[]", '"no"', '{"items": 5}', '{"items": ["a"]}', "[" * 100_000, "\xff"]
)
def test_fault_04_json_that_is_no_calendar_is_not_read_as_free(world: World, text: str):
    world.google.faults.raw(LIST, text)
    with pytest.raises(Unreachable, match="something else answers"):
        world.open().events(SPRINT)


@pytest.mark.parametrize(
    "said",
    [
        "[]",
        "{}",
        '{"%s": {}}',
        '{"%s": []}',
        '{"%s": {"busy": null}}',
        '{"%s": {"busy": [{"start": "2027-01-05T10:00:00", "end": "2027-01-05T11:00:00"}]}}',
        '{"%s": {"errors": "no"}}',
    ],
)
def test_fault_04_busy_times_that_cannot_be_understood_are_not_read_as_free(
    world: World, said: str
):
    calendar = sharing_times_alone(world)
    world.google.faults.raw(QUERY, f'{{"calendars": {said.replace("%s", BEN)}}}', times=None)
    with pytest.raises(Unreachable, match="something else answers"):
        calendar.events(SPRINT)


def test_fault_16_busy_times_that_google_cannot_tell_now_are_asked_for_again(world: World):
    calendar = sharing_times_alone(world)
    trouble = f'{{"calendars": {{"{BEN}": {{"errors": [{{"reason": "internalError"}}]}}}}}}'
    world.google.faults.raw(QUERY, trouble, times=2)
    found = calendar.events(SPRINT)
    assert len(found.events) == 1 and found.unverifiable
    assert world.time.slept == [0.5, 1.0]
    world.google.faults.raw(QUERY, trouble, times=None)
    with pytest.raises(Unreachable, match="trouble of its own"):
        calendar.events(SPRINT)
    world.google.faults.clear()
    world.google.faults.raw(QUERY, trouble.replace("internalError", "notFound"))
    with pytest.raises(Unreachable, match="not shared"):
        calendar.events(SPRINT)


def sharing_times_alone(world: World) -> Calendar:
    """Ben's calendar, of which Ana sees when he is busy."""
    world.google.account(BEN).share(ANA, "freeBusyReader")
    world.google.calendar(BEN).put("Secret", "2027-01-05 10:00", "2027-01-05 10:30")
    return world.open(BEN, writable=False)


@pytest.mark.parametrize("fault", ["huge", "html"])
def test_fault_22_an_answer_that_cannot_be_right_ends_at_once(world: World, fault: str):
    getattr(world.google.faults, fault)(LIST)
    with pytest.raises(Unreachable, match=r"Google does not answer: (its answer|something else)"):
        world.open().events(SPRINT)
    assert world.time.slept == []


def test_fault_22_credentials_do_not_follow_a_redirect(world: World):
    with GoogleServer() as elsewhere:
        world.google.faults.redirect(LIST, f"{elsewhere.endpoint}/calendar/v3/x")
        with pytest.raises(Unreachable, match="sends us elsewhere"):
            world.open().events(SPRINT)
        assert elsewhere.requests == []


def test_fault_27_a_person_who_deletes_a_block_while_we_write_wins(world: World):
    calendar = world.open()
    calendar.apply([Put(block())])
    (read,) = calendar.events(SPRINT).events
    identity = our_events(world.google)[0]["id"]
    delete: Any = lambda _: world.google.calendar(ANA).delete(identity)  # noqa: E731  (typed)
    world.google.faults.before("batch", delete)
    (receipt,) = calendar.apply([Put(MOVED, read.revision)])
    assert (receipt.fate, receipt.event) == (Fate.CHANGED, None)
    assert our_events(world.google) == []


def test_a_series_that_grows_for_ever_is_read_in_full_instead(world: World):
    calendar = world.open()
    calendar.events(SPRINT)
    world.google.knobs.largest_page = 1
    world.google.calendar(ANA).put(
        "Daily", "2027-01-04 09:00", "2027-01-04 09:15", recurrence=["RRULE:FREQ=DAILY;COUNT=14"]
    )
    assert len(calendar.events(SPRINT).events) == 14
    assert not world.google.asked(LIST)[-1].first("syncToken")


def test_a_token_of_one_endpoint_is_never_sent_to_another(world: World, tmp_path: Path):
    from blocker.calendars.google.accounts import Place
    from blocker.calendars.secrets import Secrets

    here, other = ({"endpoint": f"https://{name}.example"} for name in ("here", "other"))
    Place(here, tmp_path).save({"token": "secret"})
    assert Place(here, tmp_path).load() == {"token": "secret"}
    assert Place(other, tmp_path).load() is None and Place({}, tmp_path).load() is None
    assert Secrets(tmp_path).get("google") is None
