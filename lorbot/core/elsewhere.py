"""A mail in a mentor's thread from an address that nobody registered: shown to the applicant, and acted on only once
the applicant has said that it is the mentor.

Invariant: from then on both addresses are the mentor's, and nobody is asked about either of them again.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from lorbot.core import addressing, answers, names, writing
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Mentor
from lorbot.core.events import MentorWrote, SomebodyElseWrote
from lorbot.core.message import Address, Incoming
from lorbot.core.move import Answer, open_still, says, sentence
from lorbot.core.policy import Policy
from lorbot.core.reading import Evidence, Kind, Reading, Signal, Stance


def somebody_else_wrote(dossier: Dossier, event: SomebodyElseWrote, policy: Policy, now: datetime) -> Decision:
    """The mail is shown to the applicant, who says whose it is; a machine's mail is left alone."""
    sender = event.incoming.sender
    if event.reading.kind is not Kind.HUMAN or not event.letters:
        why = f"a mail from {sender.email} in the thread was left alone"
        return Decision(dossier=dossier.noting(now, why), why=(why,))
    letter = dossier.letter(event.letters[0])
    mentor = dossier.mentor(event.mentor)
    known = sender.email == mentor.assistant
    choices = ("write:", "nothing") if known else ("same person", f"cc {sender.email}", "write:", "nothing")
    more = {
        "quote": event.reading.words,
        "sender": sender.email,
        "sender_name": sender.name,
        "is_assistant": known,
        "same_name": _is_named_as(sender, mentor),
        "read": _kept(event),
    }
    asked = writing.question(
        dossier, "somebody_else", letter, choices,
        policy=policy, now=now, key=writing.key_for(event.incoming, letter), more=more, about=sender.email,
    )  # fmt: skip
    why = f"{sender.email} answered in the thread; the applicant was asked"
    return Decision(dossier=dossier.noting(now, why, letter.id), mails=(asked,), why=(why,))


def same_person(answer: Answer) -> Decision:
    """The address is the mentor's, beside the one that was known; and the mail counts as the mentor's."""
    email, mentor = answer.question.about, answer.mentor
    try:
        addressing.check_free(answer.dossier, mentor, email)
    except addressing.AddressError as error:
        return open_still(answer, sentence(str(error)))
    dossier = addressing.readdressed(answer.dossier, addressing.also_at(mentor, mentor.email), email)
    answer = replace(answer, dossier=dossier)
    told = f"Noted: {email} is {mentor.name}, and I write there from now on."
    if mentor.email:
        told = f"{told[:-1]}. Mail from {mentor.email} is known as well."
    event = _event(answer)
    if event is None or answer.also:  # what the applicant writes beside it answers the mail
        return says(answer, told)
    follows = answers.mentor_wrote(dossier, event, answer.policy, answer.now)
    return replace(follows, why=(told, "What follows from the mail itself comes in a mail of its own."))


def _is_named_as(sender: Address, mentor: Mentor) -> bool:
    """Whether the sender goes by the mentor's name, given name and family name."""
    given, family = names.given_name(mentor.name), names.family_name(mentor.name)
    words = sender.name.replace(",", " ").casefold().split()
    return given != family and given.casefold() in words and family.casefold() in words


def _kept(event: SomebodyElseWrote) -> dict[str, Any]:
    """What was read in the mail, in plain values, for the moment when the applicant says that it is the mentor's."""
    mail, reading = event.incoming, event.reading
    return {
        "message_id": mail.message_id,
        "content_hash": mail.content_hash,
        "subject": mail.subject,
        "letters": list(event.letters),
        "stance": reading.stance.value,
        "signals": sorted(s.value for s in reading.signals),
        "evidence": [{"label": e.label, "sentence": e.sentence} for e in reading.evidence],
        "acts": reading.acts,
        "attached": len(mail.attachments),
    }


def _event(answer: Answer) -> MentorWrote | None:
    """The mail as if the mentor had written from a known address; None where it is not known any more. One with an
    attachment is left to the applicant, who has it: a letter that came along is not kept here.
    """
    asked = answer.dossier.mail(answer.question.id)
    read: Mapping[str, Any] = asked.more.get("read", {}) if asked else {}
    if asked is None or not read or read["attached"]:
        return None
    sender = Address(email=answer.question.about, name=answer.mentor.name)
    incoming = Incoming(
        message_id=read["message_id"], content_hash=read["content_hash"], sender=sender, subject=read["subject"]
    )
    reading = Reading(
        kind=Kind.HUMAN,
        stance=Stance(read["stance"]),
        signals=frozenset(Signal(s) for s in read["signals"]) - {Signal.LETTER_ATTACHED},
        evidence=tuple(Evidence(**e) for e in read["evidence"]),
        acts=read["acts"],
        words=asked.more["quote"],
    )
    known = {x.id for x in answer.dossier.letters}
    about = tuple(x for x in read["letters"] if x in known)
    return MentorWrote(incoming=incoming, mentor=answer.mentor.id, reading=reading, genuine=True, letters=about)
