"""What follows from a portal's notice: the letter it is surely about is received; all else is asked about, or noted."""

from dataclasses import replace
from typing import Any

import pytest
from mentors import DAY, LOPEZ, NOW, POLICY, World, asked, dossier, drafts, standing, templates, with_queued

from lorbot.core import names
from lorbot.core.application import Application
from lorbot.core.correspondence import Purpose
from lorbot.core.decide import decide
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Mentor, State
from lorbot.core.events import PortalWrote
from lorbot.core.message import Address, Incoming
from lorbot.core.notice import Notice, Told, serves

SENTENCE = "A letter from Elena Lopez, MD has been received."


def tells(told: Told = Told.RECEIVED, *, genuine: bool = True, number: int = 1, **more: Any) -> PortalWrote:
    known = {"portal": "ERAS", "services": ("eras*",), "domains": ("aamc.org",), "writers": ("Elena Lopez, MD",)}
    mail = Incoming(
        message_id=f"n{number}@aamc.org", content_hash="0" * 64, sender=Address(email="no-reply@aamc.org"),
        subject="Letter received", text=SENTENCE,
    )  # fmt: skip
    notice = Notice(**{**known, "told": told, "sentence": SENTENCE, **more})
    return PortalWrote(incoming=mail, notice=notice, genuine=genuine, doubt="" if genuine else "DMARC failed")


def follows(before: Dossier, event: PortalWrote) -> Decision:
    return decide(before, event, NOW, POLICY)


def other(before: Dossier, name: str, state: State = State.PACKET_SENT, application: str = "a1") -> Dossier:
    """One more mentor with a letter."""
    before = replace(before, mentors=(*before.mentors, Mentor(id="m9", name=name, email="nine@hospital.example")))
    return before.with_letter(Letter(id="l9", mentor="m9", application=application, state=state))


def numbered(before: Dossier, **numbers: str) -> Dossier:
    return before.with_application(replace(before.application("a1"), letter_ids=numbers))


@pytest.mark.parametrize(
    "state", [State.ASKED, State.HELD, State.SILENT, State.AGREED, State.PACKET_SENT, State.REPORTED]
)
def test_a_letter_that_has_come_is_received_and_thanked_for_by_the_clock(state: State) -> None:
    decision = follows(with_queued(standing(state), Purpose.NUDGE), tells())
    letter = decision.dossier.letter("l1")
    assert (letter.state, letter.received_at, letter.reason) == (State.RECEIVED, NOW, SENTENCE)
    assert templates(decision) == ["applicant/told_received_notice"]
    assert drafts(decision.mails)[0].context["thanks_on"] == "Wednesday, June 2, 2027"
    assert not decision.dossier.questions

    world = World(standing(state))
    world.happens(tells())
    world.until(NOW + 30 * DAY)
    assert [(day[:5], what) for day, what in world.days()] == [("06-02", "thanks")]


def test_a_notice_about_one_who_wants_no_mail_promises_no_thanks() -> None:
    made = standing(State.PACKET_SENT)
    made = made.with_mentor(replace(made.mentor("m1"), never=True))
    assert drafts(follows(made, tells()).mails)[0].context["thanks_on"] == ""


@pytest.mark.parametrize("state", [State.RECEIVED, State.ASSIGNED, State.THANKED, State.TOLD])
def test_what_is_known_already_is_noted_and_no_more(state: State) -> None:
    before = standing(state)
    decision = follows(before, tells())
    assert (decision.mails, decision.dossier.letters) == ((), before.letters)
    assert len(decision.dossier.journal) == len(before.journal) + 1


def test_the_same_notice_twice_is_one() -> None:
    world = World(standing(State.PACKET_SENT))
    assert len(world.happens(tells()).mails) == 1
    assert world.happens(tells()).why == ("handled before",)
    assert world.happens(tells(number=2)).mails == ()


@pytest.mark.parametrize("told", [Told.REQUESTED, Told.ACCEPTED, Told.ASSIGNED, Told.DELIVERED])
def test_what_changes_nothing_is_noted(told: Told) -> None:
    before = standing(State.PACKET_SENT)
    decision = follows(before, tells(told))
    assert (decision.mails, decision.dossier.letters) == ((), before.letters)


# -- which letter ------------------------------------------------------------------------------------------------

