"""People stand in the config's order, in every view and whatever they are asked for by."""

import pytest

from tests.team import CONFIG

ZOE = """\
  - id: zoe
    name: Zoe Ito
    calendars: {busy: [], blocks: {ics: out/zoe.ics}}
"""
CONFIG_ORDER = ["zoe", "ben", "ana"]
NAMES = ["Zoe Ito", "Ben Carter", "Ana Ruiz"]
ROWS = (
    "T-1,Landing page,ana,2h,1,,,,,",
    "T-2,Blog post,ben,1h,1,,,T-1,,",
    "T-3,Report,zoe,1h,1,,,T-2,,",
    "T-4,Film,ana,90h,2,,,,,",
    "T-5,Film,zoe,90h,2,,,,,",
)


@pytest.fixture
def people(team):
    head, ana, ben = CONFIG.partition("  - id: ana")[0], *CONFIG.split("  - id: ")[1:]
    team.write("config.yaml", f"{head}{ZOE}  - id: {ben}  - id: {ana}")
    team.run("import", team.tasks(*ROWS))
    return team


@pytest.mark.parametrize("words", [("book", "--dry-run"), ("audit",), ("capacity",)], ids=" ".join)
@pytest.mark.parametrize("asked", [(), ("ana", "zoe", "ben")], ids=["all", "named"])
def test_one_order_everywhere(people, words, asked):
    named = [word for one in asked for word in ("--for", one)]
    found = people.run(*words, *named, "--format", "json").json
    assert [one["member"] for one in found["members"]] == CONFIG_ORDER
    lines = people.run(*words, *named).out.splitlines()
    places = [next(k for k, line in enumerate(lines) if line.startswith(name)) for name in NAMES]
    assert places == sorted(places)


def test_sentences_keep_it_too(people):
    assert "too much for Zoe Ito and Ana Ruiz." in people.run("capacity").out
    people.booked()
    passed_on = people.run("audit").out.split("To pass on:")[1]
    assert passed_on.index("Hi Zoe") < passed_on.index("Hi Ana")
    markdown = people.run("audit", "--format", "markdown").out
    assert [markdown.index(f"| {name} |") for name in NAMES] == sorted(
        markdown.index(f"| {name} |") for name in NAMES
    )
