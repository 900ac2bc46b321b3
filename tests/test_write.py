"""Decided mails to rendered ones: once, into the right place, and byte for byte what goes out later."""

from dataclasses import replace

import pytest
from mentors import ID, NOW, POLICY, SECRET, WRITER, asked, dossier, said, wrote

from lorbot.core import writing
from lorbot.core.correspondence import Mail, Preview, Progress, Purpose, Question
from lorbot.core.decide import decide
from lorbot.core.decision import Decision, Draft
from lorbot.core.dossier import Letter, State
from lorbot.core.message import Address
from lorbot.core.reading import Stance
from lorbot.errors import TemplateError
from lorbot.mail.render import Renderer
from lorbot.mail.thread import message_id, verified
from lorbot.mail.write import Writer

PLANNED = dossier(state=State.PREVIEWED)
LETTER: Letter = PLANNED.letter("l1")


def test_a_draft_becomes_one_queued_mail() -> None:
    draft = writing.to_mentor(PLANNED, Purpose.PACKET, [LETTER], policy=POLICY, now=NOW)
    rendered = Renderer().render("mentor/packet", draft.context)
    written = WRITER.write(Decision(dossier=PLANNED, mails=(draft,)), NOW)
    assert written == PLANNED.with_mail(
        Mail(
            key="l1-packet", purpose=Purpose.PACKET, to=Address(email="lopez@hospital.example", name="Dr. Elena Lopez"),
            subject=rendered.subject, text=rendered.text, html="", letters=("l1",), mentor="m1",
            enclosures=draft.enclosures, decided_at=NOW, not_before=NOW, progress=Progress.QUEUED,
            message_id=message_id(SECRET, ID, "l1-packet", "school.example"), template="mentor/packet",
        )
    )  # fmt: skip
    assert [e.name for e in draft.enclosures] == ["Rahman_CV.pdf"]


def test_a_preview_shows_what_goes_out_and_nothing_leaves_before_the_word() -> None:
    shown = writing.ask_preview(PLANNED, LETTER, policy=POLICY, now=NOW)
    written = WRITER.write(Decision(dossier=PLANNED, mails=(shown,)), NOW)
    inner = written.previews[0].mail
    assert written.previews == (Preview(id="p-l1-ask", mail=inner, step="ask", shown_at=NOW),)
    assert [m.key for m in written.mails] == ["p-l1-ask"]
    mail = written.mails[0]
    assert inner.text in mail.text
    assert (mail.to.email, mail.purpose, bool(mail.html)) == ("nadia@students.example", Purpose.PREVIEW, True)
    approved = decide(written, wrote("send", "p-l1-ask"), NOW, POLICY).dossier
    assert approved.mail("l1-ask") == replace(inner, not_before=NOW, decided_at=NOW, automatic=False)


def test_a_question_keeps_its_ready_text() -> None:
    decision = decide(asked(), said("I could, but.", Stance.LUKEWARM), NOW, POLICY)
    written = WRITER.write(decision, NOW)
    question = written.questions[0]
    ready = question.prepared
    assert ready is not None
    mail = written.mail(question.id)
    assert mail is not None
    assert question == Question(
        id=mail.key, topic="lukewarm", letter="l1", choices=("thank", "packet", "wait 10 days", "backup", "write:"),
        asked_at=NOW, prepared=ready,
    )  # fmt: skip
    quoted = "\n".join(f"> {line}".rstrip() for line in ready.text.split("\n"))
    assert quoted in mail.text
    assert (ready.purpose, ready.subject) == (Purpose.GRACEFUL, "Re: Letter of recommendation")
    assert written.mail(ready.key) is None  # not in the outbox


def test_in_a_thread_the_subject_is_that_of_the_thread() -> None:
    made = asked()
    draft = writing.to_mentor(made, Purpose.NUDGE, [made.letter("l1")], policy=POLICY, now=NOW, more={"last": False})
    mail = WRITER.write(Decision(dossier=made, mails=(draft,)), NOW).mail("l1-nudge")
    ask = made.mail("l1-ask")
    assert mail is not None
    assert ask is not None
    assert (mail.subject, mail.in_reply_to, mail.references) == (
        f"Re: {ask.subject}", ask.message_id, (ask.message_id,),
    )  # fmt: skip


def test_every_mail_has_an_id_that_leads_back_to_it() -> None:
    decision = decide(asked(), said("Yes, gladly.", Stance.YES, acts=True), NOW, POLICY)
    for mail in WRITER.write(decision, NOW).mails:
        answered = verified(SECRET, mail.message_id)
        assert answered is not None
        assert (answered.dossier, answered.key) == (ID, mail.key)


def test_the_same_decision_is_written_the_same() -> None:
    decision = decide(asked(), said("I could, but.", Stance.LUKEWARM), NOW, POLICY)
    assert WRITER.write(decision, NOW) == Writer(Renderer(), SECRET, "school.example").write(decision, NOW)


def test_a_key_is_used_once() -> None:
    once = WRITER.write(Decision(dossier=PLANNED, mails=(_packet(PLANNED),)), NOW)
    assert _packet(once).key == "l1-packet-2"


def _packet(made: object) -> Draft:
    assert isinstance(made, type(PLANNED))
    return writing.to_mentor(made, Purpose.PACKET, [LETTER], policy=POLICY, now=NOW)


def test_a_broken_template_is_named_and_nothing_has_happened() -> None:
    broken = replace(_packet(PLANNED), template="mentor/no_such")
    with pytest.raises(TemplateError, match=r"mentor/no_such\.txt"):
        WRITER.write(Decision(dossier=PLANNED, mails=(broken,)), NOW)
    with pytest.raises(TemplateError, match=r"mentor/ask\.txt"):
        WRITER.write(Decision(dossier=PLANNED, mails=(replace(_packet(PLANNED), template="mentor/ask"),)), NOW)
