"""`update` and `send all`: who hears the news, how often, and several previews answered with one word."""

from dataclasses import replace
from datetime import timedelta

import pytest
from dossiers import (
    NOW,
    POLICY,
    WRITER,
    after,
    answer,
    decided,
    drafts,
    previewed,
    problems,
    rich,
    templates,
    to_mentors,
)
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core import clock, outgoing, words
from lorbot.core.correspondence import Contact, Direction, Mail, Purpose
from lorbot.core.decide import decide
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.events import Ticked
from lorbot.core.letters import moved
from lorbot.core.manners import next_allowed
from lorbot.core.message import Address

NEWS = "I have eleven interviews.\n\nOne of them is in Chicago."


def standing(**states: State) -> Dossier:
    """Lopez, Kim and Chen, each with the letter for ERAS in that state."""
    dossier = rich()
    ids = {"lopez": ("l1", "m1"), "kim": ("l9", "m2"), "chen": ("l2", "m3")}
    for name, state in states.items():
        letter, mentor = ids[name]
        dossier = dossier.with_letter(Letter(id=letter, mentor=mentor, application="a1", state=state))
    return replace(dossier, letters=tuple(x for x in dossier.letters if x.id != "l3"))


def wrote() -> Dossier:
    return standing(lopez=State.THANKED, kim=State.RECEIVED, chen=State.PACKET_SENT)


def told(dossier: Dossier) -> list[str]:
    return [dossier.mentor(p.mail.mentor).name for p in dossier.previews]


def update_sent(mentor: str, days_ago: int, purpose: str = "update") -> Contact:
    return Contact(direction=Direction.OUT, message_id=f"{mentor}-{days_ago}", mentor=mentor, letters=("l1",),
                   purpose=purpose, subject="News", at=NOW - timedelta(days=days_ago))  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "before"),
    [
        ("Please send my mentors an update.", ""),
        ("News", "Please send my mentors an update.\n\n"),
        ("News", "Could you send my mentors an update?\n"),
        ("News", "Please send an update to my mentors:\n\n"),
        ("News", "Hi lorbot,\n\nplease send everyone an update.\n\n"),
    ],
)
def test_it_may_be_asked_for_in_a_sentence_with_the_news_below(subject: str, before: str) -> None:
    plainly = after(wrote(), "update", NEWS)
    dossier = after(wrote(), subject, f"{before}{NEWS}\n\nThanks,\nNadia")
    assert [(p.mail.mentor, p.mail.text) for p in dossier.previews] == [
        (p.mail.mentor, p.mail.text) for p in plainly.previews
    ]
    assert len(dossier.previews) == 3


@pytest.mark.parametrize(
    ("state", "hears", "why"),
    [
        (State.AGREED, True, ""),
        (State.PACKET_SENT, True, ""),
        (State.REPORTED, True, ""),
        (State.RECEIVED, True, ""),
        (State.ASSIGNED, True, ""),
        (State.THANKED, True, ""),
        (State.TOLD, True, ""),
        (State.PLANNED, False, "Dr. Elena Lopez has not been asked for a letter yet."),
        (State.PREVIEWED, False, "Dr. Elena Lopez is being asked for a letter right now."),
        (State.ASKED, False, "Dr. Elena Lopez is being asked for a letter right now."),
        (State.HELD, False, "Dr. Elena Lopez is being asked for a letter right now."),
        (State.SILENT, False, "Dr. Elena Lopez never answered."),
        (State.BOUNCED, False, "Dr. Elena Lopez has not been asked for a letter yet."),
        (State.DECLINED, False, "Dr. Elena Lopez has declined."),
        (State.WITHDRAWN, False, "Dr. Elena Lopez has declined."),
        (State.CANCELLED, False, "The letter of Dr. Elena Lopez is closed."),
    ],
)
def test_who_hears_the_news_by_where_the_letter_stands(state: State, hears: bool, why: str) -> None:
    dossier = standing(lopez=state, kim=State.THANKED)
    decision = decided(dossier, "update", f"to: Lopez\n\n{NEWS}")
    assert told(WRITER.write(decision, NOW)) == (["Dr. Elena Lopez"] if hears else [])
    assert [d["not_told"] for d in contexts(decision)] == [[why] if why else []]


