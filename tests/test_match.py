"""Where a mail belongs and who in it wrote: signed ids first, registered addresses second, and no guessing."""

from collections.abc import Sequence
from typing import Any

import pytest
from mentors import ID, KIM, LOPEZ, NADIA, SECRET, incoming

from lorbot.core.message import Address, Bounce, Origin
from lorbot.mail.match import Match, Party, Registered, match, may_concern
from lorbot.mail.thread import message_id, token

OTHER_ID = "dffffffffffff"
ASK = message_id(SECRET, ID, "l1-ask", "school.example")
FORGED = message_id(b"another key", ID, "l1-ask", "school.example")
OTHERS_ASK = message_id(SECRET, OTHER_ID, "l1-ask", "school.example")
REGISTER = {
    NADIA: [Registered(dossier=ID, role="applicant")],
    LOPEZ: [Registered(dossier=ID, role="mentor", mentor="m1")],
    KIM: [
        Registered(dossier=ID, role="mentor", mentor="m2"),
        Registered(dossier=OTHER_ID, role="mentor", mentor="m7"),
    ],
    "resident@hospital.example": [
        Registered(dossier=OTHER_ID, role="applicant"),
        Registered(dossier=ID, role="mentor", mentor="m3"),
    ],
}
STRANGER = Match(party=Party.STRANGER)
OURS = Match(party=Party.OURSELVES)


def registered(email: str) -> Sequence[Registered]:
    return REGISTER.get(email, [])


def found(sender: str, **mail: Any) -> Match:
    return match(incoming("x", sender=Address(email=sender), **mail), SECRET, registered)


@pytest.mark.parametrize(
    ("sender", "mail", "expected"),
    [
        (LOPEZ, {"in_reply_to": (ASK,)}, Match(party=Party.MENTOR, dossier=ID, mentor="m1", key="l1-ask")),
        (LOPEZ, {}, Match(party=Party.MENTOR, dossier=ID, mentor="m1")),
        (LOPEZ, {"in_reply_to": (FORGED,)}, Match(party=Party.MENTOR, dossier=ID, mentor="m1")),
        (LOPEZ, {"in_reply_to": (OTHERS_ASK,)}, Match(party=Party.SOMEBODY_ELSE, dossier=OTHER_ID, key="l1-ask")),
        (LOPEZ, {"to": (Address(email=f"lorbot+{token(SECRET, ID, 'l1-ask')}@school.example"),)},
         Match(party=Party.MENTOR, dossier=ID, mentor="m1", key="l1-ask")),
        (NADIA, {}, Match(party=Party.APPLICANT, dossier=ID)),
        (NADIA, {"in_reply_to": (ASK,)}, Match(party=Party.APPLICANT, dossier=ID, key="l1-ask")),
        (KIM, {}, STRANGER),  # a mentor of two applicants who begins a thread
        (KIM, {"in_reply_to": (ASK,)}, Match(party=Party.MENTOR, dossier=ID, mentor="m2", key="l1-ask")),
        (KIM, {"in_reply_to": (OTHERS_ASK,)}, Match(party=Party.MENTOR, dossier=OTHER_ID, mentor="m7", key="l1-ask")),
        ("resident@hospital.example", {}, Match(party=Party.APPLICANT, dossier=OTHER_ID)),
        ("resident@hospital.example", {"in_reply_to": (ASK,)},
         Match(party=Party.MENTOR, dossier=ID, mentor="m3", key="l1-ask")),
        ("anybody@x.example", {}, STRANGER),
        ("anybody@x.example", {"in_reply_to": (ASK,)}, Match(party=Party.SOMEBODY_ELSE, dossier=ID, key="l1-ask")),
        ("anybody@x.example", {"in_reply_to": (FORGED,)}, STRANGER),
        ("", {}, STRANGER),
        (NADIA, {"message_id": ASK}, OURS),
        (NADIA, {"origin": Origin.SELF}, OURS),
        (LOPEZ, {"origin": Origin.AUTO_REPLY, "references": (ASK,)},
         Match(party=Party.MENTOR, dossier=ID, mentor="m1", key="l1-ask")),
    ],
)  # fmt: skip
def test_where_a_mail_belongs(sender: str, mail: dict[str, Any], expected: Match) -> None:
    assert found(sender, **mail) == expected


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        ({"bounce": Bounce(original_ids=("x@y", ASK))}, Match(party=Party.MAIL_SYSTEM, dossier=ID, key="l1-ask")),
        ({"bounce": Bounce(original_ids=(FORGED,))}, STRANGER),
        ({"bounce": Bounce()}, STRANGER),
        ({"bounce": Bounce(), "references": (ASK,)}, Match(party=Party.MAIL_SYSTEM, dossier=ID, key="l1-ask")),
        ({}, STRANGER),
    ],
)
def test_a_bounce_belongs_where_the_returned_mail_came_from(mail: dict[str, Any], expected: Match) -> None:
    assert found("mailer-daemon@mx.example", origin=Origin.BOUNCE, **mail) == expected
    assert found(NADIA, origin=Origin.BOUNCE, **mail) == expected  # whatever From claims


@pytest.mark.parametrize(
    ("sender", "mail", "opened"),
    [
        (LOPEZ, {}, True),
        (KIM, {}, False),
        ("anybody@x.example", {}, False),
        ("anybody@x.example", {"in_reply_to": (ASK,)}, True),
        ("mailer-daemon@mx.example", {"origin": Origin.BOUNCE}, True),
        (NADIA, {"message_id": ASK}, False),
        (NADIA, {"message_id": ASK, "origin": Origin.BOUNCE}, False),
    ],
)
def test_what_does_not_concern_lorbot_stays_unopened(sender: str, mail: dict[str, Any], opened: bool) -> None:
    header = incoming("", sender=Address(email=sender), **mail)
    assert may_concern(header, match(header, SECRET, registered)) is opened
