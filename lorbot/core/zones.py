"""Time zones as people write them: "ET", "Pacific time", "America/Chicago".

"EST" in summer is what people write for New York's time, and is read so. A zone that is not in the table is not
guessed: several countries share an abbreviation.
"""

import re
from functools import lru_cache
from zoneinfo import available_timezones

_ZONES = {
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York", "eastern": "America/New_York",
    "ct": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago", "central": "America/Chicago",
    "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver", "mountain": "America/Denver",
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles",
    "akt": "America/Anchorage", "akst": "America/Anchorage", "akdt": "America/Anchorage", "alaska": "America/Anchorage",
    "hst": "Pacific/Honolulu", "hawaii": "Pacific/Honolulu",
    "utc": "UTC", "gmt": "UTC", "z": "UTC",
}  # fmt: skip
_PLACE = re.compile(r"\b[a-z]+(?:/[a-z][a-z_+-]*)+", re.IGNORECASE)
_AFTER_TIME = re.compile(r"(?:\d|\b[APap]\.?[Mm]\.?) ?(?!SEPT|OCT|SAT)([A-Z]{2,4}T)\b")


def named_in(text: str) -> str:
    """The IANA name of the time zone that `text` names, or ""."""
    places = [place.lower().replace(" ", "_") for place in _PLACE.findall(text)]
    if known := next((_by_lower_case()[place] for place in places if place in _by_lower_case()), ""):
        return known
    words = re.findall(r"[a-z]+", text.lower())
    return next((_ZONES[word] for word in words if word in _ZONES), "")


def is_foreign(text: str) -> bool:
    """Whether a time in `text` is in a zone that is not known here: "17:00 CEST"."""
    return any(found[1].lower() not in _ZONES for found in _AFTER_TIME.finditer(text))


@lru_cache(maxsize=1)
def _by_lower_case() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}
