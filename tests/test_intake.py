"""From bytes to an event: who is believed, what is cut away, and what nothing follows from."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from mentors import (
    ID,
    KIM,
    LOPEZ,
    NADIA,
    NOW,
    POLICY,
    SECRET,
    World,
    asked,
    said,
    standing,
    with_queued,
    with_second_letter,
)

from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.dossier import ApplicantWrote, Dossier, State
from lorbot.core.events import Event, MailBounced, MentorWrote, SomebodyElseWrote
from lorbot.core.message import Address
from lorbot.core.reading import Kind, Stage, Stance
from lorbot.intake import OVERSIZE, Trust, event_of
from lorbot.mail.match import Registered, match
from lorbot.mail.message import parse
from lorbot.mail.thread import message_id
from lorbot.reading.reader import RuleReader, Said

OFFICE = Trust(authserv_id="mx.school.example", attachment_limit_mb=1, mail_limit_mb=2)
PERSONAL = replace(OFFICE, personal_address=NADIA)
PASS = "mx.school.example; dkim=pass header.d={}"
LORBOT = "lorbot@school.example"


def mail(sender: str, words: str = "Hello.", *, subject: str = "Re: x", answers: str = "", to: str = LORBOT,
         proof: str = "", headers: tuple[str, ...] = (), ours: bytes = SECRET) -> bytes:  # fmt: skip
    """A mail as it came in. `answers`: the key of the mail of ours; `proof`: the domain our server vouches for."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", "Message-ID: <in@x.example>",
             "Date: Tue, 01 Jun 2027 13:00:00 +0000", *headers]  # fmt: skip
    if answers:
        lines.append(f"In-Reply-To: <{message_id(ours, ID, answers, 'school.example')}>")
    if proof:
        lines.insert(0, f"Authentication-Results: {PASS.format(proof)}")
    return "\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", words, ""]).encode()


def registered(made: Dossier) -> Callable[[str], list[Registered]]:
    known = {NADIA: [Registered(dossier=ID, role="applicant")]}
    known |= {m.email: [Registered(dossier=ID, role="mentor", mentor=m.id)] for m in made.mentors}
    return lambda email: known.get(email, [])


def understood(raw: bytes, made: Dossier, trust: Trust = OFFICE, *, in_sent: bool = False, **more: Any) -> Event | None:
    parsed = parse(raw)
    found = match(parsed.incoming, SECRET, registered(made))
    return event_of(
        parsed, found, made, policy=POLICY, trust=trust, now=NOW,
        in_sent=lambda _: in_sent, reader=more.get("reader", RuleReader()),
    )  # fmt: skip


def asking() -> Dossier:
    """The ask has left (l1-ask), and a question about a hedge has gone to the applicant."""
    world = World(asked())
    world.happens(said("I could, but.", Stance.LUKEWARM))
    world.leave()
    return world.dossier


QUESTION = next(m.key for m in asking().mails if m.purpose is Purpose.QUESTION)


# -- the applicant -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "trust", "in_sent", "genuine"),
    [
        (mail(NADIA, "thank", answers=QUESTION), OFFICE, False, True),
        (mail(NADIA, "thank", answers=QUESTION, ours=b"another key"), OFFICE, False, False),
        (mail(NADIA, "thank", answers="l1-ask"), OFFICE, False, False),  # the mentor has that id, too
        (mail(NADIA, "status", subject="status"), OFFICE, False, False),
        (mail(NADIA, "status", subject="status", proof="students.example"), OFFICE, False, True),
        (mail(NADIA, "status", subject="status", proof="evil.example"), OFFICE, False, False),
        (mail(NADIA, subject="status"), replace(OFFICE, trust_from=True), False, True),
        (mail(f"{NADIA}, {LOPEZ}", "thank", answers=QUESTION), OFFICE, False, False),
        (mail(f"{NADIA}, {LOPEZ}", subject="status"), replace(OFFICE, trust_from=True), False, False),
        (mail(NADIA, subject="status", to=NADIA), PERSONAL, True, True),
        (mail(NADIA, subject="status", to=NADIA), PERSONAL, False, False),
        (mail(NADIA, subject="status"), OFFICE, True, False),  # an office's Sent folder proves nothing
    ],
)
def test_when_the_applicant_is_believed(raw: bytes, trust: Trust, in_sent: bool, genuine: bool) -> None:
    event = understood(raw, asking(), trust, in_sent=in_sent)
    assert isinstance(event, ApplicantWrote)
    assert (event.genuine, bool(event.doubt)) == (genuine, not genuine)


