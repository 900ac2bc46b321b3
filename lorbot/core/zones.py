"""Time zones as people write them: "ET", "Pacific time", "America/Chicago".

"EST" in summer is what people write for New York's time, and is read so. "AoE" is the last place where a day ends,
UTC-12 (https://www.timeanddate.com/time/zones/aoe). A zone that is not in the table is not guessed: several countries
share an abbreviation.
"""

import re
from functools import lru_cache
from zoneinfo import available_timezones

ANYWHERE = "Etc/GMT+12"  # UTC-12: the tz database has the sign of POSIX (its file etcetera)

_ZONES = {
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York", "eastern": "America/New_York",
    "ct": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago", "central": "America/Chicago",
    "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver", "mountain": "America/Denver",
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles",
    "akt": "America/Anchorage", "akst": "America/Anchorage", "akdt": "America/Anchorage", "alaska": "America/Anchorage",
    "hst": "Pacific/Honolulu", "hawaii": "Pacific/Honolulu",
    "utc": "UTC", "gmt": "UTC", "z": "UTC", "aoe": ANYWHERE,
}  # fmt: skip
_PLACE = re.compile(r"\b[a-z]+(?:/[a-z][a-z_+-]*)+", re.IGNORECASE)
_ANYWHERE = re.compile(
    r"\b(?:aoe|anywhere on (?:the )?earth)\b|\(?\b(?:utc|gmt) ?[-−–] ?12(?::00)?\b\)?", re.IGNORECASE
)
_OFFSET = re.compile(r"\b(?:utc|gmt) ?[-+−–] ?\d|:\d{2} ?[-+−]\d{2}:?\d{2}\b", re.IGNORECASE)
_AFTER_TIME = re.compile(r"(?:\d|\b[APap]\.?[Mm]\.?) ?(?!SEPT|OCT|SAT)([A-Z]{2,4}T)\b")


def named_in(text: str) -> str:
    """The IANA name of the time zone that `text` names, or ""."""
    if _ANYWHERE.search(text):
        return ANYWHERE
    places = [place.lower().replace(" ", "_") for place in _PLACE.findall(text)]
    if known := next((_by_lower_case()[place] for place in places if place in _by_lower_case()), ""):
        return known
    words = re.findall(r"[a-z]+", text.lower())
    return next((_ZONES[word] for word in words if word in _ZONES), "")


def is_foreign(text: str) -> bool:
    """Whether a time in `text` is in a zone that is not known here: "17:00 CEST", "17:00 UTC+2"."""
    text = without_anywhere(text.strip())
    return bool(_OFFSET.search(text)) or any(found[1].lower() not in _ZONES for found in _AFTER_TIME.finditer(text))


def without_anywhere(text: str) -> str:
    """`text` without the words for the last place where a day ends, and without its offset."""
    return _ANYWHERE.sub(" ", text)


@lru_cache(maxsize=1)
def _by_lower_case() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}
