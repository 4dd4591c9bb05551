"""What the house promises about itself, checked by reading its source."""

import re
from pathlib import Path

import blocker

SOURCE = Path(blocker.__file__).parent


def files() -> dict[str, str]:
    return {
        str(path.relative_to(SOURCE)): path.read_text(encoding="utf-8")
        for path in SOURCE.rglob("*.py")
    }


def test_fault_35_only_the_workspace_reads_clock_and_environment():
    readers = re.compile(
        r"\bdatetime\.now\(|\.utcnow\(|\btime\.time\(|date\.today\(|os\.environ\b|os\.getenv\("
    )
    found = {name for name, text in files().items() if readers.search(text)}
    assert found == {"workspace.py"}


def test_decisions_are_dated_and_at_most_eight_lines():
    text = (SOURCE / "DECISIONS.md").read_text(encoding="utf-8")
    entries = [part for part in text.split("\n\n") if part.startswith("**")]
    assert len(entries) >= 5
    for entry in entries:
        assert re.match(r"\*\*20\d\d-\d\d-\d\d ", entry), entry
        assert len(entry.splitlines()) <= 8, entry


def test_nothing_but_the_design_stands_at_the_top():
    top = SOURCE.parent
    if not (top / "fixtures").exists():
        return  # installed from a wheel: there is no top to look at
    allowed = {"pyproject.toml", "README.md", "blocker", "tests", "fixtures", "config.example.yaml"}
    found = {path.name for path in top.iterdir() if not path.name.startswith(".")}
    assert found - {"config.yaml"} <= allowed
