"""What is not clear is asked about: who of several is meant, or which of two commands; and the answer to that.

Nothing is done before the answer, and the answer goes on with the command as if it had been clear.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lorbot.core import names, writing
from lorbot.core.commands import people
from lorbot.core.correspondence import Purpose
from lorbot.core.courtesy import bluntly, content
from lorbot.core.decision import Decision, Draft
from lorbot.core.dossier import ApplicantWrote, Dossier, Mentor
from lorbot.core.open_command import Meaning, OpenCommand
from lorbot.core.order import Doubt, Item, Order
from lorbot.core.standing import names_mentors
from lorbot.core.words import ASSENT

OPEN_FOR = timedelta(days=14)  # an answer later than that is about something forgotten
_NO = {"no", "n", "nope", "neither", "none", "none of them", "nobody", "nothing", "no one", "forget it", "never mind"}
_ORDINALS = (("1", "first"), ("2", "second"), ("3", "third"), ("4", "fourth"), ("5", "fifth"), ("6", "sixth"))
_ALL = {"both", "both of them", "all", "all of them"}
_FILLERS = {
    "the", "one", "number", "no", "nr", "i", "mean", "meant", "it", "it's", "is", "of", "at", "from", "dr", "prof",
    "professor", "for", "a", "with", "option", "yes", "that", "be", "would", "was",
}  # fmt: skip
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NUMBERED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?")


def settled(dossier: Dossier, order: Item) -> tuple[Item, ...]:
    """An order for those whose names are clear, and a doubt for each name that is not."""
    if isinstance(order, Doubt) or not names_mentors(order.command):
        return (order,)
    who, what = people.take_apart(order.argument)
    clear, doubts = [], []
    for name in people.names_in(dossier, who):
        doubt = _doubt(dossier, order, name, what)
        if doubt is None:
            clear.append(name)
        else:
            doubts.append(doubt)
    if not doubts:
        return (order,)
    rest = replace(order, argument=_with_purpose(" and ".join(clear), what)) if clear else None
    return (*((rest,) if rest else ()), *doubts)


def asked(dossier: Dossier, event: ApplicantWrote, doubt: Doubt, now: datetime) -> tuple[OpenCommand, Draft]:
    """The doubt as it waits, and the mail that asks about it."""
    key = writing.fresh_key(dossier, f"w-{writing.key_of(event.incoming)}")
    incoming = replace(event.incoming, text="")
    open_command = OpenCommand(
        id=key, said=doubt.said, incoming=incoming, body=doubt.body, meanings=doubt.meanings, asked_at=now
    )
    return open_command, question(dossier, event, open_command)


def question(dossier: Dossier, event: ApplicantWrote, waiting: OpenCommand, said: str = "") -> Draft:
    """The mail that asks; `said` is an answer that was not understood."""
    more = {
        "asked_about": waiting.said,
        "meanings": [{"label": m.label, "detail": m.detail} for m in waiting.meanings],
        "said": said,
    }
    key = f"{waiting.id}-again" if dossier.mail(waiting.id) else waiting.id
    return writing.to_applicant(
        dossier, Purpose.QUESTION, "applicant/which", key=key, answering=event.incoming, more=more
    )


def unclear(dossier: Dossier, event: ApplicantWrote, waiting: OpenCommand) -> Decision:
    mail = question(dossier, event, waiting, said=event.words)
    return Decision(dossier=dossier, mails=(mail,), why=("the applicant's answer was not clear",))


def waiting_for(dossier: Dossier, key: str) -> OpenCommand | None:
    """The open command that the mail of this key asks about, first or again."""
    return next((o for o in dossier.open_commands if key == o.id or key.startswith(f"{o.id}-again")), None)


def without(dossier: Dossier, waiting: OpenCommand) -> Dossier:
    return replace(dossier, open_commands=tuple(o for o in dossier.open_commands if o.id != waiting.id))


def without_expired(dossier: Dossier, now: datetime) -> Dossier:
    return replace(dossier, open_commands=tuple(o for o in dossier.open_commands if now - o.asked_at < OPEN_FOR))


def chosen(words: str, meanings: Sequence[Meaning], sender: str = "") -> tuple[str, ...] | None:
    """The lines that an answer chooses: "the second", "2", "Kim", "yes" where there is one; () for none of them, and
    None where it is not clear.
    """
    said = bluntly(" ".join(content(words, sender)))
    if said in _NO:
        return ()
    if said in _ALL and len(meanings) > 1 and all(m.line for m in meanings):
        return tuple(m.line for m in meanings)
    if len(meanings) == 1 and said in ASSENT | {"yes i do", "yes i did", "correct", "right", "exactly", "that's right"}:
        return (meanings[0].line,)
    number = _number(said, len(meanings))
    if number:
        return (meanings[number - 1].line,)
    wanted = {t for t in _tokens(said) if t not in _FILLERS}
    fitting = [m for m in meanings if wanted and wanted <= _tokens(f"{m.label} {m.detail}")]
    if len(fitting) != 1:
        fitting = [m for m in meanings if wanted and wanted <= _tokens(m.label)]
    return (fitting[0].line,) if len(fitting) == 1 else None


def _number(said: str, most: int) -> int:
    """The number of "2", "the second one", "number 2"; 0 where there is none."""
    words = [w for w in said.split() if w not in _FILLERS]
    if len(words) != 1:
        return 0
    if words[0] in {"last", "latter"}:
        return most
    if words[0] == "former":
        return 1
    numbered = _NUMBERED.fullmatch(words[0].removeprefix("#"))
    found = int(numbered[1]) if numbered else next((int(n) for n, word in _ORDINALS if word == words[0]), 0)
    return found if found <= most else 0


def _tokens(text: str) -> set[str]:
    return set(_TOKEN.findall(text.casefold()))


def _doubt(dossier: Dossier, order: Order, name: str, what: str) -> Doubt | None:
    """Who may be meant by a name, where that is not clear; None where it is, or where nobody can be meant."""
    found = people.find_mentors(dossier, name)
    who = found if len(found) > 1 else people.nearly_meant(dossier, name) if not found else ()
    meanings = tuple(_person(dossier, order, mentor, what) for mentor in who if people.in_full(dossier, mentor))
    if not meanings:
        return None
    said = f"{order.command.name} {_with_purpose(name, what)}"
    return Doubt(said=said, meanings=meanings, body=order.body)


def _person(dossier: Dossier, order: Order, mentor: Mentor, what: str) -> Meaning:
    line = f"{order.command.name} {_with_purpose(people.in_full(dossier, mentor), what)}"
    told = (mentor.title or mentor.role, mentor.email or names.given_name(mentor.name))
    return Meaning(label=mentor.name, detail=", ".join(x for x in told if x), line=line)


def _with_purpose(who: str, what: str) -> str:
    return f"{who} for {what}" if what else who
