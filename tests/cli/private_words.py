"""A team whose private meetings bear a word of their owner's, and the search for these words."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from blocker.cli import exits
from blocker.cli.main import _invoke
from tests.dav_servers import DavServer
from tests.odd_server import OddServer, always
from tests.team import EMPTY, Ran, Team

WORDS = {"ana": "Quetzal", "ben": "Axolotl", "chloe": "Okapi"}
"""What stands in all that is private of each, and nowhere else."""

CONFIG = """\
team:
  id: small
  name: Small Team
  timezone: Europe/Paris
  hours: {{mon-fri: 09:00-12:00 13:00-17:00}}
sprints: {{first: 2026-01-05, length: 2 weeks, name: "S{{number}}"}}
privacy: {privacy}
network: {{allow: [{feed_host}, {dav_host}]}}
members:
  - id: ana
    name: Ana Ruiz
    email: ana@small.example
    calendars:
      busy: [{{ics: ana.ics}}, {{url: "{feed}/feed.ics"}}]
      blocks: {{ics: out/ana.ics}}
  - id: ben
    name: Ben Carter
    email: ben@small.example
    role: manager
    calendars: {{busy: [{{ics: ben.ics}}], blocks: {{ics: out/ben.ics}}}}
  - id: chloe
    name: Chloe Martin
    email: chloe@small.example
    calendars:
      blocks: {{caldav: "{dav}", username: ana, password_env: DAV_PASSWORD}}
"""


def private(uid: str, word: str, day: int, clock: str, hours: int, *more: str) -> str:
    """An event with the word wherever a person can write one."""
    start = int(clock[:2])
    return "\r\n".join(
        [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            "DTSTAMP:20261201T080000Z",
            f"DTSTART;TZID=Europe/Paris:202701{day:02}T{start:02}0000",
            f"DTEND;TZID=Europe/Paris:202701{day:02}T{start + hours:02}0000",
            *([] if any(one.startswith("SUMMARY") for one in more) else [f"SUMMARY:{word} talk"]),
            f"LOCATION:{word} street",
            f"DESCRIPTION:All about {word}",
            f"COMMENT:{word}\\, again",
            f"CATEGORIES:{word}",
            f"ATTENDEE;CN={word} Miller;PARTSTAT=ACCEPTED:mailto:{word}@else.example",
            f"X-NOTE:{word}",
            *more,
            "END:VEVENT",
            "",
        ]
    )


def calendar(*events: str) -> str:
    return EMPTY.replace("END:VCALENDAR", "".join(events) + "END:VCALENDAR")


def days_of(member: str) -> str:
    """What is in a member's diary: each kind of event that a rule looks at."""
    word = WORDS[member]
    invited = (
        f"ORGANIZER;CN={word}:mailto:{word}@else.example",
        f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{member}@small.example",
    )
    return calendar(
        private(f"{member}-1", word, 4, "09:00", 3),
        private(f"{member}-2", word, 5, "13:00", 2, "RRULE:FREQ=WEEKLY;COUNT=3"),
        private(f"{member}-3", word, 6, "13:00", 1, *invited),
        private(f"{member}-4", word, 7, "10:00", 1, f"SUMMARY:Focus time {word}"),
        private(f"{member}-5", word, 7, "14:00", 1, f"SUMMARY:{word} of T-1 and T-2 and T-3"),
        private(f"{member}-6", word, 8, "14:00", 1, f"SUMMARY:\u2713 {word}"),
        private(f"{member}-7", word, 11, "09:00", 1, "STATUS:CANCELLED"),
    )


