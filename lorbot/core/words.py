"""Short answers in the applicant's own words: send, skip, later 3 days, edit. Those of a question are in `chosen`.

Only what is unmistakable is taken; "yes, but" is not a yes. Anything else comes back as not understood.
"""

import re
from datetime import date, timedelta

from lorbot.core import dates
from lorbot.core.courtesy import bluntly, content, ungreeted
from lorbot.core.value import Line, Text, value

LATER_DAYS = 3
"""What "later" means where no day is given."""

ASSENT = {"yes", "y", "yep", "yeah", "ok", "okay", "looks good", "looks great", "looks fine"}
_ACT = {
    "send", "send it", "send this", "send it now", "send now", "send it off", "send as is", "send it as is",
    "send it as it is", "go", "go ahead", "go ahead and send", "go ahead and send it", "approve", "approved",
}  # fmt: skip
_SEND = ASSENT | _ACT | {f"{assent} {act}" for assent in (*ASSENT, "sure", "great", "perfect") for act in _ACT}
_SKIP = {
    "skip", "skip it", "skip this", "no", "n", "nope", "don't", "don't send", "don't send it", "do not send",
    "do not send it", "no don't send", "no don't send it", "no do not send it", "cancel", "cancel it", "drop",
    "drop it",
}  # fmt: skip
_CONFIRM = ASSENT | {
    "confirm", "confirmed", "i confirm", "yes it was me", "it was me", "yes that was me", "that was me",
    "yes this was me", "this was me", "yes i did", "yes i sent it", "i sent it", "yes do it",
}  # fmt: skip
_DENY = {"no", "n", "nope", "not me", "no it was not me", "no it wasn't me", "it wasn't me", "it was not me", "ignore"}

_FOR_ALL = re.compile(
    r"^(?:(?:yes|ok|okay|please)[,.]? )*(?:(?:send|approve|go)|(?P<skip>skip|don['’]t send|do not send|drop|cancel))"
    r"(?: them| these)? ?(?:it |the mail )?(?:to )?(?:all|everyone|everybody)(?: of (?:them|these))?"
    r"(?:,? (?:but|except|besides|without|not|apart from)(?: for| not)?(?: to)? (?P<who>.+?))?"
    r"(?:,? (?:please|thanks|thank you))?$",
    re.IGNORECASE,
)

_LATER_ALONE = {"later", "snooze", "not yet", "not now", "wait", "hold", "hold on", "hold it"}
_PUTS_OFF = re.compile(r"^(?:later|wait|snooze|not yet|not now|hold|remind me|in|on|until|till|next|tomorrow)\b")
_EDIT = re.compile(r"^edit(?:ed)?\b(?P<colon> ?:)?[\s,.-]*", re.IGNORECASE)
_TEXT_IS = {"", "to", "as follows", "this", "text", "the text", "new text", "the new text", "here it is", "below"}
_SHORTEST_EDIT = 12  # words on the line of "edit" itself: fewer is an instruction, not a mail

_WHEN = {
    "later", "wait", "snooze", "not", "yet", "now", "hold", "on", "it", "off", "remind", "me", "again",
    "about", "this", "in", "until", "till", "for", "by", "next", "the", "of", "a", "an", "at", "least",
    "another", "more", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "twelve", "day", "days", "week", "weeks", "fortnight", "month", "months", "tomorrow", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "thu",
    "thur", "thurs", "fri", "sat", "sun", "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul",
    "aug", "sep", "sept", "oct", "nov", "dec",
}  # fmt: skip
_NUMERIC = re.compile(r"\d{1,4}(?:st|nd|rd|th|days?|weeks?)?|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?")


@value
class Word:
    """One answer: what to do, and what goes with it."""

    verb: Line  # send, skip, later, edit, write, or a choice of the question; "" when it was not understood
    text: Text = ""  # the new text of `edit` and `write`
    until: date | None = None  # the day of `later` and `wait`
    rest: Line = ""  # what follows the verb on its line: an address, a name


def preview_answer(words: str, today: date, sender: str = "") -> Word:
    """What an answer to a preview says. `sender` is the applicant's name; further lines of it a signature's."""
    first, rest = _first_line(words)
    if _EDIT.match(first):
        return _edit(first, rest)
    said = " ".join(content(words, sender))
    blunt = bluntly(said)
    if blunt in _SEND:
        return Word(verb="send")
    if blunt in _SKIP:
        return Word(verb="skip")
    day = put_off_until(said, today, LATER_DAYS)
    return Word(verb="later", until=day) if day else Word(verb="")


def answer_for_all(words: str, sender: str = "") -> Word | None:
    """ "send all", "send all but Dr. Kim": the verb, and in `rest` who is left out; None for any other answer."""
    found = _FOR_ALL.match(" ".join(" ".join(content(words, sender)).split()).rstrip(".!"))
    if found is None:
        return None
    return Word(verb="skip" if found["skip"] else "send", rest=found["who"] or "")


def confirmation(words: str, sender: str = "") -> str:
    """What an answer to "was this you?" says: "yes", "no", or "" when it is not clear."""
    said = bluntly(" ".join(content(words, sender)))
    return "yes" if said in _CONFIRM else "no" if said in _DENY else ""


def first_lines(words: str, most: int = 12) -> str:
    """The beginning of a text, for quoting it back."""
    lines = [line for line in words.split("\n") if line.strip()]
    return "\n".join(line[:200] for line in lines[:most]) + ("\n…" if len(lines) > most else "")


def _first_line(words: str) -> tuple[str, str]:
    lines = ungreeted(words)
    return (lines[0].strip(), "\n".join(lines[1:])) if lines else ("", "")


def _edit(first: str, rest: str) -> Word:
    """`edit` and a new text; "edit the second line" is an instruction to a person, and not understood."""
    begun = _EDIT.match(first)
    assert begun is not None
    same_line = first[begun.end() :].strip()
    if begun["colon"] is None and bluntly(same_line) in _TEXT_IS:
        same_line = ""
    elif begun["colon"] is None and len(f"{same_line} {rest}".split()) < _SHORTEST_EDIT:
        return Word(verb="")
    return Word(verb="edit", text="\n".join(x for x in (same_line, rest) if x.strip()).strip("\n"))


def put_off_until(said: str, today: date, default_days: int) -> date | None:
    """The day of "later 3 days", "in two weeks", "wait until June 1"; None where more or something else is said."""
    blunt = bluntly(said)
    if blunt in _LATER_ALONE:
        return today + timedelta(days=default_days)
    if not _PUTS_OFF.match(blunt) or not all(w in _WHEN or _NUMERIC.fullmatch(w) for w in blunt.split()):
        return None
    days = dates.days_in(said)
    day = today + timedelta(days=days) if days else dates.day_in(said, today)
    return day if day and day > today else None
