"""Recognises an out-of-office note and the day it says its writer is back.

Invariant: the return date is only given where the words tie it to the return; a date that merely stands there is none.
"""

import re
from datetime import date, timedelta

from lorbot.reading.dates import DateSpan, date_spans
from lorbot.reading.sentences import INPUT_LIMIT, straight

_NOTE = re.compile(
    r"(?i)\b(?:out[- ]of[- ](?:the[- ])?office|automatic reply|auto-?reply|automated (?:reply|response|message)"
    r"|on (?:(?:annual|parental|maternity|paternity|medical|sick) )?leave (?:until|through|from)"
    r"|away from (?:the office|my desk|e-?mail)|(?:limited|no|intermittent) access to (?:my )?e-?mail"
    r"|i am (?:currently )?(?:away|on vacation|on holiday|travell?ing))\b"
)
_BACK_ON = re.compile(
    r"(?i)\b(?:(?:back|returns?|returning|resume|again)"
    r"(?: (?:to|in|at) (?:the |my )?(?:office|work|desk|clinic|campus))?"
    r"(?: (?:on|by|from))?|until|till?|before)(?: the)?"
    r"(?:[\s:]*[a-z]{3,6}day)?[\s:,]*$"
)
_LAST_DAY = re.compile(r"(?i)(?:\b(?:through|thru|up to and including|to)|\w{1,9}\s?-)(?: the)?[\s:,]*$")
_BEFORE = 40  # characters before a date that may tie it to the return


def is_absence_note(words: str, subject: str) -> bool:
    """Whether the words or the subject are those of an automatic out-of-office note."""
    return _NOTE.search(straight(subject)) is not None or _NOTE.search(straight(words[:INPUT_LIMIT])) is not None


def back_on(words: str, written_on: date) -> date | None:
    """The day of return the note names: after "back on" or "until" that day, after "through" the next working day."""
    text = straight(words[:INPUT_LIMIT])
    spans = date_spans(text, written_on)
    for ties, days in ((_BACK_ON, 0), (_LAST_DAY, 1)):
        for span in spans:
            if ties.search(text[max(0, span.start - _BEFORE) : span.start]):
                return _working_day(span, days)
    return None


def _working_day(span: DateSpan, days: int) -> date | None:
    try:
        day = span.on + timedelta(days=days)
        return day + timedelta(days=max(0, 7 - day.weekday())) if days and day.weekday() > 4 else day
    except OverflowError:  # the last days of the calendar
        return None
