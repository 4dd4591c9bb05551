"""The audit's page in a real browser: it stands alone, fits every screen, and all can read it."""

import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from blocker.reports.as_html import audit_html
from tests.reports.drifted import drifted, many

LONG = "Die Donaudampfschifffahrtsgesellschaftskapitänsmützenverkaufsförderungskampagne"


@pytest.fixture
def show(browser, tmp_path):
    """Opens a report's page; whatever it asks for or complains about fails the test."""
    pages = []

    def shown(report, team, width=1280, scheme="light"):
        path = tmp_path / "audit.html"
        path.write_bytes(audit_html(report, team, ("a note",)))
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        trouble, asked = [], []
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        pages.append((page, trouble, asked))
        return page

    yield shown
    for page, trouble, asked in pages:
        page.close()
        assert trouble == []
        assert len(asked) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1280])
def test_it_fits_and_axe_finds_nothing(show, width, scheme):
    page = show(*many(7, LONG), width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    grave = [
        (one["id"], [node["target"] for node in one["nodes"]])
        for one in Axe().run(page).response["violations"]
    ]
    assert grave == []


def test_the_verdict_comes_first_in_words(show):
    report, team = drifted()
    page = show(report, team)
    assert page.locator("h1").all_inner_texts() == ["S27 no longer holds"]
    assert page.title() == "S27 no longer holds – S27, 4-17 Jan 2027, accepted – Small Team"
    assert page.locator(".figures").inner_text().startswith("Still standing\n57%\n4h of 7h")
    held = replace(report, accepted=None, members=(replace(report.members[0], findings=()),))
    assert "does not hold" not in show(held, team).locator("h1").inner_text()


def test_the_grid_names_work_marks_what_is_wrong_and_hides_the_rest(show):
    page = show(*drifted())
    first, second = page.locator("table.days").all()
    heads = first.locator("thead th").all_inner_texts()
    assert heads[:4] == ["Person", "Mon 4 Jan", "Tue 5 Jan today", "Wed 6 Jan"]
    cells = [" ".join(text.split()) for text in first.locator("tbody td").all_inner_texts()]
    assert cells == [
        "10:00–11:00 Landing page · done",
        "10:00–12:00 Landing page 14:00–16:00 Landing page ! gone",
        "",
        "10:00–12:00 Landing page × overlapped, moved 11:00–13:00 busy",
        "09:00–10:00 busy",
        "off",
        "off",
    ]
    assert len(second.locator("thead th").all()) == 8
    assert "Dentist" not in page.content()


def test_a_message_can_be_taken_with_one_click(show):
    page = show(*drifted())
    page.get_by_text("A message to pass on to Ana").click()
    page.locator(".message").click()
    taken = page.evaluate("getSelection().toString()")
    assert taken.startswith("Hi Ana, for S27 this is still open in your calendar:\n- T-1")
    assert taken.endswith("says why.")


@pytest.mark.parametrize("number", [7, 60])
def test_paper_is_a4_across_and_rows_are_kept_whole(show, number, tmp_path):
    page = show(*many(number))
    path = tmp_path / "audit.pdf"
    page.pdf(path=path, prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", path.read_bytes())
    assert {(round(float(wide)), round(float(high))) for wide, high in boxes} == {(842, 595)}
    page.emulate_media(media="print")
    inside = "e => [...e].map(one => getComputedStyle(one).breakInside)"
    rows = page.evaluate(f"({inside})(document.querySelectorAll('tr'))")
    assert set(rows) == {"avoid"}


def test_no_script_runs_and_nothing_is_loaded_whatever_is_written(show):
    report, team = drifted("<img src=x onerror=alert(1)><script>alert(1)</script>")
    page = show(report, team)
    assert page.locator("script, img, link, iframe, a, [style]").count() == 0
    policy = page.locator("meta[http-equiv]").get_attribute("content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert page.evaluate("getComputedStyle(document.querySelector('.figures')).display") == "grid"