NAMES = [
    ("Dr. Elena Lopez", "LOPEZ, ELENA", True),
    ("Dr. Elena Lopez", "Elena M. Lopez, MD, PhD", True),
    ("Dr. Elena Lopez", "Dr. Lopez", True),
    ("Dr. Lopez", "Elena Lopez", True),
    ("Dr. Elena Lopez", "E. Lopez", True),
    ("Elena López-García, MD", "Elena Lopez", True),
    ("Dr. Carlos de la Cruz", "de la Cruz, Carlos M.D.", True),
    ("Dr. Elena Lopez", "Maria Lopez", False),
    ("Dr. Elena Lopez", "Elena", False),
    ("Dr. Elena Lopez", "Elena Garcia", False),
    ("Dr. Elena R. Lopez", "Elena M. Lopez", False),
    ("Dr. Elena Lopez", "AAMC Letter Service", False),
    ("Dr. Elena Lopez", "Dr.", False),
    ("", "", False),
]


@pytest.mark.parametrize(("name", "writer", "same"), NAMES)
def test_a_writer_is_known_by_every_usual_form_of_the_name(name: str, writer: str, same: bool) -> None:
    assert names.may_be_one(name, writer) is same
    assert names.may_be_one(writer, name) is same


def received(decision: Decision) -> list[str]:
    return [x.id for x in decision.dossier.letters if x.state is State.RECEIVED]


