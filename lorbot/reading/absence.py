"""Recognises an out-of-office note and the day it says its writer is back.

Invariants: the return date is only given where the words tie it to the return, so that a date that merely stands there
is none; what names the return outright counts before what names the last day away. Time is linear in the note.
"""

import re
from datetime import date, timedelta

from lorbot.reading.dates import DateSpan, date_spans
from lorbot.reading.sentences import INPUT_LIMIT, straight

_NOTE = re.compile(
    r"(?i)\b(?:out[- ]of[- ](?:the[- ])?office|automatic reply|auto-?reply|automated (?:reply|response|message)"
    r"|on (?:(?:annual|parental|maternity|paternity|medical|sick) )?leave (?:until|through|from)"
    r"|away from (?:the office|my desk|e-?mail)|(?:limited|no|intermittent) access to (?:my )?e-?mail"
    r"|i am (?:currently )?(?:away|on vacation|on holiday|on sabbatical|travell?ing)"
    r"|(?:nicht|wieder) (?:im|in meinem) büro|automatische antwort|abwesenheitsnotiz"
    r"|(?:bin|befinde mich) .{0,30}im urlaub"
    r"|(?:je suis|serai) (?:actuellement )?absente?\b|en congés? (?:jusqu|du)|réponse automatique"
    r"|fuera de (?:la|mi) oficina|(?:estoy|estaré) de vacaciones|respuesta automática)\b"
)
_OF_LETTERS = re.compile(r"(?i)\b(?:letters?|recommend(?:ation)?s?|not writing|your (?:file|cv|statement))\b")
_PLACE = (
    r"(?: (?:to|in|at|from) (?:the |my )?(?:office|work|desk|clinic|campus|hospital|lab|leave|vacation|holidays?))?"
)
_DAY_NAME = (
    r"(?:[\s:]*(?:next|this|the following))?"
    r"(?:[\s:]*(?:[a-z]{3,6}day|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b)?[\s:,.(]*$"
)
_RETURN = re.compile(
    rf"(?i)\b(?:(?:back|returns?|returning|resume|resuming|again|return date(?: is)?){_PLACE}{_PLACE}"
    r"(?: (?:on|by|from|beginning|starting|effective|as of))?(?: or (?:about|around|after))?(?: the week of)?"
    r"|(?:respond|reply|answer|respond to your \S{1,12}|reply to your \S{1,12}|back to you|in touch|wieder|zurück"
    r"|de retour|regresaré|vuelvo|regreso|volveré)(?: (?:with you|to (?:you|e-?mails?|messages)))?"
    r" (?:on|on or after|from|starting|ab|am|ab dem|le|à partir du|el|a partir del)|\bab dem|wieder ab)"
    rf"(?: the| dem| le| el)?{_DAY_NAME}"
)
_UNTIL = re.compile(
    rf"(?i)\b(?:until|till?|(?:not|no|unable)\b[^.;!?]{{0,60}}\bbefore|back[^.;!?]{{0,30}}\bbefore)(?: the)?{_DAY_NAME}"
)
_LAST_DAY = re.compile(
    r"(?i)(?:\b(?:through|thru|up to and including|until and including|to|between [^.;!?]{3,40} and"
    r"|last day[^.;!?]{0,20}"
    r"|bis(?: (?:zum|einschließlich|inkl\.?|inklusive))*|jusqu'au|jusqu'à|au|hasta|al)|\w{1,9}\s?-)"
    rf"(?: (?:the|den|le|el|dem))?{_DAY_NAME}"
)
_AFTER_LAST = re.compile(
    r"(?i)\b(?:respond|reply|answer|back to you|in touch|return)\b[^.;!?]{0,50}\bafter(?: the)?[\s,]*$"
)
_INCLUSIVE = re.compile(r"(?i)[\s,(]{0,3}(?:inclusive|included|inklusive|inclus|incluido)\b")
_HOURS = re.compile(r"(?i)\b(?:hours|open|phone|call|urgent|emergenc\w{1,4})\b[^.;!?\n]{0,40}$")
_WRAPPED = re.compile(r"(?<=[^\n]{50})\n(?=[^\n])")
_BEFORE = 100  # characters before a date that may tie it to the return
_TIES = ((_RETURN, 0), (_UNTIL, 0), (_LAST_DAY, 1), (_AFTER_LAST, 1))

