"""The kinds of text and number that single settings are made of, each with its check.

A check gives the value back in its normal form, or raises PydanticCustomError; its message completes a sentence that
begins with the name of the key.
"""

import difflib
import re
import zoneinfo
from functools import cache
from typing import Annotated, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from lorbot.core.value import Line


def address(given: str) -> str:
    """A bare mail address, or nothing."""
    if not given:
        return given
    try:
        # The .test domains of RFC 6761 are for trying things out.
        checked = validate_email(given, allow_smtputf8=False, check_deliverability=False, test_environment=True)
    except EmailNotValidError as refused:
        why = str(refused).rstrip(".")
        raise _wrong(f"is no mail address ({why}); write it bare, such as jane.doe@example.edu") from refused
    return checked.ascii_email or checked.normalized


def zone(given: str) -> str:
    """The name of a time zone, or nothing."""
    if given and given not in zones():
        raise _wrong(f"names no time zone; write one such as {nearest_zone(given)}")
    return given


@cache
def zones() -> frozenset[str]:
    """The names of all time zones there are."""
    return frozenset(zoneinfo.available_timezones())


def nearest_zone(given: str) -> str:
    """The time zone that was probably meant."""
    nearest = difflib.get_close_matches(given.replace(" ", "_"), zones(), n=1)
    return nearest[0] if nearest else "America/Chicago"


def host(given: str) -> str:
    """The bare name or number of a host, or nothing."""
    if re.search(r"[\s/@]", given):
        raise _wrong("is no host name; write the bare name, such as imap.example.edu")
    return given


def keyword(given: str) -> str:
    """An IMAP keyword: an atom (RFC 3501 section 9)."""
    if not re.fullmatch(r"[A-Za-z0-9$_.+-]+", given):
        raise _wrong("is no IMAP keyword; write letters and digits, such as lorbot")
    return given


def _wrong(says: str) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{says}", {"says": says})


AddressLine = Annotated[Line, AfterValidator(address)]
GivenAddress = Annotated[Line, Field(min_length=1), AfterValidator(address)]
Zone = Annotated[Line, AfterValidator(zone)]
Host = Annotated[Line, AfterValidator(host)]
Keyword = Annotated[Line, AfterValidator(keyword)]
Port = Annotated[int, Field(ge=0, le=65535)]  # 0: the usual one
SecurityName = Literal["", "tls", "starttls", "plain"]
