"""The kind of value the core is made of: frozen, keyword-only, closed; and text that cannot start a header.

A value is changed with `dataclasses.replace`, which checks the new one.
"""

import dataclasses
import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, cast, dataclass_transform

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass

T = TypeVar("T")

LINE_LIMIT = 500  # characters; a header line of RFC 5322 may hold 998 octets
TEXT_LIMIT = 200_000  # characters of one mail's text; more is cut by the parser before it gets here

_BREAKS_AND_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_CONTROLS_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(dataclasses.field, Field))
def value(cls: type[T]) -> type[T]:
    """Make `cls` a value: frozen, keyword-only, checked, with no unknown fields.

    Raises pydantic.ValidationError when one is made from the wrong types.
    """
    made = dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))(cls)
    return cast("type[T]", made)


def one_line(text: str, most: int = LINE_LIMIT) -> str:
    """Text as one line: breaks and controls become one space, so that it can never start a second header
    (CVE-2024-6923 and its kin); characters that reorder or hide text are dropped. Doing it twice changes nothing.
    """
    if text.isascii() and text.isprintable():  # most are: nothing to take out, nothing to compose
        return text.strip(" ")[:most].strip(" ")
    visible = _INVISIBLE.sub("", _BREAKS_AND_CONTROLS.sub(" ", text)).strip()
    return unicodedata.normalize("NFC", visible[:most]).strip()


def many_lines(text: str, most: int = TEXT_LIMIT) -> str:
    r"""Text with `\n` line ends and no control characters but tab. Doing it twice changes nothing."""
    text = _CONTROLS_IN_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text)[:most]).strip("\n")


def _line(given: Any) -> Any:
    return one_line(given) if isinstance(given, str) else given


def _text(given: Any) -> Any:
    return many_lines(given) if isinstance(given, str) else given


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Line = Annotated[str, BeforeValidator(_line)]
"""One line of text, made safe on the way in."""

Text = Annotated[str, BeforeValidator(_text)]
"""Text of several lines, made safe on the way in."""

Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A point in time, aware, in UTC."""