@dataclass
class PrivateTeam:
    """Ana's meetings come from a file, a feed and her calendar of blocks, Chloe's by CalDAV."""

    team: Team
    feed: OddServer
    dav: DavServer
    chloe: str
    """The address of Chloe's calendar."""
    privacy: str = "own"
    heard_by_owners: set[str] = field(default_factory=set)
    heard_by_others: list[str] = field(default_factory=list)

    def open(self) -> None:
        team = self.team
        feed, dav = (one.root.partition("//")[2] for one in (self.feed, self.dav))
        team.write(
            "config.yaml",
            CONFIG.format(
                privacy=self.privacy,
                feed=self.feed.root,
                feed_host=feed,
                dav=self.chloe,
                dav_host=dav,
            ),
        )
        team.write("ana.ics", days_of("ana"))
        team.write("ben.ics", days_of("ben"))
        team.write("out/ana.ics", calendar(private("ana-own", WORDS["ana"], 12, "09:00", 3)))
        body = calendar(private("ana-fed", WORDS["ana"], 13, "09:00", 3))
        self.feed.answer = always(200, body, ETag='"one"')
        for number, event in enumerate(days_of("chloe").split("BEGIN:VEVENT")[1:]):
            self.put_for_chloe(f"{number}.ics", "BEGIN:VEVENT" + event.partition("END:VCAL")[0])

    def put_for_chloe(self, name: str, event: str) -> None:
        self.dav.request(
            "PUT", self.chloe + name, calendar(event), **{"Content-Type": "text/calendar"}
        )

    def everybody_meets(self, day: int, clock: str, hours: int) -> None:
        """Something private comes up for everybody at once, perhaps over a block."""
        for member, word in WORDS.items():
            event = private(f"{member}-{day}-{clock[:2]}", word, day, clock, hours)
            if member == "chloe":
                self.put_for_chloe(f"late-{day}-{clock[:2]}.ics", event)
            else:
                path = self.team.folder / f"{member}.ics"
                text = path.read_bytes().decode()
                path.write_bytes(text.replace("END:VCALENDAR", event + "END:VCALENDAR").encode())

    def run(self, asker: str | None, line: str, now: str | None = None) -> Ran:
        """In this process, as on no terminal: that is quick.  What is heard is noted."""
        named = ["--as", asker] if asker else []
        arguments = ["-c", "config.yaml", "--now", now or self.team.now, *named, *line.split()]
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
        with redirect_stdout(out), redirect_stderr(err):
            code = exits.run(lambda: _invoke(arguments), verbose="-v" in arguments)
        ran = Ran(code, *map(_written, (out, err)))
        for member, word in WORDS.items():
            said = [one for one in (ran.out + ran.err).splitlines() if word.lower() in one.lower()]
            if said and member == asker:
                self.heard_by_owners.add(member)
            elif said:
                self.heard_by_others.append(f"{asker or 'nobody'}, blocker {line}: {said[0][:200]}")
        return ran

    def ana_breaks_hers(self, *, line_by_line: bool) -> None:
        """An event without a start, or lines that another program has torn apart."""
        path, word = self.team.folder / "ana.ics", WORDS["ana"]
        event = private("ana-broken", word, 14, "09:00", 1)
        if line_by_line:
            event = event.replace(
                f"DESCRIPTION:All about {word}", f"DESCRIPTION:All\r\n{word}, too"
            )
        else:
            event = re.sub("DTSTART[^\r]*\r\n", "", event)
        text = path.read_bytes().decode()
        path.write_bytes(text.replace("END:VCALENDAR", event + "END:VCALENDAR").encode())

    # Where a word may be found

    @property
    def sources(self) -> set[Path]:
        """The calendars themselves: whoever may open them sees what is in them."""
        return {self.team.folder / name for name in ("ana.ics", "ben.ics", "out/ana.ics")}

    def found_in_files(self) -> list[str]:
        """Files that somebody's word stands in, compressed or not; sources aside."""
        return [
            f"{word} in {path}"
            for path in sorted(self.team.folder.rglob("*"))
            if path.is_file() and path not in self.sources
            for word in WORDS.values()
            if any(word.lower().encode() in one.lower() for one in readings(path.read_bytes()))
        ]

    def found_in_store(self) -> list[str]:
        """Tables of the store that somebody's word stands in."""
        with self.team.open().store(rehearse=True) as store:
            everything = store.everything()
        assert everything["receipts"] and everything["calendar_copies"]
        return [
            f"{word} in {table}"
            for table, rows in everything.items()
            for word in WORDS.values()
            if any(word.lower() in text.lower() for row in rows for text in texts_in(row))
        ]

    def found_in_calendars(self) -> list[str]:
        """Words of others in the calendars that blocks are written to."""
        listed = self.dav.request("PROPFIND", self.chloe, Depth="1").content
        paths = [one.text or "" for one in ElementTree.fromstring(listed).iter("{DAV:}href")]
        texts = {
            "ana": self.team.blocks("ana"),
            "ben": self.team.blocks("ben"),
            "chloe": "".join(
                self.dav.request("GET", self.dav.root + path).text
                for path in paths
                if path.endswith(".ics")
            ),
        }
        assert all("X-BLOCKER-TASK" in text for text in texts.values())
        return [
            f"{word} in the calendar of {member}"
            for member, text in texts.items()
            for owner, word in WORDS.items()
            if owner != member and word.lower() in text.lower()
        ]


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def readings(raw: bytes) -> Iterator[bytes]:
    """Bytes as they are, and unpacked where they are packed."""
    yield raw
    for unpack in (zlib.decompress, gzip.decompress):
        try:
            yield unpack(raw)
        except (zlib.error, OSError, EOFError):
            continue


def texts_in(row: object) -> Iterable[str]:
    """All that a row holds, byte columns unpacked too."""
    values = row.values() if isinstance(row, dict) else row if isinstance(row, Iterable) else [row]
    for value in values:
        if isinstance(value, bytes | memoryview):
            for one in readings(bytes(value)):
                yield one.decode("utf-8", "replace")
        else:
            yield str(value)
