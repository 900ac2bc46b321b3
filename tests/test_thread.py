"""Which mail of ours is answered: signed ids and tokens, and that nothing forged or foreign is taken for ours."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mentors import ID, SECRET, incoming

from lorbot.core.message import Address
from lorbot.mail.thread import Answered, answered_by, dossier_id, is_own, message_id, returned_in, token, verified

OTHER = b"another installation's key, 32 b."
ASK = message_id(SECRET, ID, "l1-ask", "school.example")
NUDGE = message_id(SECRET, ID, "l1-nudge1", "school.example")
HEX = st.text("0123456789abcdef", min_size=12, max_size=12)
KEYS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=60)


@given(HEX, KEYS)
def test_an_id_comes_back_as_the_mail_it_stands_for(digits: str, key: str) -> None:
    made = message_id(SECRET, f"d{digits}", key, "school.example")
    assert verified(SECRET, made) == Answered(dossier=f"d{digits}", key=key)
    assert verified(OTHER, made) is None


@pytest.mark.parametrize("written", [f"<{ASK}>", f" {ASK.upper()} ", f"<{ASK.split('@')[0]}@relay.example>", ASK[:-3]])
def test_brackets_case_and_domain_do_not_count(written: str) -> None:
    assert verified(SECRET, written) == Answered(dossier=ID, key="l1-ask")


@pytest.mark.parametrize("at", range(len(ASK.partition("@")[0])))
def test_one_changed_letter_makes_an_id_foreign(at: int) -> None:
    changed = ASK[:at] + ("0" if ASK[at] != "0" else "1") + ASK[at + 1 :]
    assert verified(SECRET, changed) is None


@pytest.mark.parametrize(
    "foreign",
    ["", "<>", "@", "CAB-1@mail.gmail.com", "d0123456789ab.l1-ask@school.example", f"x{ASK}", "d.l1.0@x", "a" * 10_000],
)
def test_a_foreign_id_is_none(foreign: str) -> None:
    assert verified(SECRET, foreign) is None


def test_the_same_decision_has_the_same_id_and_no_two_share_one() -> None:
    assert message_id(SECRET, ID, "l1-ask", "school.example") == ASK
    others = {message_id(SECRET, d, k, "school.example") for d in (ID, "dabcdef012345") for k in ("l1-ask", "l1-ask-2")}
    assert len(others) == 4


def test_the_last_of_ours_in_the_thread_counts() -> None:
    foreign = "CAB-1@mail.gmail.com"
    answer = incoming("x", in_reply_to=(foreign,), references=(ASK, NUDGE, foreign))
    assert answered_by(SECRET, answer) == Answered(dossier=ID, key="l1-nudge1")
    assert answered_by(SECRET, incoming("x", in_reply_to=(ASK,), references=(NUDGE,))) == Answered(
        dossier=ID, key="l1-ask"
    )
    assert answered_by(SECRET, incoming("x", in_reply_to=(foreign,))) is None


@pytest.mark.parametrize("where", ["to", "cc", "delivered_to"])
def test_a_reply_address_brings_the_token_back(where: str) -> None:
    address = f"lorbot+{token(SECRET, ID, 'l1-ask')}@school.example"
    there: dict[str, Any] = {where: (address,) if where == "delivered_to" else (Address(email=address),)}
    assert answered_by(SECRET, incoming("x", **there)) == Answered(dossier=ID, key="l1-ask")
    forged = address.replace("l1-ask", "l2-ask")
    assert answered_by(SECRET, incoming("x", to=(Address(email=forged),))) is None


def test_a_bounce_returns_one_of_ours() -> None:
    assert returned_in(SECRET, ("foreign@x", ASK)) == Answered(dossier=ID, key="l1-ask")
    assert returned_in(OTHER, (ASK,)) is None


def test_our_own_mail_is_known_when_it_comes_back() -> None:
    assert is_own(SECRET, incoming("x", message_id=ASK))
    assert not is_own(SECRET, incoming("x", in_reply_to=(ASK,)))


def test_a_dossier_is_named_by_its_address_and_tells_nothing_about_it() -> None:
    name = dossier_id(SECRET, "Nadia@Students.example")
    assert name == dossier_id(SECRET, "nadia@students.example")
    assert name != dossier_id(OTHER, "nadia@students.example")
    assert len(name) == 13
    assert verified(SECRET, message_id(SECRET, name, "l1-ask", "x.example")) is not None
