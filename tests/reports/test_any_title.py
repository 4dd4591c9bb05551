"""Faults 36, 37 and 38: whatever a title holds, it is shown as text and nothing obeys it."""

import io
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from blocker.reports.as_html import audit_html
from blocker.reports.as_junit import audit_junit
from blocker.reports.as_markdown import audit_markdown
from blocker.reports.as_rows import audit_rows
from blocker.reports.audit_table import show_audit
from blocker.reports.terminal import plain
from tests.reports.drifted import drifted

WICKED = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    '" onmouseover="alert(1)',
    "]]><failure/>",
    "{{ 7 * 7 }}{% raw %}",
    "one\r\nBEGIN:VALARM",
    "red \x1b[31m and \x00 and \x85",
    "\u202eturned\u2066",
    "| a | [x](javascript:1) `code` ~~gone~~ &lt;b&gt;",
    "=1+1",
    "\ufffe\uffff\ud800",
]


def any_title(test):
    for title in WICKED:
        test = example(title)(test)
    return settings(max_examples=60)(given(st.text(min_size=1))(test))


class _Seen(HTMLParser):
    """The elements of a page with the names of their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, *(name for name, _ in attrs)))

    def handle_data(self, data):
        self.text += data


def is_clean(text: str) -> bool:
    return all(letter.isprintable() or letter == "\n" for letter in text)


PAGE = _Seen(audit_html(*drifted()).decode())


@any_title
def test_html(title):
    seen = _Seen(audit_html(*drifted(title)).decode())
    assert seen.elements == PAGE.elements
    assert plain(title) in seen.text
    assert is_clean(seen.text)


def tree(element) -> list:
    return [element.tag, *element.attrib, [tree(child) for child in element]]


XML = tree(ElementTree.fromstring(audit_junit(*drifted())))


@any_title
def test_junit(title):
    root = ElementTree.fromstring(audit_junit(*drifted(title)))
    assert tree(root) == XML
    assert root.find("testsuite/testcase").get("name") == "T-1 " + plain(title).replace("\n", " ")
    assert is_clean("".join(root.itertext()))


LINES = len(audit_markdown(*drifted()).splitlines())


@any_title
def test_markdown_rows_and_table(title):
    report, team = drifted(title)
    text = audit_markdown(report, team)
    assert len(text.split("\n")) == LINES
    assert is_clean(text)
    cells = [cell for row in audit_rows(report, team) for cell in row if isinstance(cell, str)]
    assert all(map(is_clean, cells))
    out = Console(file=io.StringIO(), width=10_000, markup=False, emoji=False)
    show_audit(report, team, (title,), out)
    assert is_clean(out.file.getvalue())


@pytest.mark.parametrize("letter", "\\`*_[]<>|#~&$")
def test_markdown_shows_each_letter_as_it_is(letter):
    assert f"“a \\{letter} b”" in audit_markdown(*drifted(f"a {letter} b"))
