"""The one path to the web: addresses, redirects, limits, repetitions, and what is said."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import pytest

from blocker.calendars.access import Access
from blocker.calendars.secrets import Secrets
from blocker.calendars.web.addresses import Guard, place_of
from blocker.calendars.web.client import Limits, Web
from blocker.calendars.web.sign_in import SignIn, sign_in_of
from blocker.domain.errors import Unreachable
from blocker.domain.member import CalendarRef
from tests.calendars.texts import NOW
from tests.odd_server import (
    Asked,
    OddServer,
    Reply,
    always,
    certificate_for,
    odd_server,
    one_by_one,
)

SECRET = SignIn("Basic c2VjcmV0", "the password of ana, from $ANA")


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def limits(slept: list[float]) -> Limits:
    """Waits are only noted down."""
    return Limits(sleep=slept.append, chance=lambda: 0.5)


@pytest.fixture
def web(limits: Limits) -> Callable[..., Web]:
    def make(server: OddServer, *, allowed: str | None = None, own: bool = True, **more) -> Web:
        hosts = frozenset([allowed] if allowed else [])
        guard = Guard("feed", hosts, "127.0.0.1" if own else None)
        return Web(guard, server.root + "/", **{"limits": limits, **more})

    return make


def said(web: Web, method: str = "GET", path: str = "", **more) -> str:
    """The error that a request ends with."""
    with pytest.raises(Unreachable) as caught:
        web.ask(method, web.home + path, **more)
    message = str(caught.value)
    assert "\n" not in message and "c2VjcmV0" not in message
    return message


class TestFault39:
    """Addresses on this machine, its networks and a cloud's metadata are not asked."""

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "::7f00:1", "0.0.0.0", "::",
            "169.254.169.254", "169.254.1.1", "fe80::1%eth0", "fd00:ec2::254", "100.100.100.200",
            "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "10.0.0.1", "192.168.1.1", "172.16.0.1",
            "fd12::1", "100.64.0.1", "224.0.0.1", "ff02::1", "255.255.255.255",
        ],
    )  # fmt: skip
    def test_fault_39_addresses_that_the_internet_does_not_reach(self, address: str) -> None:
        assert place_of(address) is not None

    def test_addresses_of_the_internet_are_asked(self) -> None:
        assert [place_of(one) for one in ("93.184.215.14", "2606:4700::1111")] == [None, None]

    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "[::1]"]
    )
    def test_fault_39_odd_spellings_of_this_machine_are_refused(
        self, limits: Limits, host: str
    ) -> None:
        with odd_server(always(200, "secret")) as server:
            home = f"http://{host}:{server.port}/"
            message = said(Web(Guard("feed"), home, goes_elsewhere=True, limits=limits))
            assert (
                "is not asked; if that is meant, add to the config: network: {allow: [" in message
            )
            assert server.asked == []

    def test_fault_39_a_host_that_the_config_allows_is_asked(self, web) -> None:
        with odd_server(always(200, "good")) as server:
            named = web(server, allowed=f"127.0.0.1:{server.port}", own=False)
            assert named.ask("GET", server.root).body == b"good"
            assert web(server, allowed="127.0.0.1", own=False).ask("GET", server.root).status == 200
            said(web(server, allowed="127.0.0.1:1", own=False))

    def test_fault_39_a_team_s_own_server_is_asked_only_as_it_is_written(self, web) -> None:
        with odd_server(always()) as server:
            assert web(server).ask("GET", server.root).status == 200
            rebound = Guard("feed", own="2130706433")
            with pytest.raises(Unreachable, match="this machine itself"):
                rebound.resolve("2130706433", server.port)
            hidden = Guard("feed", own="169.254.169.254")
            with pytest.raises(Unreachable, match="an address that no calendar has"):
                hidden.resolve("169.254.169.254", 80)

    def test_fault_39_a_redirect_to_this_machine_is_refused(self, web) -> None:
        with odd_server(always(200, "secret")) as inner:
            moved = always(302, Location=f"http://127.0.0.1:{inner.port}/")
            with odd_server(moved) as server:
                allowed = f"127.0.0.1:{server.port}"
                asking = web(server, allowed=allowed, own=False, goes_elsewhere=True)
                message = said(asking)
                assert "sends us where we do not go: 127.0.0.1 is at 127.0.0.1" in message
                assert "allow" not in message  # whoever redirects is not to be obeyed
                assert inner.asked == []

    def test_fault_39_every_address_of_a_name_is_checked_and_the_checked_ones_are_used(
        self,
    ) -> None:
        """No second look-up lies between check and use, so a name cannot change in between."""
        found = Guard("feed", own="localhost").resolve("localhost", 80)
        assert found and all(ipaddress.ip_address(one[4][0]).is_loopback for one in found)

    def test_fault_39_a_redirect_to_a_file_is_refused(self, web) -> None:
        with odd_server(always(302, Location="file:///etc/passwd")) as server:
            assert "no address of the web" in said(web(server, goes_elsewhere=True))


