"""`privacy: own`: the title of a colleague's meeting stands nowhere: planted, then searched for."""

import pytest

from tests.google_team import MANAGER, google_team

ANA = "ana@small.example"
FORMS = ("table", "json", "markdown", "html", "junit", "svg")
SEEN_BY_BEN = (
    ("doctor",),
    ("why", "T-1"),
    ("why", "T-3"),
    *(("audit", "--format", form) for form in FORMS),
    ("status",),
    ("status", "--for", "ana"),
    ("status", "--as-manager", "--format", "json"),
    ("store", "log"),
    ("store", "export", "--for", "ana"),
)


@pytest.fixture
def world(tmp_path, store_url):
    with google_team(tmp_path) as (google, team):
        config = (team.folder / "config.yaml").read_text()
        team.write("config.yaml", f"store: {store_url}\n{config}")
        yield google, team


def meet(google, email: str, day: int, start: str, end: str) -> None:
    title = f"Marked {'ana' if email == ANA else 'ben'} {day} {start}"
    google.calendar(email).put(title, f"2027-01-{day:02} {start}", f"2027-01-{day:02} {end}")


def test_what_ana_does_besides_work_is_hers(world):
    google, team = world
    for day in (4, 5, 6):
        meet(google, ANA, day, "09:00", "11:30")
        meet(google, MANAGER, day, "13:00", "15:00")
    tasks = team.tasks(
        "T-1,Landing page,ana,3h,1,W1 Wed,,,,",
        "T-2,Blog post,ben,2h,2,,,,,",
        "T-3,Film,ana,40h,3,W1 Wed,,,,",
    )
    said = [team.run("--as", "ben", "book", tasks)]
    meet(google, ANA, 4, "13:00", "17:00")  # over a block
    said += [team.run("--as", "ben", *words) for words in SEEN_BY_BEN]
    team.run("--as", "ben", "task", "drop", "T-3")
    said.append(team.run("--as", "ben", "book"))
    meet(google, ANA, 5, "13:00", "17:00")
    waive = ("--waive", "T-1", "--because", "it is late")
    said.append(team.run("--as", "ben", "accept", "--sprint", "S27", *waive))
    assert said[-1].code == 0, (said[-1].out, said[-1].err)
    said += [team.run("--as", "ben", *words) for words in (SEEN_BY_BEN[4], SEEN_BY_BEN[-1])]
    assert "a meeting, Tue 5 Jan 13:00-17:00 lies on the block" in said[-2].out
    for ran in said:
        assert ran.code in (0, 1), (ran.out, ran.err)
        assert "Marked ana" not in ran.out + ran.err
    mine = team.run("--as", "ana", "why", "T-1")
    assert "Marked ana" in mine.out  # it is hers to see, and this search can find it
    with team.open().store(rehearse=True) as store:
        kept = store.everything()
    assert kept["calendar_copies"] and kept["receipts"] and kept["commitments"]
    assert "Marked" not in repr(kept)
    files = [path for path in team.folder.rglob("*") if path.is_file()]
    assert [path for path in files if b"Marked" in path.read_bytes()] == []
