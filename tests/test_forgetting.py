"""What goes when a mentor is forgotten, field by field; and what is asked before."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from dossiers import NOW, POLICY, after, answer, decided, problems, rich, to_mentors, wrote
from pydantic import TypeAdapter

from lorbot.core.correspondence import Mail, Progress, Purpose
from lorbot.core.decide import decide
from lorbot.core.dossier import Dossier, Mentor
from lorbot.core.erasure import Erasure
from lorbot.core.forgetting import ERASED, KEPT, RULES, emptied, still_named, without_mentor
from lorbot.core.message import Address
from lorbot.core.writing import fresh_key

STORED = TypeAdapter(Dossier)


def said(dossier: Dossier) -> str:
    return STORED.dump_json(dossier).decode()


def busy() -> Dossier:
    """Chen and Lopez have both been written to, and status mails name both."""
    dossier = after(rich(), "ask Dr. Lopez for ERAS")
    dossier = replace(dossier, previews=(), mails=tuple(replace(m, progress=Progress.SENT) for m in dossier.mails))
    dossier = after(after(dossier, "status"), "ask Dr. Lopez for ERAS")
    return replace(dossier, mails=tuple(replace(m, progress=Progress.SENT) for m in dossier.mails))


def test_every_field_of_a_dossier_says_what_becomes_of_it() -> None:
    assert {f.name for f in fields(Dossier)} == set(RULES) | KEPT
    assert set(RULES) & KEPT == set()


def test_nothing_names_a_forgotten_mentor_and_the_others_stay() -> None:
    before = busy()
    assert "Lopez" in said(before)

    after_it = without_mentor(before, "m1")

    assert not {"Lopez", "lopez@", "5 West"} & {w for w in ("Lopez", "lopez@", "5 West") if w in said(after_it)}
    assert [m.name for m in after_it.mentors] == ["Sam Kim, MD", "Dr. Wei Chen"]
    assert [x.id for x in after_it.letters] == ["l2", "l3"]
    assert after_it.applicant == before.applicant
    assert after_it.materials == before.materials
    assert without_mentor(after_it, "m1") == after_it


def test_a_copy_of_a_mail_about_others_keeps_its_id_and_loses_its_words() -> None:
    before = busy()
    status = next(m for m in before.mails if m.subject == "Re: status")
    kept = without_mentor(before, "m1").mail(status.key)
    assert kept == replace(status, subject=ERASED, text="", html="", commands=())


def test_the_key_of_an_erased_mail_is_never_used_again() -> None:
    gone = without_mentor(busy(), "m1")
    assert "l1-ask" in gone.spent
    assert fresh_key(gone, "l1-ask") == "l1-ask-2"


def test_a_family_name_that_two_mentors_have_names_neither() -> None:
    other = Mentor(id="m9", name="Dr. Ana Lopez", email="ana@hospital.example")
    dossier = replace(rich(), mentors=(*rich().mentors, other)).noting(NOW, "asked Dr. Ana Lopez about the date")
    assert without_mentor(dossier, "m1").journal == dossier.journal


def test_the_applicants_own_words_about_others_are_told_not_changed() -> None:
    chen = replace(rich().mentor("m3"), worked_together="the clinic of Dr. Lopez")
    dossier = rich().with_mentor(chen)
    waiting = Mail(
        key="l2-own", purpose=Purpose.OWN_WORDS, to=Address(email=chen.email, name=chen.name), subject="s",
        text="Dr. Lopez sends her regards.", mentor="m3", letters=("l2",), decided_at=NOW,
    )  # fmt: skip
    dossier = dossier.with_mail(waiting)
    where = ("what you wrote about Dr. Wei Chen", "the own words to Dr. Wei Chen that waits")
    assert still_named(dossier, "m1") == where
    assert "what you wrote about Dr. Wei Chen" in answer(decided(dossier, "forget Lopez"))
    gone = without_mentor(dossier, "m1")
    assert gone.mentor("m3") == chen
    assert gone.mail("l2-own") == waiting


def test_nothing_more_goes_to_a_mentor_once_forgetting_is_confirmed() -> None:
    dossier = after(rich(), "forget Dr. Chen")
    queued = Mail(
        key="l2-nudge", purpose=Purpose.NUDGE, to=Address(email="chen@hospital.example"), subject="s", text="t",
        mentor="m3", letters=("l2",), decided_at=NOW,
    )  # fmt: skip
    dossier = dossier.with_mail(queued)
    key = dossier.erasures[0].id
    decision = decide(dossier, wrote("Re: forget Dr. Chen", "yes, forget", answers=key), NOW, POLICY)
    assert to_mentors(decision.dossier) == [(Purpose.NUDGE, "chen@hospital.example", "dropped")]
    assert decision.dossier.erasures[0].confirmed_at == NOW


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("no", "no"), ("don't forget me", "no"), ("keep everything", "no"), ("yes", "unclear"), ("", "unclear"),
        ("yes, forget Dr. Chen", "unclear"), ("yes forget, but not today", "unclear"),
    ],
)  # fmt: skip
def test_what_is_no_yes_erases_nothing(words: str, because: str) -> None:
    dossier = after(rich(), "forget Dr. Lopez")
    decision = decide(dossier, wrote("Re: forget Dr. Lopez", words, answers=dossier.erasures[0].id), NOW, POLICY)
    assert decision.why == (f"nothing was forgotten ({because})",)
    assert len(decision.dossier.erasures) == (0 if because == "no" else 1)
    assert not any(e.confirmed_at for e in decision.dossier.erasures)


@pytest.mark.parametrize("words", ["yes, forget", "Yes, forget Dr. Lopez.", "forget her", "Yes please forget\n\nNadia"])
def test_yes_forget_is_understood(words: str) -> None:
    dossier = after(rich(), "forget Dr. Lopez")
    decision = decide(dossier, wrote("Re: forget Dr. Lopez", words, answers=dossier.erasures[0].id), NOW, POLICY)
    assert decision.dossier.erasures[0].confirmed_at == NOW


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("forget", "it is not said whom"),
        ("forget Nobody", "is not one of your mentors"),
        ("forget Lopez and Kim", "please one at a time"),
        ("forget Lopez for ERAS", "not one application alone"),
    ],
)
def test_what_cannot_be_forgotten_is_explained(subject: str, says: str) -> None:
    assert any(says in problem for problem in problems(decided(rich(), subject)))


def test_while_everything_is_being_forgotten_nothing_else_happens() -> None:
    erasure = Erasure(id="f1", asked_at=NOW, confirmed_at=NOW)
    leaving = emptied(replace(rich(), erasures=(erasure,)), erasure)
    assert leaving == Dossier(id="d1", applicant=replace(leaving.applicant, name="Nadia Rahman"), erasures=(erasure,))
    for subject in ("profile", "mentor Dr. Lopez", "help"):
        assert decided(leaving, subject, "school: Elsewhere", NOW + timedelta(hours=1)).dossier == leaving
