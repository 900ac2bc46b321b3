"""`drop NAME`, `drop APPLICATION`, `drop cv`: removes an entry made by mistake, where nothing was sent for it."""

import re
from collections.abc import Collection
from dataclasses import replace

from lorbot.core import letters, versions, writing
from lorbot.core.application import Application
from lorbot.core.commands import material, people, which
from lorbot.core.commands.base import Command, Request, answered, mistaken
from lorbot.core.commands.undone import undone
from lorbot.core.correspondence import Progress
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Material, Mentor

_WENT = frozenset({Progress.SENDING, Progress.SENT, Progress.UNKNOWN})
_CANCEL = "to end it, send: cancel {name} for {application}"
_STAYS = "that stays on record"
_KIND = re.compile(r"^(mentor|application|material|document|file)\s+", re.IGNORECASE)


def handle(request: Request, dossier: Dossier) -> Decision:
    """Remove what is named, with the letters and the waiting mail that belong to it; or say why not."""
    kind, argument = _taken_apart(request.argument)
    found = _material(dossier, argument) if kind in {"", "material"} else None
    if found:
        return _material_dropped(dossier, found, request)
    application = _application(dossier, argument) if kind in {"", "application"} else None
    if application and not (kind == "" and people.find_mentors(dossier, argument)):
        return _application_dropped(dossier, application, request)
    if kind in {"material", "application"}:
        return mistaken(dossier, request, COMMAND, [f"I have no {kind} “{argument}”"])
    meant = people.meant(dossier, argument)
    if application and meant.mentors:
        both = f"“{argument}” is a mentor and an application; write: drop mentor {argument}, or: drop application"
        return mistaken(dossier, request, COMMAND, [f"{both} {argument}"])
    return _mentors_dropped(dossier, meant, request)


def _taken_apart(argument: str) -> tuple[str, str]:
    kind = _KIND.match(argument)
    if not kind:
        return "", argument.strip()
    word = kind[1].lower()
    return "material" if word in {"document", "file"} else word, argument[kind.end() :].strip()


# -- mentors ---------------------------------------------------------------------------------------------------------


def _mentors_dropped(dossier: Dossier, meant: people.Meant, request: Request) -> Decision:
    unfit, gone, before = [], [], dossier
    for mentor in meant.mentors:
        mine = [x for x in dossier.letters_of(mentor.id) if _is_meant(x, meant.application)]
        in_the_way = _obstacles(dossier, mentor, mine, whole=meant.application is None)
        unfit += in_the_way
        if in_the_way:
            continue
        if meant.application and not mine:
            unfit.append(f"no letter of {mentor.name} for {meant.application.name} is in your plan")
            continue
        dossier = _without_letters(dossier, [x.id for x in mine])
        if meant.application is None:
            dossier = _without_mentor(dossier, mentor)
        gone.append(mentor.name if meant.application is None else f"the letter of {mentor.name}")
    done = [f"{name} is dropped" for name in gone]
    decision = Decision(dossier=dossier)
    if meant.problems or unfit:
        found = which.Which(problems=meant.problems, unfit=tuple(unfit))
        return which.concluded(decision, request, COMMAND, found, done)
    return _told(before, decision, request, what=gone)


def _is_meant(letter: Letter, application: Application | None) -> bool:
    return application is None or letter.application == application.id


def _obstacles(dossier: Dossier, mentor: Mentor, mine: Collection[Letter], *, whole: bool) -> list[str]:
    """What was already sent, or said, for these letters: that stays, and can only be cancelled."""
    ids = {x.id for x in mine}
    went = any(
        m.mentor == mentor.id and m.progress in _WENT and m.purpose not in letters.TO_APPLICANT
        and (whole or ids & set(m.letters))
        for m in dossier.mails
    )  # fmt: skip
    heard = any(c.mentor == mentor.id and (whole or ids & set(c.letters)) for c in dossier.contacts)
    if went or heard:
        return [
            f"mail has gone between you and {mentor.name}, which stays on record; to end it, send: cancel {mentor.name}"
        ]
    under_way = [x for x in mine if x.state not in letters.ASKABLE and not letters.never_begun(x)]
    return [
        which.problem(
            dossier, x, _STAYS if x.state in letters.CLOSED else _CANCEL, with_application=len(under_way) > 1
        )
        for x in under_way
    ]  # fmt: skip