def contexts(decision: object) -> list[dict[str, object]]:
    return [d.context for d in drafts(decision) if d.template == "applicant/update"]  # type: ignore[arg-type]


def test_the_news_goes_once_to_each_in_the_applicants_words_and_waits_for_the_word() -> None:
    decision = decided(wrote(), "update", f"Hi lorbot,\n\n{NEWS}\n\nThanks,\nNadia")
    assert templates(decision) == ["applicant/preview"] * 3 + ["applicant/update"]
    dossier = WRITER.write(decision, NOW)
    assert told(dossier) == ["Dr. Elena Lopez", "Sam Kim, MD", "Dr. Wei Chen"]
    assert all(f"\n\n{NEWS}\n\n" in p.mail.text for p in dossier.previews)
    assert "You wrote a letter for my residency application" in dossier.previews[0].mail.text
    assert "You agreed to write a letter for my residency application" in dossier.previews[2].mail.text
    assert to_mentors(dossier) == []


def test_two_letters_of_one_mentor_are_one_mail() -> None:
    dossier = rich()
    dossier = after(dossier, "update", NEWS)
    (preview,) = dossier.previews
    assert preview.mail.letters == ("l2", "l3")
    assert "letters for ERAS 2028 (internal medicine) and Garden grant" in preview.mail.text


@pytest.mark.parametrize(
    ("subject", "body", "names"),
    [
        ("update", "to: Dr. Lopez, Dr. Kim\n", ["Dr. Elena Lopez", "Sam Kim, MD"]),
        ("update", "not to: Dr. Lopez\n", ["Sam Kim, MD", "Dr. Wei Chen"]),
        ("update Dr. Chen and Lopez", "", ["Dr. Wei Chen", "Dr. Elena Lopez"]),
        ("update to Chen", "", ["Dr. Wei Chen"]),
        ("Update everyone", "not to: Kim and Chen\n", ["Dr. Elena Lopez"]),
        ("update my mentors", "", ["Dr. Elena Lopez", "Sam Kim, MD", "Dr. Wei Chen"]),
    ],
)
def test_the_applicant_may_choose_who_hears_it(subject: str, body: str, names: list[str]) -> None:
    assert told(after(wrote(), subject, f"{body}\n{NEWS}")) == names


@pytest.mark.parametrize(
    ("subject", "body", "problem"),
    [
        ("update", "", "the news is missing; write it below the subject, in your own words"),
        ("update Stein", NEWS, "“Stein” is not one of your mentors"),
        ("update profile", "goal: x", "to change what I know, write to me with the subject: profile"),
        ("update my mentor Dr. Lopez", "email: x@y.example",
         "to change what I know, write to me with the subject: mentor Dr. Lopez"),
    ],
)  # fmt: skip
def test_what_is_missing_or_meant_otherwise_is_named(subject: str, body: str, problem: str) -> None:
    decision = decided(wrote(), subject, body)
    assert [p.partition(";")[0] for p in problems(decision)] == [problem.partition(";")[0]]
    assert WRITER.write(decision, NOW).previews == ()


def test_a_mentor_who_wrote_but_is_being_asked_again_is_left_alone() -> None:
    dossier = standing(lopez=State.THANKED).with_letter(
        Letter(id="l8", mentor="m1", application="a2", state=State.ASKED)
    )
    assert "Dr. Elena Lopez is being asked for a letter right now." in answer(
        decided(only(dossier, "m1"), "update", NEWS)
    )


def only(dossier: Dossier, mentor: str) -> Dossier:
    return replace(dossier, mentors=(dossier.mentor(mentor),), letters=dossier.letters_of(mentor))


@pytest.mark.parametrize(("ago", "hears"), [((300, 200, 100, 30), False), ((400, 200, 100, 30), True), ((9,), True)])
def test_not_more_than_four_updates_a_year(ago: tuple[int, ...], hears: bool) -> None:
    dossier = only(standing(lopez=State.THANKED), "m1")
    dossier = replace(dossier, contacts=tuple(update_sent("m1", days) for days in ago))
    decision = decided(dossier, "update", NEWS)
    assert bool(WRITER.write(decision, NOW).previews) is hears
    if not hears:
        text = answer(decision)
        assert (
            "Dr. Elena Lopez has had 4 updates within a year; the next may go after Thursday, August 19, 2027." in text
        )