def test_a_mentor_cannot_command_in_the_applicants_name_from_a_thread_of_his_own() -> None:
    sent = with_queued(standing(State.PACKET_SENT), Purpose.PACKET, key="l1-packet", progress=Progress.SENT)
    for key in ("l1-ask", "l1-packet"):
        event = understood(mail(NADIA, "forget me", answers=key), sent)
        assert isinstance(event, ApplicantWrote)
        assert not event.genuine


def test_what_the_applicant_wrote_is_taken_without_quotes_and_with_what_it_answers() -> None:
    question = asking().mail(QUESTION)
    assert question is not None
    quoted = "\n".join(f"> {line}" for line in question.text.splitlines())
    body = f"thank\n\nOn Tue, Jun 1, 2027, lorbot wrote:\n{quoted}"
    event = understood(mail(NADIA, body, answers=QUESTION), asking())
    assert isinstance(event, ApplicantWrote)
    assert (event.words.strip(), event.answers, event.between_markers) == ("thank", QUESTION, None)


@pytest.mark.parametrize(
    ("subject", "words", "is_command"),
    [
        ("status", "", True),
        ("Ask Dr. Lopez", "", True),
        ("Groceries", "milk", False),
        ("", "status", True),
        ("", "buy milk", False),
        ("Fwd: flight", "ask me later", False),
        ("Please ask Dr. Lopez for a letter", "", True),
        ("I matched!!", "", True),
        ("Please stop everything for now", "", True),
        ("Here is my new CV", "", False),
        ("Any news?", "", False),
    ],
)
def test_in_a_personal_mailbox_a_note_to_oneself_is_none_of_lorbots_business(
    subject: str, words: str, is_command: bool
) -> None:
    raw = mail(NADIA, words, subject=subject, to=NADIA)
    assert (understood(raw, asked(), PERSONAL, in_sent=True) is not None) is is_command
    assert understood(raw, asked(), OFFICE) is not None  # an office answers that it did not understand


@pytest.mark.parametrize(
    ("raw", "follows"),
    [
        (mail(NADIA, "Thank you!", answers="l1-ask", to=f"{LOPEZ}, {LORBOT}"), False),
        (mail(NADIA, "Thank you!", to=LOPEZ, headers=(f"Cc: {LORBOT}",)), False),
        (mail(NADIA, "hello", subject="ask Dr. Lopez", to=f"{LORBOT}, {LOPEZ}"), True),
        (mail(NADIA, "status", subject="x"), True),
        (mail(NADIA, "hello", subject="Received your letter", to=f"{LORBOT}, {LOPEZ}"), False),
    ],
)
def test_a_copy_of_what_the_applicant_writes_to_a_mentor_is_no_command(raw: bytes, follows: bool) -> None:
    assert (understood(raw, asked()) is not None) is follows


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-replied", "List-Id: <x.example>", "X-Lorbot-Loop: x"])
def test_no_robot_commands(header: str) -> None:
    assert understood(mail(NADIA, "thank", answers=QUESTION, headers=(header,)), asking()) is None


def test_a_second_address_of_the_applicant_is_confirmed_by_the_first() -> None:
    raw = mail("nadia@gmail.example", "thank", answers=QUESTION)
    event = understood(raw, asking())
    assert isinstance(event, ApplicantWrote)
    assert (event.genuine, event.doubt, event.answers) == (False, "it came from nadia@gmail.example", QUESTION)
    assert understood(raw, asking(), PERSONAL) is None  # there it is anybody's mail
    robot = mail("nadia@gmail.example", "x", answers=QUESTION, headers=("Auto-Submitted: auto-replied",))
    assert understood(robot, asking()) is None


def test_attachments_over_the_limit_are_named_and_left_behind() -> None:
    big = b"\r\n".join([
        b"From: nadia@students.example", b"To: lorbot@school.example", b"Subject: cv", b"Message-ID: <x@y.example>",
        b'Content-Type: multipart/mixed; boundary="b"', b"", b"--b", b"Content-Type: application/pdf",
        b'Content-Disposition: attachment; filename="small.pdf"', b"", b"%PDF",
        b"--b", b"Content-Type: application/pdf",
        b'Content-Disposition: attachment; filename="large.pdf"', b"", b"x" * 1_000_001, b"--b--", b"",
    ])  # fmt: skip
    event = understood(big, asked())
    assert isinstance(event, ApplicantWrote)
    assert [a.name for a in event.incoming.attachments] == ["small.pdf"]
    assert ([a.name for a in event.too_large], event.limit_mb) == (["large.pdf"], 1)


def test_a_mail_too_large_to_open_is_named_as_a_whole() -> None:
    event = understood(mail(NADIA, subject="cv", headers=(f"{OVERSIZE}: 31000000",)), asked())
    assert isinstance(event, ApplicantWrote)
    assert ([(a.name, a.size) for a in event.too_large], event.limit_mb) == ([("the mail", 31_000_000)], 2)