class TestFault22:
    """Redirects, certificates, slow and huge answers."""

    def test_fault_22_passwords_stay_with_their_server(self, web) -> None:
        with odd_server(always(200, "feed")) as other:
            moved = always(302, Location=f"{other.root}/feed")
            with odd_server(moved) as server:
                asking = web(server, sign_in=SECRET, goes_elsewhere=True, allowed="127.0.0.1")
                assert asking.ask("GET", server.root).body == b"feed"
                assert "authorization" in server.asked[0].headers
                assert "authorization" not in other.asked[0].headers

    def test_fault_22_an_account_is_not_carried_to_another_server(self, web) -> None:
        with odd_server(always()) as other, odd_server(always(307, Location=other.root)) as server:
            message = said(web(server, sign_in=SECRET), "PROPFIND")
            assert f"another server, 127.0.0.1:{other.port}" in message and other.asked == []

    def test_fault_22_redirects_within_a_server_are_followed_so_far(self, web) -> None:
        def answer(asked: Asked) -> Reply:
            step = int(asked.path.strip("/") or 0)
            return (
                Reply(200, b"end")
                if step == 5
                else Reply(301, headers={"Location": f"/{step + 1}"})
            )

        with odd_server(answer) as server:
            assert web(server, sign_in=SECRET).ask("REPORT", server.root, body=b"x").body == b"end"
            assert {asked.method for asked in server.asked} == {"REPORT"}
            server.answer = always(301, Location="/again")
            assert "without end" in said(web(server))

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PROPFIND", "REPORT"])
    def test_fault_22_a_redirect_asks_the_same_or_nothing(
        self, web, method: str, status: int
    ) -> None:
        """The 200 of a GET elsewhere never counts as written."""
        moved = always(status, Location="/there")
        with odd_server(one_by_one(moved, always(200))) as server:
            if method in ("PUT", "DELETE") and status < 307:
                assert f"sends us elsewhere to write ({status})" in said(web(server), method)
                assert server.methods() == [method]
            else:
                assert web(server).ask(method, server.root, body=b"x").status == 200
                assert server.methods() == [method, method]
                assert server.asked[1].body == b"x"

    @pytest.mark.parametrize(
        "place", ["http://[x/", "http://127.0.0.1:abc/", "//127.0.0.1:99999/", "x:y"]
    )
    def test_fault_22_a_redirect_to_no_address_is_said(self, web, place: str) -> None:
        with odd_server(always(302, Location=place)) as server:
            message = said(web(server, goes_elsewhere=True))
            assert "feed sends us to no address" in message and "correct the address" in message

    def test_fault_22_a_redirect_never_leaves_encryption(self, tmp_path: Path, web) -> None:
        certificate = certificate_for("127.0.0.1", tmp_path)
        moved = always(301, Location="http://127.0.0.1/x")
        with odd_server(moved, certificate) as server:
            asking = web(server, goes_elsewhere=True, authorities=str(certificate))
            assert "unencrypted, and is not followed" in said(asking)

    def test_fault_22_a_bad_certificate_is_said(self, tmp_path: Path, web) -> None:
        with odd_server(always(), certificate_for("127.0.0.1", tmp_path)) as server:
            assert "certificate is not valid (self-signed" in said(web(server))
            assert server.asked == []
        certificate = certificate_for("calendar.example", tmp_path)
        with odd_server(always(), certificate) as server:
            message = said(web(server, authorities=str(certificate)))
            assert "certificate is not valid (IP address mismatch" in message

    @pytest.mark.parametrize("part", ["body", "head"])
    def test_fault_22_five_bytes_a_second_end(self, web, limits: Limits, part: str) -> None:
        drip = repeat(b"x" * 5)
        if part == "head":  # headers that never end
            drip = (f"X-{n}: y\r\n".encode() for n in range(10**6))
        with odd_server(lambda _: Reply(200, drip, pause=0.1)) as server:
            if part == "head":
                server._http.RequestHandlerClass.end_headers = lambda self: self.flush_headers()
            began = time.monotonic()
            asking = web(server, limits=replace(limits, total=1.0))
            assert "takes too long to answer; run again later" in said(asking)
            assert time.monotonic() - began < 30

    def test_fault_22_a_huge_body_is_not_read(self, web, limits: Limits) -> None:
        pieces = (b"x" * 1_000_000 for _ in range(2000))
        with odd_server(lambda _: Reply(200, pieces)) as server:
            message = said(web(server, limits=replace(limits, body=3_000_000)))
            assert "more than 3 MB" in message
        assert next(pieces)  # most of it was never taken

    @pytest.mark.parametrize("scheme", ["http", "https"])
    def test_fault_22_a_server_that_takes_nothing_ends(self, limits: Limits, scheme: str) -> None:
        """Neither the handshake nor sending waits for ever."""
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            home = f"{scheme}://127.0.0.1:{deaf.getsockname()[1]}/"
            asking = Web(Guard("feed", own="127.0.0.1"), home, limits=replace(limits, total=0.5))
            message = said(asking, "PUT", body=b"x" * 20_000_000)
            assert "takes too long to answer; run again later" in message

    def test_fault_22_the_body_of_a_redirect_is_not_read_beyond_the_limit(
        self, web, limits: Limits
    ) -> None:
        pieces = (b"x" * 1_000_000 for _ in range(2000))
        moved = Reply(302, pieces, {"Location": "/there"})
        with odd_server(lambda _: moved) as server:
            message = said(web(server, limits=replace(limits, body=3_000_000)))
            assert "more than 3 MB" in message
        assert next(pieces)  # most of it was never taken

    def test_fault_22_a_packed_bomb_is_not_unpacked(self, web, limits: Limits) -> None:
        packed = gzip.compress(b"\0" * 100_000_000)
        with odd_server(always(200, packed, Content_Encoding="gzip")) as server:
            assert "more than 3 MB" in said(web(server, limits=replace(limits, body=3_000_000)))
            server.answer = always(200, gzip.compress(b"fine"), Content_Encoding="gzip")
            assert web(server).ask("GET", server.root).body == b"fine"


