"""The words that answer a question: thank, packet, wait 10 days, backup, write: ..., and what people write for them.

Only what is unmistakable is taken, and words that contradict each other are not. Anything else comes back as ().
"""

import re
from collections.abc import Iterable
from datetime import date
from itertools import combinations

from lorbot.core import dates
from lorbot.core.courtesy import bluntly, content, plain
from lorbot.core.episodes import account_of
from lorbot.core.words import ASSENT, Word, put_off_until

WAIT_DAYS = 10
"""What "wait" means where neither the answer nor the choice gives a number."""

_EMAIL = re.compile(r"[^\s<>\"'():,;]+@[^\s<>\"'(),;]+")
_CC = re.compile(rf"\b(?:cc|copy)\b\s*:?\s*(?:to\s+)?({_EMAIL.pattern})", re.IGNORECASE)
_WRITE = re.compile(r"^write\s*(?::|$)\s*", re.IGNORECASE)
_EPISODE = re.compile(r"(?:(?:another |second )?episodes?|worked together|together)\s*:\s*", re.IGNORECASE)
_MEANS: dict[str, frozenset[str]] = {
    "thank": frozenset({
        "thank", "thank them", "thank her", "thank him", "send", "send it", "send thanks", "send the thank-you",
        "send the text", "send the ready text",
    }),
    "apologise": frozenset({
        "apologise", "apologize", "apology", "send the apology", "send", "send it",
    }),
    "packet": frozenset({"packet", "the packet", "send packet", "send the packet"}),
    "backup": frozenset({
        "backup", "the backup", "ask backup", "ask the backup", "use backup", "use the backup", "go to the backup",
        "back up", "back-up",
    }),
    "talk": frozenset({"talk", "i will talk", "i'll talk", "talk in person", "i will talk to her", "i'll talk to her",
                       "i will talk to him", "i'll talk to him", "i will talk to them"}),
    "close": frozenset({"close", "close it", "close the letter"}),
    "received": frozenset({
        "received", "it is received", "it was received", "it's received", "it is in", "it's in", "its in",
        "it is there", "it's there",
    }),
    "not": frozenset({"not yet", "not there", "not there yet", "not in yet"}),
    "it": frozenset({"it arrived", "arrived", "it has arrived"}),
    "send": frozenset({"send again", "send it again", "send", "send it", "again", "resend", "resend it"}),
    "cc": frozenset({"cc", "copy", "yes cc", "add to cc"}),
    "same": frozenset({"same person", "same", "the same person"}),
    "agreed": frozenset({
        "agreed", "agrees", "said yes", "she agreed", "he agreed", "they agreed", "she said yes", "he said yes",
        "they said yes", "yes", "y",
    }),
    "declined": frozenset({
        "declined", "said no", "she declined", "he declined", "they declined", "she said no", "he said no",
        "they said no", "no", "n",
    }),
    "cancel": frozenset({"cancel", "cancel it", "cancel the letter", "yes", "y", "yes cancel", "yes cancel it"}),
    "keep": frozenset({"keep", "keep it", "no", "n", "do not cancel", "don't cancel", "do not cancel it"}),
    "ask": frozenset({
        "ask anyway", "ask", "ask as it is", "insist", "i insist", "as it is", "as it is yes", "anyway",
        "show it anyway", "ask her anyway", "ask him anyway", "ask them anyway", "send anyway", "insist yes",
        "ask anyway yes",
    }),
    "nothing": frozenset({"nothing", "do nothing", "send nothing", "leave it", "ignore", "ignore it", "none", "skip"}),
}  # fmt: skip

_TOGETHER = frozenset(
    frozenset(pair)
    for pair in (
        ("thank", "backup"), ("write", "backup"), ("close", "backup"), ("apologise", "address"), ("wait", "write"),
        ("received", "write"), ("not", "wait"), ("cc", "packet"), ("cc", "write"), ("same", "write"),
    )
)  # fmt: skip
"""Words that may be answered at once. Any other two contradict each other, or are two mails to one mentor."""

_ADDRESS_WORDS = {
    "address", "addresses", "email", "e-mail", "mail", "the", "her", "his", "their", "new", "right",
    "cc", "correct", "is", "it's", "it", "use", "try", "to", "at", "now", "should", "be", "write", "one", "this",
}  # fmt: skip