# -- mentors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "genuine", "letters", "purpose"),
    [
        (mail(LOPEZ, "Yes, gladly.", answers="l1-ask"), True, ("l1",), Purpose.ASK),
        (mail(LOPEZ, "Yes, gladly."), False, (), None),
        (mail(LOPEZ, "Yes, gladly.", proof="hospital.example"), True, (), None),
        (mail(LOPEZ, "Yes, gladly.", proof="evil.example"), False, (), None),
        (mail(LOPEZ, "Yes, gladly.", answers="l1-ask", ours=b"another key"), False, (), None),
        (mail(LOPEZ, "Yes, gladly.", answers="l9-ask"), False, (), None),  # signed, and no such mail any more
        (mail(f"{LOPEZ}, x@evil.example", "Yes.", answers="l1-ask"), False, ("l1",), Purpose.ASK),
        # the applicant passed a question of lorbot's on, and the mentor answers that
        (mail(LOPEZ, "Yes, gladly.", answers=QUESTION), False, (), None),
    ],
)
def test_when_a_mentor_is_believed(
    raw: bytes, genuine: bool, letters: tuple[str, ...], purpose: Purpose | None
) -> None:
    event = understood(raw, asking())
    assert isinstance(event, MentorWrote)
    assert (event.mentor, event.genuine, event.letters, event.purpose) == ("m1", genuine, letters, purpose)
    assert event.answers == ("l1-ask" if letters else "")


def test_a_mentor_in_another_mentors_thread_is_somebody_else_there() -> None:
    event = understood(mail(KIM, "Yes, gladly.", answers="l1-ask"), asked())
    assert isinstance(event, SomebodyElseWrote)
    assert (event.mentor, event.letters) == ("m1", ("l1",))


def test_an_assistant_in_the_thread_is_somebody_else() -> None:
    event = understood(mail("office@hospital.example", "She says yes.", answers="l1-ask"), asked())
    assert isinstance(event, SomebodyElseWrote)
    assert (event.incoming.sender, event.mentor, event.letters) == (
        Address(email="office@hospital.example"), "m1", ("l1",),
    )  # fmt: skip


def test_what_a_mentor_wrote_is_read_without_the_ask_it_quotes() -> None:
    ask = asked().mail("l1-ask")
    assert ask is not None
    quoted = "\n".join(f"> {line}" for line in ask.text.splitlines())
    event = understood(
        mail(LOPEZ, f"Yes, gladly.\n\nOn Tue, Jun 1, 2027 at 10:00 AM Nadia Rahman wrote:\n{quoted}", answers="l1-ask"),
        asked(),
    )
    assert isinstance(event, MentorWrote)
    assert (event.reading.words.strip(), event.reading.stance, event.reading.acts) == ("Yes, gladly.", Stance.YES, True)


def test_an_out_of_office_is_known_by_its_headers() -> None:
    raw = mail(LOPEZ, "I am away until June 14, 2027.", answers="l1-ask", headers=("Auto-Submitted: auto-replied",))
    event = understood(raw, asked())
    assert isinstance(event, MentorWrote)
    assert (event.reading.kind, str(event.reading.back_on), event.genuine) == (Kind.AUTO_REPLY, "2027-06-14", True)


class Listening:
    """A reader that remembers what it was given."""

    def __init__(self) -> None:
        self.heard: list[Said] = []

    def read(self, said_: Said) -> Any:
        self.heard.append(said_)
        return RuleReader().read(said_)


@pytest.mark.parametrize(
    ("state", "purpose", "stage"),
    [
        (State.ASKED, Purpose.NUDGE, Stage.ASKED),
        (State.PACKET_SENT, Purpose.PACKET, Stage.AGREED),
        (State.PACKET_SENT, Purpose.REMINDER, Stage.REMINDED),
        (State.AGREED, Purpose.LAST_CALL, Stage.REMINDED),
        (State.ASKED, Purpose.REMINDER, Stage.ASKED),
        (State.THANKED, Purpose.THANKS, Stage.UPDATED),
        (State.DECLINED, Purpose.GRACEFUL, Stage.UPDATED),
    ],
)
def test_the_reader_is_told_what_is_answered_and_when_it_was_written(
    state: State, purpose: Purpose, stage: Stage
) -> None:
    reader = Listening()
    made = with_queued(standing(state), purpose, progress=Progress.SENT)
    understood(mail(LOPEZ, "Hm.", answers="k1"), made, reader=reader)
    assert [(s.stage, str(s.written_on), s.words.strip()) for s in reader.heard] == [(stage, "2027-06-01", "Hm.")]


