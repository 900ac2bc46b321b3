"""Recognises an out-of-office note and the day it says its writer is back.

Invariants: the return date is only given where the words tie it to the return, so that a date that merely stands there
is none; what names the return outright counts before what names the last day away. Time is linear in the note.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from lorbot.core.reading import Absence
from lorbot.reading.dates import DateSpan, date_spans
from lorbot.reading.sentences import INPUT_LIMIT, straight
from lorbot.reading.until import in_dates, is_day_first

MOST_AHEAD = 548  # days, a year and a half: a return named for later is none to plan by

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
    r"(?: (?:online|in town|(?:to|in|at|from) (?:the |my )?(?:office|work|desk|clinic|campus|hospital|lab|leave"
    r"|vacation|holidays?|country|trip|travels?)))?"
)
_DAY_NAME = (
    r"(?:[\s:]*(?:next|this|the following))?"
    r"(?:[\s:]*(?:[a-z]{3,6}day|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b)?[\s:,.(]*(?:the )?$"
)
_RETURN = re.compile(
    rf"(?i)\b(?:(?:back|returns?|returning|resumes?|resuming|again|return date(?: is)?){_PLACE}{_PLACE}"
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
    r"(?i)\b(?:(?:respond|reply|answer|back to you|in touch|return)\b[^.;!?]{0,50}|until |till )\bafter(?: the)?[\s,]*$"
)
_INCLUSIVE = re.compile(r"(?i)[\s,(]{0,3}(?:inclusive|included|inklusive|inclus|incluido)\b")
_WEEK_OF = re.compile(rf"(?i)\bweek (?:of|beginning|starting|commencing)(?: the)?{_DAY_NAME}")
_FROM = re.compile(
    r"(?i)\b(?:from|starting|beginning|effective|between|as of|office|away|leave|out|ooo|vacation|holidays?|absent"
    rf"|vom|ab|du|del|desde)(?: on)?(?: the| dem| le| el)?[:,]?{_DAY_NAME}"
)
_OF_ANOTHER = re.compile(
    r"(?i)\bmy (?:assistant|secretary|colleague|coordinator|nurse|partner|office manager)\b[^.;!?\n]{0,40}$"
)
_HOURS = re.compile(r"(?i)\b(?:hours|open|phone|call|urgent|emergenc\w{1,4})\b[^.;!?\n]{0,40}$")
_WRAPPED = re.compile(r"(?<=[^\n]{50})\n(?=[^\n])")
_MOST_TOLD = 40  # sentences of a note that are looked at one by one
_BEFORE = 100  # characters before a date that may tie it to the return
_TIES = ((_RETURN, 0), (_AFTER_LAST, 1), (_UNTIL, 0), (_LAST_DAY, 1), (_WEEK_OF, 5))
"""What ties a date to the return, and the days from that date to the return at the least."""

_AWAY = re.compile(
    r"(?i)\b(?:out[- ]of[- ](?:the[- ])?office|ooo|not in the office"
    r"|(?:on|taking) [^.;!?\n]{0,30}\b(?:leave|vacation|holidays?|sabbatical|pto)"
    r"|(?:am|be|is|are|currently|'ll) [^.;!?\n]{0,20}\b(?:away|abroad|unavailable|travell?ing|on sabbatical|off work"
    r"|out(?= until| through| from| this| next| of|[.,!]|$))"
    r"|(?:limited|no|intermittent|sporadic|little) access to (?:my )?e-?mail"
    r"|not (?:be )?(?:checking|reading|monitoring) (?:my )?e-?mails?"
    r"|nicht im (?:haus|büro)|nicht in meinem büro|im urlaub|abwesend|in elternzeit|im mutterschutz"
    r"|(?:actuellement |serai )absente?|absente? du bureau|en congés?"
    r"|fuera de (?:la|mi) oficina|de vacaciones|de baja|ausente)"
)
_GONE = re.compile(
    r"(?i)\b(?:no longer (?:with|at|employed|work\w{0,3}|affiliated|part of|a member|on the faculty|in practice)"
    r"|(?:am|is|are|have|has|'ve|'m|now|i) (?:now |recently |officially |since )?retired?\b"
    r"|(?:have|has|'ve) (?:now |recently )?left (?:the |my (?:position|post|job)|[A-Z]\w+)"
    r"|(?:mailbox|e-?mail(?: address| account)?|account|address) is (?:no longer|not) (?:being )?"
    r"(?:monitored|in use|active|used|checked|valid|read)"
    r"|nicht mehr (?:tätig|beschäftigt|an der|am|bei)|im ruhestand|(?:ne travaille|n'est) plus|à la retraite"
    r"|ya no trabajo|me he jubilado|jubilad[oa])"
)

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
    return _span(words, written_on)[1]


def days_away(words: str, written_on: date) -> tuple[date | None, date | None]:
    """The first day away, where it is still to come, and the day of return; None for what the note does not name."""
    return _span(words, written_on)


def absence_in(words: str, subject: str, back: date | None) -> Absence:
    """What kind of absence a note tells: for a time, for good, or none: not every automatic answer is one."""
    note = f"{straight(subject)}\n{straight(words[:INPUT_LIMIT])}"
    gone = _GONE.search(note)
    if gone and back is None and not _OF_ANOTHER.search(note[max(0, gone.start() - _BEFORE) : gone.start()]):
        return Absence.GONE
    return Absence.AWAY if back is not None or _AWAY.search(note) else Absence.NONE


def telling(told: Sequence[str], written_on: date, back: date | None) -> str:
    """The sentence that tells the most: of the return, of a leaving for good, of the absence; "" for none."""
    told = told[:_MOST_TOLD]
    named = (each for each in told if back is not None and back_on(each, written_on) == back)
    gone = (each for each in told if back is None and _GONE.search(straight(each)))
    away = (each for each in told if is_absence_note(each, ""))
    return next((each for found in (named, gone, away) for each in found), "")


def _span(words: str, written_on: date) -> tuple[date | None, date | None]:
    try:
        text = _in_english(_WRAPPED.sub(" ", straight(words[:INPUT_LIMIT])), written_on)
    except (OverflowError, ValueError):  # a mail from the last days of the calendar
        return None, None
    spans = date_spans(text, written_on)
    for ties, days in _TIES:
        for span in spans:
            before = text[max(0, span.start - _BEFORE) : span.start]
            if not ties.search(before) or _HOURS.search(before) or _OF_ANOTHER.search(before):
                continue
            back = _working_day(span, days or bool(_INCLUSIVE.match(text, span.end)))
            if back is None or not 0 <= (back - written_on).days <= MOST_AHEAD:
                continue
            return _begin(text, [s for s in spans if s.start < span.start], written_on, back), back
    return None, None


def _begin(text: str, earlier: list[DateSpan], written_on: date, back: date) -> date | None:
    for span in earlier:
        if written_on < span.on < back and _FROM.search(text[max(0, span.start - _BEFORE) : span.start]):
            return span.on
    return None


def _working_day(span: DateSpan, days: int) -> date | None:
    try:
        day = span.on + timedelta(days=days)
        return day + timedelta(days=max(0, 7 - day.weekday())) if days and day.weekday() > 4 else day
    except OverflowError:  # the last days of the calendar
        return None


def _in_english(text: str, written_on: date) -> str:
    """`text` with German, French and Spanish names of months and days in English, and day-first numbers turned.

    Numbers are day-first where one of them cannot be otherwise, where the text names a month in another language, and
    where the absence makes sense only so.
    """
    is_abroad = any(found.group().lower() not in _ALIKE for found in _NAME.finditer(text))
    text = _NAMED.sub(_day_named, text)
    text = _NAME.sub(lambda found: _ABROAD[found.group().lower()], text)
    text = _SAME_MONTH.sub(lambda f: f"{f['month']} {f['from']} {f['till']} {f['month']} {f['to']}", text)
    text = _DOTTED.sub(_month_named, text)
    text = _DASHED.sub(lambda found: f"{found['a']}/{found['b']}/{found['year']}", text)
    text = in_dates(text, written_on)
    pairs = list(_SLASHED.finditer(text))
    if is_abroad or any(int(pair["a"]) > 12 for pair in pairs) or is_day_first(text, written_on):
        return _SLASHED.sub(lambda found: f"{found['b']}/{found['a']}{found['year'] or ''}", text)
    return text


def _day_named(found: re.Match[str]) -> str:
    before_year = " " if found.group().endswith(" ") else ""
    return f"{found['day']} {_ABROAD[found['name'].lower()]}{before_year}"


def _month_named(found: re.Match[str]) -> str:
    month = int(found["month"])
    return f"{found['day']} {_ENGLISH_MONTHS[month - 1]}" if 1 <= month <= 12 else found.group()