class TestFault16:
    """What fails in passing is tried again, with growing waits and an end."""

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_fault_16_a_busy_server_is_asked_again(self, web, slept, status: int) -> None:
        with odd_server(one_by_one(always(status), always(status), always(200, "ok"))) as server:
            assert web(server).ask("GET", server.root).body == b"ok"
        assert slept == [0.75, 1.5]

    def test_fault_16_retry_after_is_obeyed_in_seconds_and_as_a_date(self, web, slept) -> None:
        stamps = {
            "Date": "Mon, 04 Jan 2027 08:00:00 GMT",
            "Retry_After": "Mon, 04 Jan 2027 08:00:09 GMT",
        }
        answers = always(429, Retry_After="7"), always(503, **stamps), always()
        with odd_server(one_by_one(*answers)) as server:
            web(server).ask("GET", server.root)
        assert slept == [7 + 0.75 / 4, 9 + 1.5 / 4]

    @pytest.mark.parametrize("date", [f"Mon, 04 Jan {'9' * 30} 08:00:00 GMT", "-1", "soon"])
    def test_fault_16_a_retry_after_that_means_nothing_is_none(self, web, slept, date) -> None:
        with odd_server(one_by_one(always(429, Retry_After=date, Date=date), always())) as server:
            web(server).ask("GET", server.root)
        assert slept == [0.75]

    def test_fault_16_a_rest_longer_than_we_may_wait_is_said(self, web, slept) -> None:
        with odd_server(always(503, Retry_After="3600")) as server:
            assert "asks for 3600 seconds of rest; run again later" in said(web(server))
        assert slept == []

    def test_fault_16_a_connection_closed_without_a_word_is_tried_again(self, web) -> None:
        with odd_server(one_by_one(lambda _: None, always(200, "ok"))) as server:
            assert web(server).ask("GET", server.root).body == b"ok"

    def test_fault_16_it_ends_after_some_tries_or_when_the_time_is_over(
        self, web, limits: Limits, slept
    ) -> None:
        with odd_server(always(500)) as server:
            assert "has a problem of its own (500); run again later" in said(web(server))
            assert len(server.asked) == limits.tries
            clock = iter(range(0, 10_000, 25))
            hasty = replace(limits, monotonic=lambda: float(next(clock)))
            server.asked.clear()
            said(web(server, limits=hasty))
            assert 0 < len(server.asked) < limits.tries

    def test_fault_16_what_must_not_happen_twice_is_asked_once(self, web) -> None:
        with odd_server(always(503)) as server:
            said(web(server), "PUT", may_repeat=False)
            assert len(server.asked) == 1

    def test_nobody_at_the_door_is_said(self, web) -> None:
        with odd_server(always()) as server:
            asking = web(server)
        assert "is not there (connection refused)" in said(asking)