def test_news_does_not_follow_another_mail_on_its_heels() -> None:
    dossier = only(standing(lopez=State.THANKED), "m1")
    dossier = replace(dossier, contacts=(update_sent("m1", 1, "thanks"),))
    dossier = after(dossier, "update", NEWS)
    dossier = after(dossier, "Re: x", "send", answers=dossier.previews[0].id)
    (mail,) = [m for m in dossier.mails if m.purpose is Purpose.UPDATE]
    assert mail.not_before == next_allowed(NOW + timedelta(days=3), "America/New_York", POLICY)


def test_a_reminder_does_not_wait_for_news() -> None:
    dossier = only(standing(lopez=State.PACKET_SENT), "m1")
    near = NOW + timedelta(days=7)
    dossier = dossier.with_application(replace(dossier.application("a1"), deadline=near))
    news = Mail(key="u", purpose=Purpose.UPDATE, to=Address(email="lopez@hospital.example"), subject="s", text="t",
                letters=("l1",), mentor="m1", decided_at=NOW, not_before=NOW + timedelta(days=3))  # fmt: skip
    decision = decide(dossier.with_mail(news), Ticked(), NOW, POLICY)
    assert templates(decision) == ["mentor/reminder"]


def test_newer_news_takes_the_place_of_news_that_still_waits() -> None:
    dossier = after(after(wrote(), "update", NEWS), "update", "It is twelve by now.")
    assert len(dossier.previews) == 3
    assert all("It is twelve by now." in p.mail.text for p in dossier.previews)


def test_news_outlasts_that_the_letter_is_received() -> None:
    dossier = after(only(standing(lopez=State.PACKET_SENT), "m1"), "update", NEWS)
    assert told(after(dossier, "received Lopez for ERAS")) == ["Dr. Elena Lopez"]
    closed = standing(lopez=State.PACKET_SENT)
    assert closed.letter("l1").state is State.PACKET_SENT


# -- several at once ---------------------------------------------------------------------------------------------


def shown() -> Dossier:
    return after(wrote(), "update", NEWS)


def batch(dossier: Dossier) -> str:
    return dossier.previews[0].batch


def answers_all(dossier: Dossier, said: str, key: str = "") -> Dossier:
    return after(dossier, "Re: Your news", said, answers=key or batch(dossier))


@pytest.mark.parametrize("by", ["the answer to the command", "a preview"])
def test_send_all_sends_all(by: str) -> None:
    dossier = shown()
    dossier = answers_all(dossier, "send all", batch(dossier) if by.endswith("command") else dossier.previews[1].id)
    assert dossier.previews == ()
    assert [x[1] for x in to_mentors(dossier)] == [
        "lopez@hospital.example", "kim@hospital.example", "chen@hospital.example",
    ]  # fmt: skip


def test_send_all_but_one_leaves_that_one_waiting() -> None:
    dossier = answers_all(shown(), "Send all but Dr. Kim, please.\n\nThanks,\nNadia")
    assert told(dossier) == ["Sam Kim, MD"]
    assert [x[1] for x in to_mentors(dossier)] == ["lopez@hospital.example", "chen@hospital.example"]


def test_skip_all_skips_all() -> None:
    dossier = answers_all(shown(), "skip all")
    assert (dossier.previews, to_mentors(dossier)) == ((), [])


@pytest.mark.parametrize("said", ["send all but Stein", "send all but", "send all and change the date"])
def test_where_it_is_not_clear_whom_it_leaves_out_nothing_is_done(said: str) -> None:
    before = shown()
    dossier = answers_all(before, said, before.previews[0].id)
    assert (len(dossier.previews), to_mentors(dossier)) == (3, [])


def test_what_has_changed_since_is_shown_again_and_the_others_go() -> None:
    dossier = after(shown(), "mentor Kim", "greeting: Sam")
    decision = decided(dossier, "Re: x", "send all", answers=batch(dossier))
    assert templates(decision) == ["applicant/preview", "applicant/preview_all"]
    dossier = WRITER.write(decision, NOW)
    assert told(dossier) == ["Sam Kim, MD"]
    assert len(to_mentors(dossier)) == 2