_ENGLISH_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                   "November", "December")  # fmt: skip
_MONTHS = (
    "januar jänner janvier enero", "februar feber février fevrier febrero", "märz maerz mars marzo",
    "april avril abril", "mai mayo", "juni juin junio", "juli juillet julio", "august août aout agosto",
    "september septembre septiembre setiembre", "oktober octobre octubre",
    "november novembre noviembre", "dezember décembre decembre diciembre",
)  # fmt: skip
_WEEKDAYS = {
    "monday": "montag lundi lunes", "tuesday": "dienstag mardi martes", "wednesday": "mittwoch mercredi miércoles",
    "thursday": "donnerstag jeudi jueves", "friday": "freitag vendredi viernes", "saturday": "samstag samedi sábado",
    "sunday": "sonntag dimanche domingo",
}  # fmt: skip
_ABROAD = {
    **{word: name for name, words in zip(_ENGLISH_MONTHS, _MONTHS, strict=True) for word in words.split()},
    **{word: name for name, words in _WEEKDAYS.items() for word in words.split()},
}
_NAMES = "|".join(sorted(_ABROAD, key=len, reverse=True))
_NAMED = re.compile(
    rf"(?i)\b(?P<day>[0-9]{{1,2}})(?:\.|er|º)? ?(?:de )?(?P<name>{_NAMES})\b(?:\.? (?:de |del )?(?=20\d\d))?"
)
_NAME = re.compile(rf"(?i)\b(?:{_NAMES})\b")
_MONTH = "|".join(
    (*_ENGLISH_MONTHS, "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec")
)
_SAME_MONTH = re.compile(
    rf"(?i)\b(?P<month>{_MONTH})\.? (?P<from>[0-9]{{1,2}})(?:st|nd|rd|th)? ?(?P<till>-|to|through|thru|until) ?"
    rf"(?P<to>[0-9]{{1,2}})(?:st|nd|rd|th)?\b(?! ?(?:{_MONTH}|[/.:-]\d))"
)
_DOTTED = re.compile(r"\b(?P<day>[0-9]{1,2})\. ?(?P<month>[0-9]{1,2})\.(?! ?\d)")
_DASHED = re.compile(r"\b(?P<a>[0-9]{1,2})-(?P<b>[0-9]{1,2})-(?P<year>20[0-9]{2})\b")
_SLASHED = re.compile(r"\b(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2})(?P<year>/(?:20)?[0-9]{2})?\b(?!/)")
_ALIKE = frozenset({"april", "august", "september", "november", "mars"})  # English words, too


def is_absence_note(words: str, subject: str) -> bool:
    """Whether the words or the subject are those of an automatic out-of-office note.

    Words that speak of letters are a person's, who answers: a note knows nothing of what was asked.
    """
    if _NOTE.search(straight(subject)):
        return True
    note = straight(words[:INPUT_LIMIT])
    return _NOTE.search(note) is not None and _OF_LETTERS.search(note) is None


def back_on(words: str, written_on: date) -> date | None:
    """The day of return the note names: after "back on" or "until" that day, after "through" the next working day."""
    text = _in_english(_WRAPPED.sub(" ", straight(words[:INPUT_LIMIT])))
    spans = date_spans(text, written_on)
    for ties, days in _TIES:
        for span in spans:
            before = text[max(0, span.start - _BEFORE) : span.start]
            if ties.search(before) and not _HOURS.search(before):
                return _working_day(span, days or bool(_INCLUSIVE.match(text, span.end)))
    return None


def _working_day(span: DateSpan, days: int) -> date | None:
    try:
        day = span.on + timedelta(days=days)
        return day + timedelta(days=max(0, 7 - day.weekday())) if days and day.weekday() > 4 else day
    except OverflowError:  # the last days of the calendar
        return None


def _in_english(text: str) -> str:
    """`text` with German, French and Spanish names of months and days in English, and day-first numbers turned.

    Numbers are day-first where one of them cannot be otherwise, or where the text names a month in another language.
    """
    is_abroad = any(found.group().lower() not in _ALIKE for found in _NAME.finditer(text))
    text = _NAMED.sub(_day_named, text)
    text = _NAME.sub(lambda found: _ABROAD[found.group().lower()], text)
    text = _SAME_MONTH.sub(lambda f: f"{f['month']} {f['from']} {f['till']} {f['month']} {f['to']}", text)
    text = _DOTTED.sub(_month_named, text)
    text = _DASHED.sub(lambda found: f"{found['a']}/{found['b']}/{found['year']}", text)
    pairs = list(_SLASHED.finditer(text))
    if is_abroad or any(int(pair["a"]) > 12 for pair in pairs):
        return _SLASHED.sub(lambda found: f"{found['b']}/{found['a']}{found['year'] or ''}", text)
    return text


def _day_named(found: re.Match[str]) -> str:
    before_year = " " if found.group().endswith(" ") else ""
    return f"{found['day']} {_ABROAD[found['name'].lower()]}{before_year}"


def _month_named(found: re.Match[str]) -> str:
    month = int(found["month"])
    return f"{found['day']} {_ENGLISH_MONTHS[month - 1]}" if 1 <= month <= 12 else found.group()
