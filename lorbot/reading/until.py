"""Brings what a note of absence says of its end into dates that can be read: seasons, weeks, whole months, hours.

Invariant: text in, text out; what is not one of these forms stays as it is. Time is linear in the note.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

_MONTH = (
    r"january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_AWAY = (
    r"(?:out|ooo|away|absent|leave|vacation|holidays?|office|travel\w{0,5}|unavailable|conference|pto|abroad|off|desk"
    r"|offline)"
)
_SEASONS: dict[str, tuple[int, int]] = {"spring": (3, 1), "summer": (6, 1), "fall": (9, 1), "winter": (12, 1)}
"""The month and day from which somebody is back "in the fall"; the end of a season is the beginning of the next."""

_SPRING_TERM = (1, 15)
_NEXT = {"spring": "summer", "summer": "fall", "fall": "winter", "winter": "spring"}
_MOST_BETWEEN = 90  # days: a longer absence between two days in numbers is rather day and month exchanged

_TIMES = re.compile(
    r"(?i)(?:\b(?:at |by |the )?[0-9]{1,2}(?::[0-9]{2})? ?(?:a\.?m\.?|p\.?m\.?)(?=[\s,)]|$)|\bnoon\b|\bmidnight\b"
    r"|\b(?:the )?(?:morning|afternoon|evening) of\b)(?: (?:on|of))?,? ?"
)
_WEEK = re.compile(
    rf"(?i)\b(?P<away>{_AWAY})\b(?P<between>[^.;!?]{{0,30}}?)\b"
    r"(?P<when>this week and next(?: week)?|(?:all )?(?:of )?this week|(?:all )?(?:of )?next week|today|tomorrow)\b"
)
_BACK = re.compile(r"(?i)\b(?:back|return\w{0,3}|until|till|before|reply|respond|answer)\b")
_SEASON = re.compile(
    r"(?i)\b(?P<till>until|till|through|thru|in|for|back|returning|return)(?: in| for)?(?: the)?"
    r"(?: (?P<part>start|beginning|end) of)?(?: the)? (?:early |mid[- ]?|late )?"
    r"(?P<season>spring|summer|fall|autumn|winter)(?P<term> semester| term| quarter)?(?: of)?"
    r"(?:,? (?P<year>20[0-9]{2}))?\b"
)
_WHOLE_MONTH = re.compile(
    rf"(?i)\b(?:through|thru|(?:for )?(?:all|the (?:whole |entire )?month) of|(?:through|until) the end of)"
    rf"(?: the end of)? (?P<month>{_MONTH})\b(?!\.? ?(?:the )?[0-9]{{1,2}}(?![0-9]))"
)
_UNTIL_MONTH = re.compile(
    rf"(?i)\b(?:until|till|jusqu'en|jusqu'au mois de|hasta|bis)(?: mid-)? (?P<month>{_MONTH})\b"
    rf"(?!\.? ?(?:the )?[0-9]{{1,2}}(?![0-9]))"
)
_PARTS_ABROAD = re.compile(rf"(?i)\b(?P<part>anfang|mitte|ende|début|mi-|fin|principios de|mediados de|finales de)"
                           rf" ?(?P<month>{_MONTH})\b")  # fmt: skip
_PART_NAMES = {"a": "early", "m": "mid", "e": "end of", "d": "early", "f": "end of", "p": "early"}
_MONTH_FIRST_DOTTED = re.compile(
    r"\b(?P<a>0?[0-9]|1[0-2])\.(?P<b>1[3-9]|2[0-9]|3[01])\.(?P<year>20[0-9]{2}|[0-9]{2})\b"
)
_PAIR = re.compile(
    r"(?i)(?:\b(?P<name>mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? (?:the )?)?"
    r"\b(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2})(?:/(?P<year>(?:20)?[0-9]{2}))?\b(?!/)"
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def in_dates(text: str, written_on: date) -> str:
    """`text` with weeks, seasons, whole months and the new year as dates, and hours of the day left out."""
    text = _TIMES.sub("", text)
    text = re.sub(r"(?i)\bw/[ce]\b", "the week of", text)
    text = re.sub(r"(?i)\b(?:the )?new year(?:'s day)?\b", "January 1", text)
    text = _MONTH_FIRST_DOTTED.sub(lambda f: f"{f['a']}/{f['b']}/{f['year']}", text)
    text = _PARTS_ABROAD.sub(lambda f: f"{_part(f['part'])} {f['month']}", text)
    text = _WEEK.sub(lambda f: _week(f, written_on), text)
    text = _SEASON.sub(lambda f: _season(f, written_on), text)
    text = _WHOLE_MONTH.sub(lambda f: f"through the end of {f['month']}", text)
    return _UNTIL_MONTH.sub(lambda f: f"until {f['month']} 1", text)


def is_day_first(text: str, written_on: date) -> bool:
    """Whether number pairs are day/month: by a day of the week beside one, or because an absence that lasts now, and
    not for months, comes out only that way.
    """
    pairs = list(_PAIR.finditer(text))
    for pair in pairs:
        if pair["name"]:
            wanted = _DAYS.index(pair["name"].lower())
            there = [
                d is not None and d.weekday() == wanted for d in (_day(pair, written_on, order) for order in (0, 1))
            ]
            if there[0] != there[1]:
                return there[1]
    month_first, day_first = ([_day(pair, written_on, order) for pair in pairs] for order in (0, 1))
    if not _lasts_now(day_first, written_on):
        return False
    return len(pairs) > 1 and (not _lasts_now(month_first, written_on) or _length(month_first) > _MOST_BETWEEN)


def _lasts_now(days: Sequence[date | None], written_on: date) -> bool:
    known = [d for d in days if d is not None]
    if len(known) < max(len(days), 1):
        return False
    begins_soon = len(known) == 1 or known[0] <= written_on + timedelta(days=14)
    return begins_soon and known[0] <= known[-1] and known[-1] >= written_on and _length(days) <= 2 * _MOST_BETWEEN


def _length(days: Sequence[date | None]) -> int:
    known = [d for d in days if d is not None]
    return (known[-1] - known[0]).days if known else 0


def _day(pair: re.Match[str], written_on: date, order: int) -> date | None:
    """The day of a pair, read month first (0) or day first (1), in the year nearest to the mail."""
    month, day = (int(pair["a"]), int(pair["b"])) if order == 0 else (int(pair["b"]), int(pair["a"]))
    years = [int(pair["year"]) % 100 + 2000] if pair["year"] else [written_on.year + n for n in (0, 1, -1)]
    found = [d for d in (_made(year, month, day) for year in years) if d]
    return min(found, key=lambda d: abs((d - written_on).days), default=None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _week(found: re.Match[str], written_on: date) -> str:
    if _BACK.search(found["between"]):
        return found[0]
    friday = written_on + timedelta(days=4 - written_on.weekday())
    ends: dict[str, Callable[[], date]] = {
        "today": lambda: written_on,
        "tomorrow": lambda: written_on + timedelta(days=1),
        "next": lambda: friday + timedelta(days=7),
        "this": lambda: max(friday, written_on),
    }
    end = next(day for word, day in ends.items() if word in found["when"].lower())()
    return f"{found['away']}{found['between']}through {end.isoformat()}"


def _season(found: re.Match[str], written_on: date) -> str:
    season = found["season"].lower().replace("autumn", "fall")
    ends = found["till"].lower() in {"through", "thru", "for"} or (found["part"] or "").lower() == "end"
    begins = season if not ends else _NEXT[season]
    month, day = _SPRING_TERM if begins == "spring" and found["term"] else _SEASONS[begins]
    year = int(found["year"]) + (ends and season == "winter") if found["year"] else written_on.year
    on = date(year, month, day)
    if not found["year"] and on <= written_on:
        on = date(year + 1, month, day)
    return f"until {on.isoformat()}"


def _part(name: str) -> str:
    return "mid" if name.lower().startswith(("mi", "me")) else _PART_NAMES[name[0].lower()]