class TestFault19And41:
    """Sign-ins: what to do is said, the secret never."""

    @pytest.mark.parametrize(
        ("sign_in", "headers", "words"),
        [
            (SECRET, {}, "refuses the password of ana, from $ANA; correct it (iCloud,"),
            (None, {}, "asks for a sign-in; write `username: ...`"),
            (SECRET, {"WWW_Authenticate": "Digest realm=x"}, "let the server take Basic"),
        ],
    )
    def test_fault_19_a_refused_sign_in_says_what_to_do(self, web, sign_in, headers, words) -> None:
        with odd_server(always(401, **headers)) as server:
            assert words in said(web(server, sign_in=sign_in))
            assert len(server.asked) == 1  # no password is tried twice

    @pytest.mark.parametrize(
        ("status", "method", "words"),
        [
            (403, "PUT", "may not be written with this account (403); ask its owner"),
            (403, "REPORT", "may not be read with this account (403); ask its owner"),
            (404, "GET", "there is no calendar at this address (404); correct it"),
            (507, "PUT", "storage is full (507); make room"),
            (405, "REPORT", "does not understand what is asked of a calendar (405)"),
            (418, "GET", "refuses what is asked of a calendar (418)"),
        ],
    )
    def test_every_status_says_what_to_do(self, web, status, method, words) -> None:
        with odd_server(always(status)) as server:
            assert words in said(web(server, sign_in=SECRET), method)
            assert len(server.asked) == 1

    def test_fault_41_no_password_is_sent_unencrypted_to_another_machine(self, limits) -> None:
        home = "http://calendar.example/ana/"
        message = said(Web(Guard("dav"), home, SECRET, limits=limits))
        assert "password unencrypted; write https://" in message
        assert "allow: [calendar.example]" in message

    def test_fault_41_no_netrc_no_proxy_no_cookies(
        self, web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        with odd_server(always(200, "", Set_Cookie="a=b; Path=/")) as server:
            asking = web(server)
            asking.ask("GET", server.root)
            asking.ask("GET", server.root)
            assert not {"authorization", "cookie"} & {*server.asked[1].headers}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"token_env": "ODD"}, "ODD holds letters that no token has"),
        ({"token_env": "LINES"}, "LINES holds letters that no token has"),
        ({"username": "ana", "password_env": "LINES"}, "LINES holds letters that cannot be sent"),
        ({"username": "ana", "password_env": "BYTES"}, "BYTES holds letters that cannot be sent"),
        ({"username": "ana"}, "no password of ana is known; run: blocker login caldav --for ana"),
    ],
)
def test_fault_19_a_secret_that_is_not_there_or_cannot_be_sent_is_named(
    tmp_path: Path, options: dict[str, str], words: str
) -> None:
    given = {"ODD": "t0ken\u2019", "LINES": "t0ken\nt0ken", "BYTES": "t0ken\udcff"}
    ref = CalendarRef("url", "https://x.example/", "feed", "url x", options=options)
    with pytest.raises(Unreachable) as caught:
        sign_in_of(ref, Access(NOW, given, secrets=tmp_path), "ana")
    message = str(caught.value)
    assert message.startswith("feed: ") and words in message
    assert "t0ken" not in message and "\n" not in message


def test_fault_19_a_kept_password_that_cannot_be_sent_says_how_to_keep_it_anew(
    tmp_path: Path,
) -> None:
    Secrets(tmp_path).set("caldav ana@x.example", "t0ken\nt0ken")
    ref = CalendarRef("caldav", "https://x.example/", "dav", "x", options={"username": "ana"})
    with pytest.raises(Unreachable) as caught:
        sign_in_of(ref, Access(NOW, secrets=tmp_path), "ana")
    assert str(caught.value) == (
        "dav: the kept password of ana holds letters that cannot be sent, such as the end of a"
        " line; run: blocker login caldav --for ana"
    )


def test_a_password_of_any_letters_is_sent(tmp_path: Path) -> None:
    ref = CalendarRef(
        "caldav", "https://x.example/", "dav", "x", options={"username": "ana", "password_env": "P"}
    )
    found = sign_in_of(ref, Access(NOW, {"P": "p\u2019\u00e9"}))
    assert found is not None and found.header == "Basic YW5hOnDigJnDqQ=="


def test_fault_22_many_slow_answers_end_too(web, limits: Limits) -> None:
    """Each in time, together without end: one job has a limit of its own."""
    clock = iter(range(0, 10_000, 10))
    slow = replace(limits, monotonic=lambda: float(next(clock)), whole=200.0)
    with odd_server(always()) as server:
        asking = web(server, limits=slow)
        with pytest.raises(Unreachable, match="takes too long to answer"):
            for _ in range(100):
                asking.ask("GET", server.root)
        assert 3 <= len(server.asked) <= 20
        asking.begin()
        assert asking.ask("GET", server.root).status == 200