def question_answers(words: str, choices: tuple[str, ...], today: date, sender: str = "") -> tuple[Word, ...]:
    """What an answer to a question says: one word or several ("thank" and "backup"); () when it is not clear."""
    verbs = {choice.split()[0].rstrip(":").lower() for choice in choices}
    if "episode" in verbs and (told := _episode_in(words, verbs, sender)):
        return told
    answers: list[Word] = []
    lines = words.split("\n")
    for number, line in enumerate(lines):
        if "write" in verbs and _WRITE.match(line.strip()):
            text = "\n".join([_WRITE.sub("", line.strip(), count=1), *lines[number + 1 :]]).strip()
            answers.append(Word(verb="write", text=text))
            break
        if not content(line, sender):
            continue
        found = _choices_in(line, choices, verbs, today)
        if not found:
            return ()
        answers += found
    answers = list({answer.verb: answer for answer in answers}.values())
    answers.sort(key=lambda answer: answer.verb != "cc")  # the copy is of what the other word sends
    return tuple(answers) if _go_together(answers) else ()


def _episode_in(words: str, verbs: set[str], sender: str) -> tuple[Word, ...]:
    """What happened, where it is marked as that or tells something concrete, and whether the applicant insists too."""
    lines = [line for line in content(words, sender) if not _EPISODE.fullmatch(line)]
    asks = [line for line in lines if _verb_of(line, verbs) == "ask"]
    text = " ".join(_EPISODE.sub("", line) for line in lines if line not in asks)
    if not text or not (any(_EPISODE.match(line) for line in content(words, sender)) or account_of(text).episodes):
        return ()
    return (Word(verb="episode", text=text), *([Word(verb="ask")] if asks else []))


def _choices_in(line: str, choices: tuple[str, ...], verbs: set[str], today: date) -> list[Word]:
    if "address" in verbs and (address := _address_in(line)):
        return [Word(verb="address", rest=address)]
    if "cc" in verbs and (copy := _CC.search(line)):
        rest = f"{line[: copy.start()]},{line[copy.end() :]}"
        others = _choices_in(rest, choices, verbs, today)
        word = Word(verb="cc", rest=copy[1].strip(".!:").lower())
        return [word, *others] if others or not bluntly(re.sub(r"\band\b|\bthen\b", "", rest)) else []
    if "wait" in verbs and (day := put_off_until(line, today, _wait_days(choices))):
        return [Word(verb="wait", until=day)]
    parts = [p.strip() for p in re.split(r"[,;&+/]|\band\b|\bthen\b|\balso\b", line.lower()) if bluntly(p)]
    words = plain(line).split()
    if len(parts) == 1 and len(words) > 1 and all(w in verbs for w in words) and not _verb_of(line, verbs):
        parts = words  # "thank backup"
    blunt = [p for p in parts if bluntly(p) not in ASSENT] or parts
    found: list[Word] = []
    for part in blunt:
        if "wait" in verbs and (day := put_off_until(part, today, _wait_days(choices))):
            found.append(Word(verb="wait", until=day))
        elif verb := _verb_of(part, verbs):
            address = _address_in(next(c for c in choices if c.startswith("cc "))) if verb == "cc" else ""
            found.append(Word(verb=verb, rest=address))
        else:
            return []
    return found


def _verb_of(part: str, verbs: set[str]) -> str:
    said = bluntly(part)
    if verbs >= {"received", "not"} and said in {"yes", "y", "no", "n"}:
        return "received" if said.startswith("y") else "not"
    meant = [verb for verb in sorted(verbs) if said in _MEANS.get(verb, frozenset())]
    if len(meant) > 1 and "send" in meant:
        return "send"
    return meant[0] if len(meant) == 1 else ""


def _wait_days(choices: Iterable[str]) -> int:
    return next((dates.days_in(c) or WAIT_DAYS for c in choices if c.startswith("wait")), WAIT_DAYS)


def _address_in(line: str) -> str:
    """The one address of a line that says nothing else: "her new address is lopez@example.edu"."""
    found = _EMAIL.findall(line)
    if len(found) != 1:
        return ""
    others = bluntly(_EMAIL.sub(" ", line)).replace("<", " ").replace(">", " ").split()
    return found[0].strip(".!:").lower() if all(word in _ADDRESS_WORDS for word in others) else ""


def _go_together(answers: list[Word]) -> bool:
    if any(answer.verb == "write" and not answer.text for answer in answers):
        return False
    return all(frozenset((one.verb, other.verb)) in _TOGETHER for one, other in combinations(answers, 2))