def test_all_means_those_that_were_made_together() -> None:
    dossier = after(previewed(wrote().with_letter(replace(wrote().letter("l1"), state=State.PLANNED))), "update", NEWS)
    assert [p.mail.purpose for p in dossier.previews] == [Purpose.ASK, Purpose.UPDATE, Purpose.UPDATE]
    sent = after(dossier, "Re: x", "send all", answers=dossier.previews[1].id)
    assert [x[0] for x in to_mentors(sent)] == [Purpose.UPDATE, Purpose.UPDATE]
    unclear = after(dossier, "Re: x", "send all", answers=dossier.previews[0].id)
    assert to_mentors(unclear) == []


def test_send_all_works_for_asks_and_outcomes_too() -> None:
    both = wrote()
    both = both.with_letter(replace(both.letter("l1"), state=State.PLANNED))
    both = both.with_letter(replace(both.letter("l9"), state=State.PLANNED))
    dossier = after(both, "ask Lopez and Kim for ERAS")
    dossier = answers_all(dossier, "send all", dossier.previews[0].id)
    assert [x[0] for x in to_mentors(dossier)] == [Purpose.ASK, Purpose.ASK]
    noted = after(wrote(), "outcome ERAS", "outcome: not this time")
    assert [x[0] for x in to_mentors(answers_all(noted, "send all"))] == [Purpose.OUTCOME, Purpose.OUTCOME]


@pytest.mark.parametrize(
    ("said", "verb", "rest"),
    [
        ("send all", "send", ""),
        ("Yes, send all!", "send", ""),
        ("send them all", "send", ""),
        ("Send to everyone", "send", ""),
        ("send all of them, except Kim and Lopez", "send", "Kim and Lopez"),
        ("send all but not to Dr. Kim", "send", "Dr. Kim"),
        ("skip all", "skip", ""),
        ("don’t send all", "skip", ""),
        ("send", None, ""),
        ("send all the changes later", None, ""),
        ("all good", None, ""),
    ],
)
def test_the_words_for_all(said: str, verb: str | None, rest: str) -> None:
    word = words.answer_for_all(said)
    assert (word and word.verb, word.rest if word else "") == (verb, rest)


@given(st.lists(st.sampled_from(["Lopez", "Kim", "Chen"]), min_size=1, max_size=3, unique=True))
def test_nobody_who_is_left_out_ever_gets_it(left_out: list[str]) -> None:
    dossier = answers_all(shown(), f"send all but {' and '.join(left_out)}")
    gone = {m.to.name for m in dossier.mails if m.purpose is Purpose.UPDATE}
    assert not any(name in got for name in left_out for got in gone)
    assert len(gone) == 3 - len(left_out)
    assert clock.next_due(dossier, POLICY, NOW) is not None
    assert {m.purpose for m in outgoing.waiting(dossier, NOW)} >= ({Purpose.UPDATE} if gone else set())


def test_news_for_a_mentor_who_declines_meanwhile_does_not_go() -> None:
    dossier = after(only(standing(lopez=State.PACKET_SENT), "m1"), "update", NEWS)
    preview = dossier.previews[0]
    assert moved(dossier, "l1", State.WITHDRAWN).previews == ()
    late = dossier.with_letter(replace(dossier.letter("l1"), state=State.WITHDRAWN))
    decision = decided(late, "Re: x", "send", answers=preview.id)
    assert templates(decision) == ["applicant/preview_gone"]
    assert to_mentors(decision.dossier) == []
    approved = after(dossier, "Re: x", "send", answers=preview.id)
    assert [x[2] for x in to_mentors(moved(approved, "l1", State.WITHDRAWN))] == ["dropped"]


def test_previews_of_one_of_several_commands_are_answered_at_once_too() -> None:
    dossier = rich().with_letter(replace(rich().letter("l1"), state=State.THANKED))
    dossier = after(dossier, "status", "update\n\nI have eleven interviews.")
    (several,) = {p.batch for p in dossier.previews}
    assert len(dossier.previews) > 1
    sent = after(dossier, "Re: x", "skip all", answers=several)
    assert (dossier.mail(several) is not None, sent.previews) == (True, ())