def _without_letters(dossier: Dossier, gone: Collection[str]) -> Dossier:
    """The dossier without these letters: their mail is dropped, and nothing names them any more."""
    dossier = letters.quiet(dossier, gone)
    mails = tuple(replace(m, letters=tuple(x for x in m.letters if x not in gone)) for m in dossier.mails)
    journal = tuple(replace(e, letter="") if e.letter in gone else e for e in dossier.journal)
    kept = tuple(x for x in dossier.letters if x.id not in gone)
    return replace(dossier, letters=kept, mails=mails, journal=journal)


def _without_mentor(dossier: Dossier, mentor: Mentor) -> Dossier:
    others = (m for m in dossier.mentors if m.id != mentor.id)
    return replace(
        dossier,
        mentors=tuple(replace(m, backup_for="") if m.backup_for == mentor.id else m for m in others),
        applications=tuple(
            replace(a, letter_ids={k: v for k, v in a.letter_ids.items() if k != mentor.id})
            for a in dossier.applications
        ),
        mails=tuple(replace(m, mentor="") if m.mentor == mentor.id else m for m in dossier.mails),
    )


# -- applications ----------------------------------------------------------------------------------------------------


def _application(dossier: Dossier, name: str) -> Application | None:
    return people.the_application(dossier, name)[0] if name else None


def _application_dropped(dossier: Dossier, application: Application, request: Request) -> Decision:
    mine = [x for x in dossier.letters if x.application == application.id]
    problems = [
        p for x in mine for p in _obstacles(dossier, dossier.mentor(x.mentor), [x], whole=False)
    ]  # fmt: skip
    if problems:
        return which.does_not_fit(dossier, request, problems)
    after = _without_letters(dossier, [x.id for x in mine])
    after = replace(after, applications=tuple(a for a in after.applications if a.id != application.id))
    names = [f"the letter of {dossier.mentor(x.mentor).name}" for x in mine]
    return _told(dossier, Decision(dossier=after), request, what=[application.name, *names])


# -- materials -------------------------------------------------------------------------------------------------------


def _material(dossier: Dossier, name: str) -> Material | None:
    """The newest version of the document of that name."""
    low = name.lower().removeprefix("my ").removeprefix("the ").strip()
    known = next((c.name for c in (material.CV, material.STATEMENT) if low in c.words), low)
    return dossier.latest(known)


def _material_dropped(dossier: Dossier, found: Material, request: Request) -> Decision:
    name = writing.human_name(found).removeprefix("my ")
    have = [
        m.to.name or m.to.email for m in dossier.mails
        if m.progress in _WENT and any(e.sha256 == found.sha256 for e in m.enclosures)
    ]  # fmt: skip
    if have:
        problem = (
            f"{' and '.join(dict.fromkeys(have))} got {found.name} already; to replace it, send the new file: {name}"
        )
        return which.does_not_fit(dossier, request, [problem])
    after = versions.without(dossier, found)
    before = after.latest(found.kind)
    return _told(
        dossier, Decision(dossier=after), request, what=[f"{found.name} (your {name}, version {found.version})"],
        now_current=f"{before.name} (version {before.version})" if before else "", none_left="" if before else name,
    )  # fmt: skip


def _told(before: Dossier, decision: Decision, request: Request, *, what: list[str], **more: str) -> Decision:
    waited = undone(before, decision)
    context = {"now_current": "", "none_left": "", **more}
    why = f"dropped: {', '.join(what)}"
    return decision.then(lambda d: answered(d, request, "drop", why=why, what=what, waited=waited, **context))


COMMAND = Command(
    name="drop",
    words=("drop", "remove", "delete"),
    does="removes a mentor, an application or a document that you entered by mistake, where nothing was sent for it",
    example="Subject: drop Dr. Kim",
    handle=handle,
    argument="NAME",
)
