"""Durations: each accepted spelling, what is refused, and that nothing is lost on the way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocker.intake.durations import LONGEST, parse_duration
from blocker.intake.problems import Wrong


def minutes(text: str, **options: object) -> int:
    return parse_duration(text, **options) // timedelta(minutes=1)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("90m", 90),
        ("2h", 120),
        ("1h30", 90),
        ("1:30", 90),
        ("2.5h", 150),
        ("PT2H30M", 150),
        ("pt45m", 45),
        ("PT2H", 120),
        ("PT1.5H", 90),
        ("1h 30m", 90),
        ("1 h 30 min", 90),
        ("1 hour 30 minutes", 90),
        ("45 min", 45),
        ("2 hours", 120),
        ("1h05", 65),
        ("0:45", 45),
        ("30:00", 1800),
        ("1:30:00", 90),
        ("2,5h", 150),
        ("2.5 hrs", 150),
        ("2 Std.", 120),
        ("1,5 heures", 90),
        ("30 Minuten", 30),
        (" 2H ", 120),
        ("2\u00a0h", 120),
        ("+2h", 120),
        ("400h", 24_000),
        ("0.75h", 45),
        ("２ｈ", 120),
        ("٢h", 120),
        ("0,25 h", 15),
    ],
)
def test_accepted(text: str, wanted: int) -> None:
    assert minutes(text) == wanted


@pytest.mark.parametrize(
    ("text", "locale", "wanted"),
    [
        ("2,5h", "fr_FR", 150),
        ("2.5h", "de_DE", 150),
        ("1,125h", "de_DE", 68),
        ("1.125h", "en_US", 68),
        ("1.125h", None, 68),
        ("2٫5h", "ar_EG", 150),
    ],
)
def test_locales(text: str, locale: str | None, wanted: int) -> None:
    assert minutes(text, locale=locale) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "0",
        "0h",
        "0m",
        "0:00",
        "PT0H",
        "-2h",
        "−2h",
        "-1:30",
        "NaN",
        "nan h",
        "inf",
        "-inf",
        "Infinity",
        "2",
        "2.5",
        "2d",
        "1 day",
        "1w",
        "P1D",
        "PT",
        "P",
        "h",
        "1h60",
        "1:60",
        "1:3",
        "1h30m20s",
        "two hours",
        "2h 2h",
        "1e3h",
        "1_000h",
        "0x10h",
        "2..5h",
        "2.5.1h",
        "10001h",
        "9" * 40 + "h",
        "0.001h",
        "\x00",
        "2h\x00",
        "½h",
        "1.500h,",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(Wrong) as caught:
        parse_duration(text)
    assert caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("locale", ["de_DE", "fr_FR"])
def test_thousands_are_never_taken_for_decimals(locale: str) -> None:
    with pytest.raises(Wrong, match="two ways"):
        parse_duration("1.500h", locale=locale)


def test_a_plain_number_is_hours_only_in_a_column_of_hours() -> None:
    assert minutes("2", plain_is_hours=True) == 120
    assert minutes("2,5", plain_is_hours=True, locale="fr_FR") == 150
    assert minutes("90m", plain_is_hours=True) == 90
    with pytest.raises(Wrong, match="no unit"):
        parse_duration("2")


def test_zero_where_it_is_fine() -> None:
    assert minutes("0m", zero_is_fine=True) == minutes("0", zero_is_fine=True) == 0


@given(st.integers(1, int(LONGEST / timedelta(minutes=1))))
def test_every_spelling_of_a_length_gives_it_back(length: int) -> None:
    hours, rest = divmod(length, 60)
    spellings = [f"{length}m", f"{length} min", f"{hours}:{rest:02d}", f"PT{hours}H{rest}M"]
    spellings += [f"{hours}h{rest:02d}", f"{hours} h {rest} min"]
    assert {minutes(text) for text in spellings} == {length}


@given(st.decimals(Decimal("0.02"), 9000, places=2))
def test_decimal_hours_are_right_to_the_minute(hours: Decimal) -> None:
    for text in (f"{hours}h", f"{hours}h".replace(".", ",")):
        assert abs(minutes(text) - hours * 60) <= Decimal("0.5")


@given(st.text(max_size=20))
def test_anything_else_is_refused_in_words(text: str) -> None:
    try:
        assert timedelta() < parse_duration(text, plain_is_hours=True) <= LONGEST
    except Wrong as wrong:
        assert "\n" not in wrong.message
