"""`change ...`: a fact was wrong or is new. Shows before and after; no mail that waits is sent with the old one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from lorbot.core import asking_time, dates, deadlines, names, renewal, services, view, when_due
from lorbot.core.application import Application
from lorbot.core.commands import application as applications
from lorbot.core.commands import form, people, profile
from lorbot.core.commands import mentor as mentors
from lorbot.core.commands.base import Command, Form, Request, answered, mistaken, zone_of
from lorbot.core.commands.undone import undone
from lorbot.core.decision import Decision, Draft
from lorbot.core.dossier import Applicant, Dossier, Mentor, State
from lorbot.core.value import Line, Text, value

Item = Mentor | Application | Applicant

_OWNED = re.compile(r"^(?:the |my )?(.+?) (?:of|for) (.+?) to:? +(.+)$", re.IGNORECASE)
_POSSESSED = re.compile(r"^(.+?)(?:['’]s|['’]) (.+?) to:? +(.+)$", re.IGNORECASE)
_MINE = re.compile(r"^(?:the |my )?(.+?) to:? +(.+)$", re.IGNORECASE)
_KIND = re.compile(r"^(?:the )?(mentor|application|profile)\b[: ]*", re.IGNORECASE)
_COMMANDS: dict[type, Command] = {
    Mentor: mentors.COMMAND,
    Application: applications.COMMAND,
    Applicant: profile.COMMAND,
}


@value
class Wanted:
    """What is to be changed: the line of a form and its new value, or the name where `field` is empty."""

    who: Line
    kind: Line = ""  # mentor, application, profile; "" where it was not said
    field: Line = ""
    text: Text = ""


def handle(request: Request, dossier: Dossier) -> Decision:
    """Rename, or hand the new values to the command that takes them; then say what became of what waited."""
    for wanted in _readings(request.argument):
        item = _item(dossier, wanted)
        if item is None:
            continue
        if wanted.text and (not wanted.field or (wanted.field.lower() == "name" and wanted.who)):
            if not isinstance(item, Applicant):
                return _renamed(dossier, item, wanted.text, request)
            continue
        if name := _field(item, wanted.field):
            return _changed(dossier, item, {name: wanted.text}, request)
        if not wanted.field:
            return _changed(dossier, item, {}, request)
    return mistaken(dossier, request, COMMAND, [_not_found(dossier, request.argument)])


def _readings(argument: str) -> Sequence[Wanted]:
    """What the subject may mean, the likeliest first."""
    found = _KIND.match(argument)
    kind, rest = (found[1].lower(), argument[found.end() :]) if found else ("", argument)
    wanted = []
    if owned := _OWNED.match(rest):
        wanted.append(Wanted(who=owned[2], kind=kind, field=owned[1], text=owned[3]))
    if owned := _POSSESSED.match(rest):
        wanted.append(Wanted(who=owned[1], kind=kind, field=owned[2], text=owned[3]))
    if mine := _MINE.match(rest):
        wanted.append(Wanted(who="", kind=kind or "profile", field=mine[1], text=mine[2]))
        wanted.append(Wanted(who="", kind=kind or "application", field=mine[1], text=mine[2]))
        wanted.append(Wanted(who=mine[1], kind=kind, text=mine[2]))
    return (*wanted, Wanted(who=rest, kind=kind))


def _item(dossier: Dossier, wanted: Wanted) -> Item | None:
    """The one mentor, application or profile that is meant."""
    if wanted.kind == "profile":
        return dossier.applicant
    if wanted.kind == "application" or not wanted.who:
        return people.the_application(dossier, wanted.who)[0] if wanted.who or wanted.field else None
    found = people.find_mentors(dossier, wanted.who)
    if len(found) == 1:
        return found[0]
    return None if found or wanted.kind == "mentor" else people.the_application(dossier, wanted.who)[0]


def _field(item: Item, word: str) -> str:
    """The name of the field that `word` is a key of, in the form for `item`."""
    said = " ".join(word.lower().replace("-", " ").split())
    known = {w.lower().replace("-", " "): f.name for f in _COMMANDS[type(item)].fields for w in f.words}
    return known.get(said, "")


def _not_found(dossier: Dossier, argument: str) -> str:
    if not argument:
        return "it is not said what to change, as in: change deadline of ERAS 2028 to 15 September 2027"
    listed = " · ".join([*(m.name for m in dossier.mentors), *(a.name for a in dossier.applications)])
    known = f"; there are: {listed}" if listed else "; there is no mentor and no application yet"
    return f"“{argument}” does not tell me which one mentor or application to change, or what in it{known}"


# -- a new name ------------------------------------------------------------------------------------------------------


def _renamed(dossier: Dossier, item: Mentor | Application, name: str, request: Request) -> Decision:
    if request.form.free.strip():
        return mistaken(dossier, request, COMMAND, ["a new name and other lines at once; please send two mails"])
    others: list[str] = [m.name for m in dossier.mentors] if isinstance(item, Mentor) else []
    others = others or [a.name for a in dossier.applications if isinstance(item, Application)]
    if any(name.lower() == other.lower() != item.name.lower() for other in others):
        return mistaken(dossier, request, COMMAND, [f"there is a {name} already"])
    if isinstance(item, Mentor):
        after = dossier.with_mentor(replace(item, name=name, greeting=_greeting(item, name)))
    else:
        after = dossier.with_application(replace(item, name=name))
    return _told(dossier, Decision(dossier=after), item, request)


def _greeting(mentor: Mentor, name: str) -> str:
    """A greeting of the applicant's own stays, unless it was the old name."""
    return (
        "" if mentor.greeting in {mentor.name, names.formal(mentor.name, mentor.title)} or not name else mentor.greeting
    )


