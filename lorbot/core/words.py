"""Short answers in the applicant's own words: send, skip, later 3 days, thank, backup, write: ...

Only what is unmistakable is taken; "yes, but" is not a yes. Anything else comes back as not understood.
"""

import re
from datetime import date, timedelta

from lorbot.core import dates
from lorbot.core.value import Line, Text, value

_SEND = {
    "send", "send it", "yes", "yes send", "yes send it", "yes please", "ok", "okay", "ok send", "ok send it", "go",
    "go ahead", "approve", "approved", "please send", "please send it", "looks good", "looks good send it",
    "yes please send it", "yes go ahead", "send as is", "y",
}  # fmt: skip
_SKIP = {"skip", "skip it", "no", "no thanks", "don't send", "do not send", "don't", "cancel", "drop", "drop it", "n"}
_EDIT = re.compile(r"^edit(?:ed)?\b[ :,.-]*", re.IGNORECASE)
_LATER = re.compile(r"^(?:later|wait|snooze|not yet|in|remind me)\b", re.IGNORECASE)
_WRITE = re.compile(r"^write\s*:\s*", re.IGNORECASE)
_COURTESY = re.compile(
    r"^(?:thanks|thank you|many thanks|thx|best|cheers|regards|sincerely|hi|hello|dear)\b.{0,40}$|^[-–—]", re.IGNORECASE
)
_PUNCTUATION = " .!,;:\"'“”‘’"


@value
class Word:
    """One answer: what to do, and what goes with it."""

    verb: Line  # send, skip, later, edit, write, or a choice of the question; "" when it was not understood
    text: Text = ""  # the new text of `edit` and `write`
    until: date | None = None  # the day of `later` and `wait`
    rest: Line = ""  # what follows the verb on its line: an address, a name


def preview_answer(words: str, today: date, sender: str = "") -> Word:
    """What an answer to a preview says."""
    first, rest = _first_line(words)
    if _EDIT.match(first):
        text = _EDIT.sub("", first, count=1)
        return Word(verb="edit", text="\n".join(x for x in (text, rest) if x.strip()).strip("\n"))
    plain = _plain(first)
    if plain in _SEND | _SKIP:
        verb = "send" if plain in _SEND else "skip"
        return Word(verb=verb if _only_courtesy(rest, sender) else "")
    if _LATER.match(first) and _only_courtesy(rest, sender):
        day = _day_of(first, today)
        return Word(verb="later", until=day) if day else Word(verb="")
    return Word(verb="")


def question_answers(words: str, choices: tuple[str, ...], today: date, sender: str = "") -> tuple[Word, ...]:
    """What an answer to a question says: one word or several ("thank" and "backup"); () when it is not clear."""
    verbs = {choice.split()[0].rstrip(":").lower() for choice in choices}
    answers: list[Word] = []
    lines = words.split("\n")
    for number, line in enumerate(lines):
        if not line.strip() or _is_courtesy(line, sender):
            continue
        if "write" in verbs and _WRITE.match(line):
            text = "\n".join([_WRITE.sub("", line, count=1), *lines[number + 1 :]]).strip()
            return (*answers, Word(verb="write", text=text)) if text else ()
        found = _choices_in(line, verbs, today)
        if not found:
            return ()
        answers += found
    return tuple(answers)


def confirmation(words: str) -> bool:
    """Whether an answer to "was this you?" says yes."""
    return _plain(_first_line(words)[0]) in {"yes", "y", "confirm", "confirmed", "yes it was me", "it was me", "ok"}


def first_lines(words: str, most: int = 12) -> str:
    """The beginning of a text, for quoting it back."""
    lines = [line for line in words.split("\n") if line.strip()]
    return "\n".join(line[:200] for line in lines[:most]) + ("\n…" if len(lines) > most else "")


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but white space, quote marks and typography, as mail programs change them."""
    return _folded(one) == _folded(other)


def _choices_in(line: str, verbs: set[str], today: date) -> list[Word]:
    plain = _plain(line)
    phrase = _PHRASES.get(plain, "")
    if phrase in verbs:
        return [Word(verb=phrase)]
    first = plain.split(" ", 1)[0] if plain else ""
    if first in {"wait", "later"} and "wait" in verbs:
        day = _day_of(line, today) or today + timedelta(days=10)
        return [Word(verb="wait", until=day)]
    if first == "address" and "address" in verbs:
        found = re.search(r"[^\s<>\"']+@[^\s<>\"']+", line)
        return [Word(verb="address", rest=found[0].strip(_PUNCTUATION).lower())] if found else []
    parts = [part.strip().removeprefix("please ") for part in re.split(r"[&+]|\band\b", plain) if part.strip()]
    parts = plain.split() if all(word in verbs for word in plain.split()) else parts
    known = [_as_verb(part, verbs) for part in parts]
    return [Word(verb=verb) for verb in known] if parts and all(known) else []


_PHRASES: dict[str, str] = {
    "not yet": "not", "no": "not", "yes": "received", "y": "received", "ok": "received", "send again": "send",
    "it arrived": "it", "arrived": "it", "same person": "same", "same": "same",
}  # fmt: skip
_SAME: dict[str, str] = {
    "thanks": "thank", "thank them": "thank", "thank her": "thank", "thank him": "thank", "send": "thank",
    "send it": "thank", "send thanks": "thank", "ask the backup": "backup", "use the backup": "backup",
    "the backup": "backup", "send the packet": "packet", "send packet": "packet", "apologize": "apologise",
    "nothing": "nothing", "leave it": "nothing", "ignore": "nothing", "none": "nothing", "skip": "nothing",
    "i will talk": "talk", "i'll talk": "talk", "talk in person": "talk", "close it": "close", "it is in": "received",
    "its in": "received", "it's in": "received",
}  # fmt: skip


def _as_verb(part: str, verbs: set[str]) -> str:
    if part in verbs:
        return part
    meant = _SAME.get(part, "")
    return meant if meant in verbs else ""


def _day_of(line: str, today: date) -> date | None:
    days = dates.days_in(line)
    if days:
        return today + timedelta(days=days)
    return dates.day_in(line, today)


def _first_line(words: str) -> tuple[str, str]:
    lines = words.split("\n")
    while lines and (not lines[0].strip() or _GREETING.match(lines[0].strip())):
        lines = lines[1:]
    if not lines:
        return "", ""
    return lines[0].strip(), "\n".join(lines[1:])


_GREETING = re.compile(r"^(?:hi|hello|dear|hey)\b[^.!?]{0,30},?$", re.IGNORECASE)


def _only_courtesy(rest: str, sender: str) -> bool:
    return all(not line.strip() or _is_courtesy(line, sender) for line in rest.split("\n"))


def _is_courtesy(line: str, sender: str) -> bool:
    bare = line.strip()
    return bool(_COURTESY.match(bare)) or (bool(sender) and bare.lower().strip(_PUNCTUATION) in _names(sender))


def _names(sender: str) -> set[str]:
    low = sender.lower()
    return {low, *low.split()}


def _plain(line: str) -> str:
    return " ".join(re.sub(r"[.!,;:\"“”]+", " ", line.lower().replace("’", "'")).split())


_TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", ">": None})


def _folded(text: str) -> str:
    return "".join(text.translate(_TYPOGRAPHY).split())
