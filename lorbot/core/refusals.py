"""Who is not to be asked again, remembered by address: for one application after a no, for everything after a "stop".

Invariant: it outlives the mentor's entry. Somebody who is entered anew, under another name, is still the same person at
the same address. Addresses are kept as hashes, so that an entry can be erased and this not forgotten.
"""

import hashlib
from dataclasses import replace

from lorbot.core.correspondence import Mail, Progress, Purpose
from lorbot.core.dossier import Dossier, Letter, Mentor, State
from lorbot.core.refusal import Refusal

REFUSED = frozenset({State.DECLINED, State.WITHDRAWN})
"""The mentor has said no, at first or after a yes."""

_EVERYTHING = ""


def is_refused(dossier: Dossier, email: str, application: str) -> bool:
    """Whether the person at this address said no for this application."""
    return bool(email) and Refusal(address=_hashed(email), application=application) in dossier.refusals


def wants_silence(dossier: Dossier, email: str) -> bool:
    """Whether the person at this address asked to get no mail at all."""
    return is_refused(dossier, email, _EVERYTHING)


def noted(dossier: Dossier, letter: Letter) -> Dossier:
    """The dossier in which nobody at an address of this letter's mentor is asked for its application again."""
    for email in _addresses(dossier, letter):
        dossier = _with(dossier, email, letter.application)
    return dossier


def silenced(dossier: Dossier, mentor: Mentor) -> Dossier:
    """The mentor gets no more mail, at this address or under another entry."""
    dossier = dossier.with_mentor(replace(mentor, never=True))
    for email in dict.fromkeys((mentor.email, *mentor.addresses)):
        dossier = _with(dossier, email, _EVERYTHING)
    return dossier


def _with(dossier: Dossier, email: str, application: str) -> Dossier:
    refusal = Refusal(address=_hashed(email), application=application)
    if not email or refusal in dossier.refusals:
        return dossier
    return replace(dossier, refusals=(*dossier.refusals, refusal))


def _addresses(dossier: Dossier, letter: Letter) -> set[str]:
    """The mentor's address, and those that mail about the letter reached before; not one that was somebody else's."""
    wrong = {m.to.email for m in dossier.mails if m.purpose is Purpose.APOLOGY and m.mentor == letter.mentor}
    reached = {m.to.email for m in dossier.mails if _reached(m, letter)}
    mentor = dossier.mentor(letter.mentor)
    return {mentor.email, *mentor.addresses, *(reached - wrong)}


def _reached(mail: Mail, letter: Letter) -> bool:
    asks = mail.purpose in {Purpose.ASK, Purpose.PACKET} and letter.id in mail.letters and mail.mentor == letter.mentor
    return asks and mail.progress is Progress.SENT and not mail.remark.startswith("bounced")


def _hashed(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()