CLEAR: dict[str, tuple[Dossier, PortalWrote, str]] = {
    "the full name tells two of one family name apart": (
        other(standing(State.PACKET_SENT), "Dr. Maria Lopez"), tells(), "l1"),
    "the number tells, where no writer is named": (
        numbered(other(standing(State.PACKET_SENT), "Dr. Maria Lopez"), m9="765-4321"),
        tells(writers=(), letter_ids=("7654321",)), "l9"),
    "the number tells two of one name apart": (
        numbered(other(standing(State.PACKET_SENT), "Dr. Maria Lopez"), m9="7654321"),
        tells(writers=("Dr. Lopez",), letter_ids=("7654321",)), "l9"),
    "a letter for another service is another letter": (
        other(standing(State.PACKET_SENT), "Dr. Elena Lopez", application="a2"), tells(), "l1"),
    "a number that nobody has told me speaks against nothing": (
        standing(State.PACKET_SENT), tells(letter_ids=("7654321",)), "l1"),
    "an applicant's number of another kind speaks against nothing": (
        standing(State.PACKET_SENT), tells(applicant_ids=("14789321",)), "l1"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLEAR)
def test_one_letter_is_meant(name: str) -> None:
    before, event, letter = CLEAR[name]
    assert received(follows(before, event)) == [letter]


def identified(before: Dossier) -> Dossier:
    return replace(before, applicant=replace(before.applicant, identifiers={"AAMC ID": "14789321"}))


DOUBTFUL: dict[str, tuple[Dossier, PortalWrote, list[str]]] = {
    "nothing vouches for the sender": (standing(State.PACKET_SENT), tells(genuine=False), ["l1"]),
    "two of that name": (
        other(standing(State.PACKET_SENT), "Dr. Maria Lopez"), tells(writers=("Dr. Lopez",)), ["l1", "l9"]),
    "two of that name, one of them in": (
        other(standing(State.PACKET_SENT), "Dr. Maria Lopez", State.THANKED), tells(writers=("Dr. Lopez",)), ["l1"]),
    "one person, two such letters": (
        other(standing(State.PACKET_SENT), "Dr. Elena Lopez"), tells(), ["l1", "l9"]),
    "nobody of that name": (standing(State.PACKET_SENT), tells(writers=("Harold Kim",)), ["l1"]),
    "no name": (standing(State.PACKET_SENT), tells(writers=()), ["l1"]),
    "several names": (standing(State.PACKET_SENT), tells(writers=("Elena Lopez", "Harold Kim")), ["l1"]),
    "several numbers": (standing(State.PACKET_SENT), tells(letter_ids=("7654321", "7654322")), ["l1"]),
    "another number": (
        numbered(standing(State.PACKET_SENT), m1="1111111"), tells(letter_ids=("7654321",)), ["l1"]),
    "a number of somebody else's": (
        numbered(other(standing(State.PACKET_SENT), "Dr. Harold Kim"), m9="7654321"),
        tells(letter_ids=("7654321",)), ["l9", "l1"]),
    "a number for all letters tells none": (
        numbered(other(standing(State.PACKET_SENT), "Dr. Harold Kim"), **{"": "7654321"}),
        tells(writers=(), letter_ids=("7654321",)), ["l1", "l9"]),
    "for another applicant": (
        identified(standing(State.PACKET_SENT)), tells(applicant_ids=("99999999",)), ["l1"]),
    "who said no": (standing(State.DECLINED), tells(), ["l1"]),
    "who was never asked": (dossier(), tells(), ["l1"]),
    "words that are not known": (standing(State.PACKET_SENT), tells(Told.UNCLEAR), ["l1"]),
    "a letter that the portal could not match": (standing(State.PACKET_SENT), tells(Told.UNMATCHED), ["l1"]),
    "no letter of this service at all": (
        standing(State.PACKET_SENT), tells(services=("amcas",), domains=("interfolio.com",)), []),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_is_not_sure_is_asked_about_with_the_command_ready(name: str) -> None:
    before, event, perhaps = DOUBTFUL[name]
    decision = follows(before, event)
    assert decision.dossier.letters == before.letters
    assert templates(decision) == ["applicant/noticed"]
    lines = [m.line for o in decision.dossier.open_commands for m in o.meanings]
    names_of = {x.id: decision.dossier.mentor(x.mentor) for x in decision.dossier.letters}
    by_id = {id_: m.name for id_, m in names_of.items()}
    same = len(set(by_id.values())) < len(by_id)
    assert lines == [
        f"received {names_of[x].email if same else by_id[x]} for ERAS 2028" for x in perhaps
    ]  # fmt: skip


def test_the_same_question_is_asked_once_and_a_forger_gets_few() -> None:
    world = World(standing(State.PACKET_SENT))
    assert len(world.happens(tells(genuine=False)).mails) == 1
    assert world.happens(tells(genuine=False, number=2)).mails == ()
    asked_about = [
        len(world.happens(tells(genuine=False, number=n, sentence=f"Letter {n} received.")).mails) for n in range(3, 9)
    ]
    assert asked_about == [1, 1, 0, 0, 0, 0]
    assert world.dossier.letter("l1").state is State.PACKET_SENT


# -- bad news ----------------------------------------------------------------------------------------------------

BAD = [
    (Told.DECLINED, ["declined", "backup", "talk", "nothing"]),
    (Told.WITHDRAWN, ["backup", "talk", "nothing"]),
    (Told.REJECTED, ["write:", "talk", "nothing"]),
    (Told.UNDELIVERED, ["write:", "talk", "nothing"]),
    (Told.EXPIRED, ["write:", "talk", "nothing"]),
]


@pytest.mark.parametrize(("told", "choices"), BAD)
def test_bad_news_goes_to_the_applicant_at_once_and_nothing_is_done(told: Told, choices: list[str]) -> None:
    before = standing(State.PACKET_SENT)
    world = World(before)
    decision = world.happens(tells(told))
    assert decision.dossier.letters == before.letters
    assert templates(decision) == ["applicant/needs_notice"]
    assert drafts(decision.mails)[0].context["choices"] == choices
    assert world.happens(tells(told, number=2)).mails == ()


@pytest.mark.parametrize("told", [told for told, _ in BAD])
def test_bad_news_that_is_not_sure_is_only_told(told: Told) -> None:
    before = standing(State.PACKET_SENT)
    decision = follows(before, tells(told, genuine=False))
    assert (templates(decision), decision.dossier.letters) == (["applicant/noticed"], before.letters)


def test_a_letter_that_is_refused_after_all_is_not_thanked_for() -> None:
    world = World(standing(State.PACKET_SENT))
    world.happens(tells())
    world.happens(tells(Told.REJECTED, number=2))
    assert world.dossier.letter("l1").state is State.REPORTED
    world.until(NOW + 14 * DAY)
    assert world.days(Purpose.THANKS) == []
    world.happens(tells(number=3))
    world.until(NOW + 30 * DAY)
    assert len(world.days(Purpose.THANKS)) == 1


# -- whose mail ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "portal", "served"),
    [
        ("eras-residency", "", True),
        ("amcas", "", False),
        ("custom", "https://lwp.aamc.org/x", True),
        ("custom", "aamc.org/letters", True),
        ("custom", "https://notaamc.org/", False),
        ("custom", "https://example.org/?aamc.org", False),
        ("custom", "", False),
    ],
)
def test_a_portal_serves_an_application_by_its_service_or_address(service: str, portal: str, served: bool) -> None:
    application = Application(id="a1", name="A", service=service, portal=portal)
    assert serves(("eras*",), ("aamc.org",), application) is served


def test_the_mentor_hears_nothing_of_a_notice() -> None:
    world = World(asked())
    for number, told in enumerate(Told):
        for genuine in (True, False):
            decision = world.happens(tells(told, genuine=genuine, number=10 * number + genuine))
            assert all(d.to.email != LOPEZ for d in drafts(decision.mails))