def test_an_open_letter_counts_before_a_closed_one() -> None:
    reader = Listening()
    both = with_second_letter(standing(State.CANCELLED), state=State.ASKED, asked_at=NOW)
    understood(mail(LOPEZ, "Hm."), both, reader=reader)
    assert reader.heard[0].stage is Stage.ASKED


def test_a_date_from_the_future_is_not_believed() -> None:
    reader = Listening()
    raw = mail(LOPEZ, "Hm.").replace(b"01 Jun 2027", b"01 Jun 2037")
    understood(raw, asked(), reader=reader)
    assert str(reader.heard[0].written_on) == "2027-06-01"


# -- machines and strangers ----------------------------------------------------------------------------------------


def bounce_of(returned: str) -> bytes:
    return "\r\n".join([
        "From: MAILER-DAEMON@mx.example", f"To: {LORBOT}", "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <b@mx.example>", 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain", "", "It did not work.", "--b", "Content-Type: message/delivery-status", "",
        "Reporting-MTA: dns; mx.example", "", f"Final-Recipient: rfc822; {LOPEZ}", "Action: failed", "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 no such user", "", "--b", "Content-Type: message/rfc822", "",
        f"Message-ID: <{returned}>", f"To: {LOPEZ}", "", "text", "--b--", "",
    ]).encode()  # fmt: skip


def test_a_bounce_of_our_mail_is_known_by_the_id_it_returns() -> None:
    event = understood(bounce_of(message_id(SECRET, ID, "l1-ask", "school.example")), asked())
    assert isinstance(event, MailBounced)
    assert (event.key, event.bounce.permanent, event.bounce.code, event.bounce.recipients) == (
        "l1-ask", True, "5.1.1", (LOPEZ,),
    )  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [
        bounce_of("somebody-else-s@mail.example"),
        bounce_of(message_id(b"another key", ID, "l1-ask", "school.example")),
        mail("stranger@x.example", "Yes, gladly."),
        mail(NADIA, "x", headers=("X-Lorbot-Loop: 0123",)),
        mail(LOPEZ).replace(b"in@x.example", message_id(SECRET, ID, "l1-ask", "school.example").encode()),
    ],
    ids=["foreign bounce", "forged bounce", "stranger", "our loop mark", "our own id"],
)
def test_nothing_follows_from(raw: bytes) -> None:
    assert understood(raw, asked()) is None


@pytest.mark.parametrize(
    ("words", "acts"),
    [
        ("Yes, happy to.", True),
        (
            "Yes, happy to. Some answers below.\n\nOn Tue, Jun 1, 2027 at 9:00 AM Nadia <n@x.example> wrote:\n> When?",
            False,
        ),
    ],
)
def test_where_it_is_not_sure_whose_words_are_whose_nothing_is_acted_on(words: str, acts: bool) -> None:
    event = understood(mail(LOPEZ, words, answers="l1-ask"), asked())
    assert isinstance(event, MentorWrote)
    assert (event.reading.stance, event.reading.acts) == (Stance.YES, acts)


@pytest.mark.parametrize("size", ["²", "٣", "12x", "-1", "9" * 400])
def test_a_made_up_header_of_size_does_no_harm(size: str) -> None:
    raw = mail(NADIA, "status", subject="status", headers=(f"X-Lorbot-Oversize: {size}",))
    assert isinstance(understood(raw, asking()), ApplicantWrote)


# -- mail that is passed on ----------------------------------------------------------------------------------------


def test_a_mentors_mail_that_is_passed_on_is_not_the_applicants_words() -> None:
    inner = "From: Ada Stein <stein@college.example>\nDate: Monday\nSubject: Letter?\nTo: N\n\npause\n\nYes, gladly."
    raw = mail(NADIA, f"She may write.\n\n---------- Forwarded message ---------\n{inner}", subject="Fwd: Letter?")
    event = understood(raw, asked())
    assert isinstance(event, ApplicantWrote)
    assert event.words == "She may write."
    assert event.forwarded is not None
    assert (event.forwarded.sender.email, event.forwarded.guess) == ("stein@college.example", "yes")


def test_an_answer_quotes_lorbots_own_mail_and_passes_nothing_on() -> None:
    head = f"From: lorbot <{LORBOT}>\nSent: Monday\nTo: {NADIA}\nSubject: x\n\nPlease decide."
    for answers in (QUESTION, ""):
        event = understood(mail(NADIA, f"thank\n\n{head}", answers=answers), asking())
        assert isinstance(event, ApplicantWrote)
        assert event.forwarded is None
        assert event.words.strip() == "thank"


def test_an_answer_of_quotation_alone_has_no_words() -> None:
    event = understood(mail(NADIA, "> **thank**: sends the text\n> and more", answers=QUESTION), asking())
    assert isinstance(event, ApplicantWrote)
    assert event.words == ""