# -- new values ------------------------------------------------------------------------------------------------------


def _changed(dossier: Dossier, item: Item, given: Mapping[str, str], request: Request) -> Decision:
    """What the form of `mentor`, `application` or `profile` does with these values and the lines of the mail."""
    command = _COMMANDS[type(item)]
    lines = form.parse(request.form.free, command.fields, view.sender(dossier.applicant))
    filled = Form(fields={**lines.fields, **given}, named=lines.named, unknown=lines.unknown, closest=lines.closest)
    if not filled.fields and not filled.named:
        says = "it is not said what is new; add lines such as: " + ", ".join(
            f"{f.word}: ..." for f in command.fields[:3]
        )
        return mistaken(dossier, request, COMMAND, [says])
    name = "" if isinstance(item, Applicant) else item.name
    inner = replace(request, command=command.name, argument=name, form=filled)
    decision = command.handle(inner, dossier)
    answer = decision.mails[-1]
    assert isinstance(answer, Draft), "a form is answered with a mail"
    if answer.template == "applicant/mistake":
        return decision
    kept = _without_new_letters(dossier, decision.dossier, filled)
    decision = replace(decision, dossier=kept, mails=decision.mails[:-1])
    return _told(dossier, decision, item, replace(request, form=filled))


def _without_new_letters(before: Dossier, after: Dossier, filled: Form) -> Dossier:
    """A change plans no letter, unless it says for what."""
    if filled.get("application"):
        return after
    known = {x.id for x in before.letters}
    return replace(after, letters=tuple(x for x in after.letters if x.id in known))


# -- before and after ------------------------------------------------------------------------------------------------


def _told(before: Dossier, decision: Decision, item: Item, request: Request) -> Decision:
    after = decision.dossier
    new: Item = after.applicant
    if isinstance(item, Mentor):
        new = after.mentor(item.id)
    elif isinstance(item, Application):
        new = after.application(item.id)
    zone = zone_of(after, request.policy)
    rows = _differences(before, item, after, new, zone)
    window = _window(after, new, rows, request)
    if not window["when"]:
        decision = replace(decision, dossier=_untold(before, after))
    greeting = view.of_mentor(new)["greeting"] if isinstance(new, Mentor) and item.name != new.name else ""
    who = "your profile" if isinstance(new, Applicant) else new.name
    why = f"changed {who}: {', '.join(r['what'] for r in rows) or 'nothing'}"
    return decision.then(
        lambda d: answered(
            d,
            request,
            "change",
            why=why,
            who=who,
            rows=rows,
            greeting=greeting,
            waited=undone(before, decision),
            compared=renewal.may_be_outdated(before, after, request.policy, request.now),
            bounced=_bounced(after, new),
            window=window,
        )
    )


def _untold(before: Dossier, after: Dossier) -> Dossier:
    """The dossier after an answer that, unlike that of the form, tells nothing of the time to ask."""
    told = {a.id: a.window_told for a in before.applications}
    kept = (replace(a, window_told=told.get(a.id, a.window_told)) for a in after.applications)
    return replace(after, applications=tuple(kept))


def _window(dossier: Dossier, item: Item, rows: list[dict[str, str]], request: Request) -> dict[str, str]:
    """When to ask, where that is another time now and somebody is left to ask; else all empty."""
    redated = {"deadline", "letters by", "deadline is"} & {r["what"] for r in rows}
    window = None
    if redated and isinstance(item, Application) and asking_time.to_ask(dossier, item):
        window = deadlines.ask_window(dossier, item, request.policy, request.now)
    return when_due.of_window(window, request.now)


def _bounced(dossier: Dossier, item: Item) -> str:
    """The mentor to whom a mail came back, and who can be asked again once the address is right."""
    if not isinstance(item, Mentor) or not item.email:
        return ""
    return item.name if any(x.state is State.BOUNCED for x in dossier.letters_of(item.id)) else ""


def _differences(before: Dossier, old: Item, after: Dossier, new: Item, zone: str) -> list[dict[str, str]]:
    """Every field that is not what it was, in the words of the form."""
    words = {"name": "name", **{f.name: f.word for f in _COMMANDS[type(old)].fields}}
    words |= {"letter_ids": "letter id", "identifiers": "identifiers"}
    return [
        {"what": word, "before": _said(before, old, name, zone), "after": _said(after, new, name, zone)}
        for name, word in words.items()
        if hasattr(old, name) and getattr(old, name) != getattr(new, name)
    ]


def _said(dossier: Dossier, item: Item, name: str, zone: str) -> str:
    given = getattr(item, name)
    if isinstance(given, datetime):
        said_in = getattr(item, "letters_zone" if name == "letters_by" else "time_zone", "")
        return dates.say_moment(given, said_in or zone)
    if isinstance(given, date):
        return dates.say(given)
    if isinstance(given, dict):
        return ", ".join(given.values())
    if name == "backup_for" and given:
        return dossier.mentor(given).name
    if name == "service" and given:
        return services.service(given).title
    return " ".join(str({True: "yes", False: "no"}.get(given, given or "")).split())


COMMAND = Command(
    name="change",
    words=("change", "correct", "update mentor", "rename"),
    does="changes a fact or a name, shows before and after, and sends nothing that still has the old one",
    example="Subject: change deadline of ERAS 2028 to 15 September 2027, 11:59 pm ET",
    handle=handle,
    argument="...",
    borrows_form=True,
)
