"""Somebody whom a mentor names in his place: the form of a new mentor is shown, filled in as far as the mail goes.

Nobody is entered and nobody is written to before the applicant has answered it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from lorbot.core import handed_on, writing
from lorbot.core.case import Case
from lorbot.core.commands import mentor, people
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision
from lorbot.core.open_command import Meaning, OpenCommand
from lorbot.core.reading import Colleague, Signal

_MOST = 2  # forms from one mail
_TITLE = r"\b(?:Dr|Dra|Prof|Professor)\b\.?\s+"


def proposing(case: Case, decision: Decision) -> Decision:
    """`decision`, and the form of each person that the mail names in the mentor's place."""
    if not case.is_ours or not case.has(Signal.REDIRECT) or handed_on.is_handed_on(case):
        return decision
    for number, colleague in enumerate(list(_new(case))[:_MOST], start=1):
        decision = decision.followed_by(_proposed(replace(case, dossier=decision.dossier), colleague, number))
    return decision


def _new(case: Case) -> Iterator[Colleague]:
    """Those who are not known yet."""
    known = {email for m in case.dossier.mentors for email in (m.email, *m.addresses)}
    for colleague in case.reading.colleagues:
        if colleague.name and not people.find_mentors(case.dossier, colleague.name) and colleague.email not in known:
            yield colleague


def _proposed(case: Case, colleague: Colleague, number: int) -> Decision:
    name = _with_title(colleague.name, case.reading.words)
    application = case.dossier.application(case.letter.application)
    values = {"email": colleague.email, "application": application.name}
    filled = [
        {"key": f.word, "value": values.get(f.name, ""), "example": f.example or f.name == "worked_together"}
        for f in mentor.COMMAND.fields
    ]
    line = f"{mentor.COMMAND.name} {name}"
    key = writing.fresh_key(case.dossier, f"w-{writing.key_of(case.event.incoming)}-{number}")
    body = "\n".join(f"{field['key']}: {field['value']}" for field in filled if field["value"])
    waiting = OpenCommand(
        id=key, said=line, incoming=replace(case.event.incoming, text="", attachments=()), body=body,
        meanings=(Meaning(label=line, line=line),), asked_at=case.now,
    )  # fmt: skip
    mail = writing.to_applicant(
        case.dossier, Purpose.QUESTION, "applicant/suggested", key=key, letters=[case.letter],
        more={
            "suggested_by": case.dossier.mentor(case.letter.mentor).name, "name": name, "address": colleague.email,
            "form": filled, "subject_line": line,
        },
    )  # fmt: skip
    why = f"{name} was named; the form of a mentor was shown"
    dossier = replace(case.dossier, open_commands=(*case.dossier.open_commands, waiting))
    return Decision(dossier=dossier.noting(case.now, why, case.letter.id), mails=(mail,), why=(why,))


def _with_title(name: str, words: str) -> str:
    """ "Dr. Rosen", where the mail says so and the name alone would be "Rosen"."""
    found = re.search(_TITLE + re.escape(name), words)
    return " ".join(found[0].split()) if found else name
