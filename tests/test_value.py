"""The kind of value the core is made of: closed, frozen, and unable to start a header."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lorbot.core.message import Address
from lorbot.core.value import Line, Moment, Text, many_lines, one_line, value


@value
class Note:
    title: Line
    body: Text = ""
    at: Moment = datetime(2027, 1, 1, tzinfo=UTC)


def test_a_value_is_frozen_and_closed() -> None:
    note = Note(title="a")
    with pytest.raises(FrozenInstanceError):
        note.title = "b"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Note(title="a", colour="blue")  # type: ignore[call-arg]
    with pytest.raises(ValidationError):
        Note("a")  # type: ignore[misc]


def test_a_changed_value_is_checked_again() -> None:
    with pytest.raises(ValidationError):
        replace(Note(title="a"), at=datetime(2027, 1, 1))  # noqa: DTZ001 - a naive time is what must be refused
    assert replace(Note(title="a"), title="b\nBcc: x@y.example").title == "b Bcc: x@y.example"


def test_a_moment_is_kept_in_utc() -> None:
    local = datetime(2027, 1, 1, 12, tzinfo=timezone(timedelta(hours=-5)))
    assert Note(title="a", at=local).at.isoformat() == "2027-01-01T17:00:00+00:00"


@pytest.mark.parametrize(
    ("given_text", "line"),
    [
        ("two\r\nlines", "two lines"),
        ("form\x0cfeed\x00nul\x85next\u2028sep\u2029par", "form feed nul next sep par"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("  spaces  ", "spaces"),
        ("e\u0301", "é"),
        ("x" * 600, "x" * 500),
    ],
)  # fmt: skip
def test_one_line_is_one_line(given_text: str, line: str) -> None:
    assert one_line(given_text) == line


@given(st.text())
def test_a_line_cannot_start_a_header_and_stays_as_it_is(text: str) -> None:
    line = one_line(text)
    assert line.splitlines() in ([], [line])
    assert one_line(line) == line


@given(st.text())
def test_a_text_has_only_plain_line_ends_and_stays_as_it_is(text: str) -> None:
    lines = many_lines(text)
    assert "\r" not in lines
    assert "\x00" not in lines
    assert many_lines(lines) == lines


def test_a_name_with_a_line_break_is_no_header() -> None:
    assert Address(email="a@b.example", name="Eve\r\nBcc: all@b.example").name == "Eve Bcc: all@b.example"
