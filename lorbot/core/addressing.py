"""A mentor's address: whether it can be one, what it tells of the name, and the mail that waits for the old one.

Invariant: no two mentors have one address, and none has the applicant's.
"""

from dataclasses import replace

from email_validator import EmailNotValidError, validate_email

from lorbot.core import letters, names, refusals
from lorbot.core.correspondence import Mail, Progress, Purpose
from lorbot.core.dossier import Dossier, Mentor, State
from lorbot.core.message import Address
from lorbot.errors import LorbotError


class AddressError(LorbotError):
    """What was given cannot be the address; the sentence says why."""


def address_in(given: str) -> str:
    """The address in "Elena Lopez <elena.lopez@hospital.example>", in lower case.

    Raises AddressError where there is none, or more than one. The name servers are not asked.
    """
    bare = given.rsplit("<", 1)[-1].rstrip(" >.,;").strip().removeprefix("mailto:")
    try:
        checked = validate_email(bare, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as error:
        raise AddressError(f"“{given}” is not an e-mail address ({str(error).rstrip('.')})") from error
    return checked.normalized.lower()


def check_free(dossier: Dossier, mentor: Mentor, email: str) -> None:
    """Raises AddressError where `email` is the applicant's own or another mentor's."""
    if email == dossier.applicant.email.lower():
        raise AddressError(f"{email} is your own address")
    others = (m for m in dossier.mentors if m.id != mentor.id)
    taken = next((m for m in others if email in {m.email, *m.addresses}), None)
    if taken:
        raise AddressError(f"{email} is already the address of {taken.name}")


def also_at(mentor: Mentor, email: str) -> Mentor:
    """The mentor, known at this address too; mail goes where it went before."""
    return replace(mentor, addresses=tuple(dict.fromkeys((*mentor.addresses, *([email] if email else [])))))


def readdressed(dossier: Dossier, mentor: Mentor, email: str) -> Dossier:
    """The mentor at `email`, with the mail that has not left. What the applicant has seen stays as it was shown: it is
    shown again before it goes there (`lorbot.core.renewal`).
    """
    old = mentor.email

    def moved(mail: Mail, *, seen: bool) -> Mail:
        if seen and mail.template:
            return mail
        waits = mail.mentor == mentor.id and mail.progress is Progress.QUEUED
        waits = waits and mail.purpose is not Purpose.APOLOGY  # that is for whoever has the old address
        if not old or not waits or mail.to.email != old:
            return mail
        return replace(mail, to=Address(email=email, name=mail.to.name))

    dossier = dossier.with_mentor(
        replace(mentor, email=email, addresses=tuple(a for a in mentor.addresses if a != email))
    )
    dossier = replace(
        dossier,
        mails=tuple(moved(m, seen=not m.automatic) for m in dossier.mails),
        previews=tuple(replace(p, mail=moved(p.mail, seen=True)) for p in dossier.previews),
        questions=tuple(
            replace(q, prepared=moved(q.prepared, seen=True) if q.prepared else None) for q in dossier.questions
        ),
    )
    return dossier if email == old else _remembering(dossier, dossier.mentor(mentor.id))


def _remembering(dossier: Dossier, mentor: Mentor) -> Dossier:
    """What the person at this address refused stays refused, and what the mentor refused is so at this address."""
    if refusals.wants_silence(dossier, mentor.email) or mentor.never:
        dossier = refusals.silenced(dossier, mentor)
    for letter in dossier.letters_of(mentor.id):
        refused = refusals.is_refused(dossier, mentor.email, letter.application)
        if letter.state in refusals.REFUSED:
            dossier = refusals.noted(dossier, letter)
        elif refused and letter.state in letters.ASKABLE | letters.UNANSWERED | {State.SILENT, State.HELD}:
            dossier = letters.moved(dossier, letter.id, State.DECLINED, reason=letters.REFUSED_BEFORE)
    return dossier


def is_given_name_only(mentor: Mentor) -> bool:
    """Whether a name such as "Dr. Maria" is a first name, as the address maria.lopez@... suggests."""
    given = names.given_name(mentor.name).lower()
    parts = mentor.email.partition("@")[0].replace("_", ".").replace("-", ".").split(".")
    return given == names.family_name(mentor.name).lower() and len(parts) > 1 and parts[0] == given
