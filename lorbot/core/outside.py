"""What happened outside mail, as the applicant tells it: a yes, a no, a talk. For the commands and for the answers.

A yes that only the applicant heard is no sure reading of lorbot's: the packet is shown before it goes.
"""

from dataclasses import replace
from datetime import date, datetime

from lorbot.core import endings, letters, writing
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.policy import Policy

AFTER_A_TALK = ("agreed", "declined", "wait 10 days")
"""The words that answer what came of a talk."""


def agreed(dossier: Dossier, letter: Letter, *, policy: Policy, now: datetime, at: datetime) -> Decision:
    """The mentor said yes at the moment `at`: what waited for an answer is dropped, the packet is shown."""
    dossier = letters.heard(dossier, [letter.id], at)
    dossier = letters.agreed(dossier, letter.id, at, reason="said yes, as the applicant tells")
    return packet_shown(dossier, letter.id, policy=policy, now=now)


def packet_shown(dossier: Dossier, letter_id: str, *, policy: Policy, now: datetime) -> Decision:
    """The packet for the applicant's word; nothing where no mail can go to the mentor."""
    letter = dossier.letter(letter_id)
    if not writing.is_reachable(dossier.mentor(letter.mentor)):
        return Decision(dossier=dossier)
    packet = writing.to_mentor(dossier, Purpose.PACKET, [letter], policy=policy, now=now)
    shown = writing.previewed(dossier, packet, [letter], policy=policy, now=now, because="agreed")
    return Decision(dossier=dossier, mails=(shown,))


def declined(dossier: Dossier, letter: Letter, *, policy: Policy, now: datetime, at: datetime, key: str) -> Decision:
    """The mentor said no: as if it had come by mail."""
    closed = endings.turned_down(
        dossier, letter, reason="said no, as the applicant tells", policy=policy, now=now, key=key, more={}
    )
    return replace(closed, dossier=letters.heard(closed.dossier, [letter.id], at))


def talked(dossier: Dossier, letter_id: str, *, at: datetime, until: date | None) -> Dossier:
    """The two have met or spoken: the clock begins again, on the day `until` where one was named."""
    dossier = letters.heard(dossier, [letter_id], at)
    letter = dossier.letter(letter_id)
    if until is None:
        return dossier
    dossier = letters.unasked(dossier, [letter_id]) if wants_to_know(letter) else dossier
    return dossier.with_letter(letters.put_off(letter, until))


def wants_to_know(letter: Letter) -> bool:
    """Whether the letter stood still for the applicant, so that a talk has settled something."""
    undecided = {State.ASKED, State.HELD, State.SILENT}
    return letter.state in undecided and (letter.waiting or letter.state is not State.ASKED)


def asked_what_came(dossier: Dossier, letter_id: str, *, policy: Policy, now: datetime, key: str) -> Decision:
    """The question what came of a talk, in place of what was asked before."""
    dossier = letters.unasked(dossier, [letter_id])
    letter = replace(dossier.letter(letter_id), waiting=True)
    dossier = dossier.with_letter(letter)
    asked = writing.question(dossier, "talked", letter, AFTER_A_TALK, policy=policy, now=now, key=f"{letter_id}-{key}")
    return Decision(dossier=dossier, mails=(asked,))
