"""Which thread a mail to a mentor goes on with, and under which subject."""

from dataclasses import replace

import pytest
from mentors import NOW, POLICY, World, asked, said

from lorbot.core import writing
from lorbot.core.correspondence import Contact, Direction, Purpose
from lorbot.core.reading import Signal, Stance
from lorbot.core.threads import bare_subject, continued
from lorbot.mail.compose import _ids

OURS, HIS = "Letter of recommendation", "LoR for Nadia"


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Letter", "Letter"), ("RE: Re: re:Letter", "Letter"), ("AW: Letter", "Letter"), ("Odp: Letter", "Letter"),
        ("Re[2]: Letter", "Letter"), ("RE(3): Letter", "Letter"), ("Re^2: Letter", "Letter"),
        ("回复：Letter", "Letter"),
        ("SV: Vs: Letter", "Letter"), ("RES: Letter", "Letter"), ("Fwd: WG: Letter", "Letter"),
        ("Re : Letter", "Letter"),
        ("Recommendation: Letter", "Recommendation: Letter"), ("Reference: one", "Reference: one"),
        ("", ""), ("Re:", ""),
    ],
)  # fmt: skip
def test_an_answer_is_marked_once(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


def contact(direction: Direction, name: str, subject: str) -> Contact:
    return Contact(
        direction=direction, message_id=name, mentor="m1", letters=("l1",), purpose="", subject=subject, at=NOW
    )


def out(name: str, subject: str = OURS) -> Contact:
    return contact(Direction.OUT, f"{name}@school.example", subject)


def came(name: str, subject: str = f"Re: {OURS}") -> Contact:
    return contact(Direction.IN, f"{name}@hospital.example" if name else "0" * 64, subject)


@pytest.mark.parametrize(
    ("contacts", "answers", "refers", "subject"),
    [
        ((), "", (), ""),
        ((out("a"),), "a", ("a",), OURS),
        ((out("a"), came("b"), out("c", f"Re: {OURS}")), "c", ("a", "b", "c"), OURS),
        ((out("a"), came("b", f"[EXTERNAL] RE: {OURS}")), "b", ("a", "b"), OURS),
        ((out("a"), came("b", HIS)), "b", ("b",), HIS),
        ((out("a"), came("b", HIS), out("c", f"Re: {HIS}")), "c", ("b", "c"), HIS),
        ((out("a"), came("b", HIS), came("d")), "d", ("a", "d"), OURS),
        ((out("a"), came("")), "a", ("a",), OURS),
        ((out("a"), came("", HIS)), "", (), HIS),
    ],
    ids=["none", "ask", "answer", "tagged", "his own", "his own goes on", "back in the old", "no id", "his, no id"],
)
def test_a_mail_goes_on_where_the_last_one_was(
    contacts: tuple[Contact, ...], answers: str, refers: tuple[str, ...], subject: str
) -> None:
    found = continued(contacts)
    names = tuple(r.partition("@")[0] for r in found.references)
    assert (found.in_reply_to.partition("@")[0], names, found.subject) == (answers, refers, subject)


def test_a_long_thread_keeps_its_first_and_its_newest_mails() -> None:
    kept = _ids([f"{n}@school.example" for n in range(100)]).split()
    assert (len(kept), kept[0], kept[1], kept[-1]) == (
        20, "<0@school.example>", "<81@school.example>", "<99@school.example>",
    )  # fmt: skip


@pytest.mark.parametrize("message_id", ["his@hospital.example", ""])
def test_the_packet_goes_into_the_thread_that_the_mentor_began_and_stays_as_it_was_written(message_id: str) -> None:
    world = World(asked())
    world.happens(said("Yes, gladly.", Stance.YES, acts=True, about=(), subject=HIS, message_id=message_id))
    world.happens(said("Half done.", Stance.NONE, Signal.PROGRESS, message_id="x@hospital.example"))
    mail = writing.to_mentor(
        replace(world.dossier, contacts=world.dossier.contacts[:2]), Purpose.REMINDER, [world.dossier.letter("l1")],
        policy=POLICY, now=NOW,
    )  # fmt: skip
    assert (mail.thread_subject, mail.in_reply_to, mail.answers_a_mail) == (HIS, message_id, True)
    assert not any(line.startswith(">") for m in world.dossier.mails if m.to.email == mail.to.email
                   for line in m.text.splitlines())  # fmt: skip
