"""A mail as bytes: its headers exactly, its lines short, and nothing that anybody typed in a header of its own."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorbot.core.correspondence import Enclosure, Mail, Purpose
from lorbot.core.dossier import Applicant
from lorbot.core.message import Address
from lorbot.errors import SendingError
from lorbot.mail.compose import Identity, compose, recipients
from lorbot.mail.message import parse

AT = datetime(2027, 6, 1, 14, 0, tzinfo=UTC)
NADIA = Applicant(name="Nadia Rahman", email="nadia@students.example")
OFFICE = Identity(address="lorbot@school.example", personal=False, loop_mark="0123456789ab")
PERSONAL = Identity(address="nadia@students.example", personal=True)
TOKEN = "d0123456789ab.l1-ask.0123456789abcdef0123"
LONG_ID = (
    "d0123456789ab.q-bounced-l12-stray-letter-1a2b3c4d.0123456789abcdef0123@mail.of.a.very.long.university.example"
)
ASK = Mail(
    key="l1-ask", purpose=Purpose.ASK, to=Address(email="lopez@hospital.example", name="Dr. Elena Lopez"),
    subject="Letter of recommendation", text="Dear Dr. Lopez,\n\nwould you?", letters=("l1",), mentor="m1",
    decided_at=AT, message_id=f"{TOKEN}@school.example",
)  # fmt: skip
NOTICE = replace(
    ASK, purpose=Purpose.NOTICE, to=Address(email="nadia@students.example", name="Nadia Rahman"), html="<p>Hello</p>"
)


def raw(mail: Mail = ASK, identity: Identity = OFFICE, applicant: Applicant = NADIA) -> bytes:
    return compose(mail, applicant, identity, token=TOKEN, at=AT, content=lambda _: b"%PDF-1.4\n")


def read(given_raw: bytes) -> EmailMessage:
    made = message_from_bytes(given_raw, policy=default)
    assert isinstance(made, EmailMessage)
    return made


def head(given_raw: bytes) -> list[str]:
    return given_raw.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")


def test_the_ask_of_an_office_line_by_line() -> None:
    assert head(raw()) == [
        "From: Nadia Rahman via lorbot <lorbot@school.example>",
        'To: "Dr. Elena Lopez" <lopez@hospital.example>',
        "Reply-To: Nadia Rahman via lorbot <lorbot@school.example>,",
        " Nadia Rahman <nadia@students.example>",
        "Subject: Letter of recommendation",
        "Date: Tue, 01 Jun 2027 14:00:00 +0000",
        f"Message-ID: <{TOKEN}@school.example>",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: DR, RN, NRN",
        "X-Lorbot-Loop: 0123456789ab",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
        "MIME-Version: 1.0",
    ]


@pytest.mark.parametrize(
    ("mail", "identity", "expected"),
    [
        (ASK, PERSONAL, {"From": "Nadia Rahman <nadia@students.example>", "Reply-To": None, "Cc": None}),
        (ASK, replace(OFFICE, reply_to_applicant=False),
         {"From": "Nadia Rahman via lorbot <lorbot@school.example>", "Reply-To": None, "Cc": None}),
        (ASK, replace(OFFICE, reply_to_applicant=False, copy_to_applicant=True),
         {"Reply-To": None, "Cc": "Nadia Rahman <nadia@students.example>"}),
        (ASK, replace(PERSONAL, copy_to_applicant=True), {"Cc": None}),
        (ASK, replace(PERSONAL, plus_addressing=True),
         {"Reply-To": f"Nadia Rahman <nadia+{TOKEN}@students.example>"}),
        (ASK, replace(OFFICE, plus_addressing=True, reply_to_applicant=False),
         {"Reply-To": f"Nadia Rahman via lorbot <lorbot+{TOKEN}@school.example>"}),
        (NOTICE, OFFICE, {"From": "lorbot <lorbot@school.example>", "Reply-To": None, "Cc": None,
                          "To": "Nadia Rahman <nadia@students.example>", "X-Auto-Response-Suppress": "All"}),
        (NOTICE, replace(OFFICE, copy_to_applicant=True), {"Cc": None}),
        (NOTICE, PERSONAL, {"From": "lorbot <nadia@students.example>"}),
        (replace(ASK, answers_a_mail=True), OFFICE, {"Auto-Submitted": "auto-replied"}),
        (replace(ASK, in_reply_to="x@y.example", references=("w@y.example", "x@y.example")), OFFICE,
         {"In-Reply-To": "<x@y.example>", "References": "<w@y.example> <x@y.example>"}),
        (ASK, OFFICE, {"In-Reply-To": None, "References": None}),
        (replace(ASK, cc=(Address(email="office@hospital.example"),)), OFFICE, {"Cc": "office@hospital.example"}),
    ],
)  # fmt: skip
def test_the_headers_of_each_kind(mail: Mail, identity: Identity, expected: dict[str, str | None]) -> None:
    message = read(raw(mail, identity))
    assert {name: message[name] for name in expected} == expected


def test_long_ids_stay_ids() -> None:
    """The standard library makes encoded words of an id that is longer than a line, and no program finds it again."""
    earlier = tuple(f"{n}.{LONG_ID}" for n in range(40))
    made = raw(replace(ASK, in_reply_to=LONG_ID, references=earlier, message_id=LONG_ID))
    parsed = parse(made).incoming
    assert (parsed.message_id, parsed.in_reply_to, parsed.references) == (
        LONG_ID,
        (LONG_ID,),
        (earlier[0], *earlier[-19:]),
    )
    assert b"=?" not in made.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize("bad", ["0" * 64, "a b@x.example", "späm@x.example", "a>@x", "", "x@y@z"])
def test_what_is_no_id_is_left_out_of_the_thread(bad: str) -> None:
    message = read(raw(replace(ASK, in_reply_to=bad, references=("w@y.example", bad))))
    assert (message["In-Reply-To"], message["References"]) == (None, "<w@y.example>")


@pytest.mark.parametrize(
    "name",
    [
        "Dr. José María Fernández-Ordóñez y de la Cruz, MD, PhD (Head of the Department of Überlange Namen)",
        "Ngọc Trần", "山田 太郎", 'Sam "Doc" Kim, MD', "O'Brien; Pat <pat@evil.example>", "a" * 300, "é" * 300, "",
    ],
)  # fmt: skip
def test_a_name_comes_back_as_it_was(name: str) -> None:
    made = raw(replace(ASK, to=Address(email="lopez@hospital.example", name=name)))
    assert [(a.name, a.email) for a in parse(made).incoming.to] == [(name, "lopez@hospital.example")]


@pytest.mark.parametrize(
    "subject",
    ["Ünïcode", "word " * 90, "é" * 400, "x" * 480, "Une très longue " * 12 + "fin", "=?utf-8?q?Bcc?=", "🎓 Letter"],
)
def test_a_subject_comes_back_as_it_was(subject: str) -> None:
    made = raw(replace(ASK, subject=subject))
    assert parse(made).incoming.subject == ("Bcc" if subject.startswith("=?") else subject.strip())


def test_text_html_and_enclosures_come_back_as_they_were() -> None:
    enclosures = (
        Enclosure(name="Rahman_CV.pdf", media_type="application/pdf", sha256="c" * 64),
        Enclosure(name='Zürich; "x"/../..\\CV 📄.pdf', media_type="message/rfc822", sha256="d" * 64),
        Enclosure(name="x", media_type="text/html; charset=x\r\nBcc: evil@x.example", sha256="e" * 64),
    )
    text = "Dear Dr. López,\n\n.\nFrom here on\n" + "x" * 3000 + "\n" + "é" * 3000
    made = raw(replace(NOTICE, text=text, enclosures=enclosures))
    parsed = parse(made)
    assert parsed.incoming.text.strip() == text
    assert [(a.name, a.media_type) for a in parsed.incoming.attachments] == [
        ("Rahman_CV.pdf", "application/pdf"),
        (parsed.incoming.attachments[1].name, "application/octet-stream"),
        ("x", "application/octet-stream"),
    ]
    assert set(parsed.files.values()) == {b"%PDF-1.4\n"}
    body = read(made).get_body(("html",))
    assert body is not None
    assert body.get_content().strip() == "<p>Hello</p>"


LINES = st.text(max_size=600)
EVIL = "x\r\nBcc: evil@x.example\r\n\r\nbody"
FIELDS = ("subject", "in_reply_to", "message_id")


@settings(max_examples=100, deadline=None)
@given(LINES, LINES, LINES, st.lists(LINES, max_size=3), LINES)
def test_whatever_is_typed_every_line_ends_and_fits(
    subject: str, name: str, text: str, references: list[str], enclosed: str
) -> None:
    mail = replace(
        ASK, subject=subject, to=Address(email="lopez@hospital.example", name=name), text=_encodable(text),
        references=tuple(references), enclosures=(Enclosure(name=enclosed, media_type=enclosed, sha256="c" * 64),),
    )  # fmt: skip
    applicant = replace(NADIA, name=name or "Nadia")
    _fits(raw(mail, applicant=applicant), allowed=set(_names(raw())))


@pytest.mark.parametrize("where", [*FIELDS, "to", "cc", "references", "enclosures", "applicant", "identity"])
def test_no_value_can_start_a_header(where: str) -> None:
    values: dict[str, Any] = {
        "to": Address(email="lopez@hospital.example", name=EVIL),
        "cc": (Address(email="office@hospital.example", name=EVIL),),
        "references": (EVIL, f"w@y.example>\r\nBcc: <{EVIL}"),
        "enclosures": (Enclosure(name=EVIL, media_type=EVIL, sha256="c" * 64),),
    }
    mail = replace(ASK, **{where: values.get(where, EVIL)}) if where in {*FIELDS, *values} else ASK
    applicant = replace(NADIA, name=EVIL) if where == "applicant" else NADIA
    identity = replace(OFFICE, name=EVIL, loop_mark=EVIL) if where == "identity" else OFFICE
    made = raw(mail, identity, applicant)
    assert "bcc" not in {name.lower() for name in _names(made)}
    assert "evil" not in " ".join(recipients(mail, applicant, identity))


@pytest.mark.parametrize(
    "email",
    [
        "", "x", "@x.example", "a@", "a b@x.example", "jürg@x.example", "a@b, c@d.example", "a\r\nBcc: b@x.example",
        f"{'ü' * 80}@x.example", f"a@{'ü' * 80}.example",
    ],
)  # fmt: skip
def test_an_address_no_mail_can_go_to_is_said_so(email: str) -> None:
    mail = replace(ASK, to=Address(email=email))
    with pytest.raises(SendingError, match="is not an address mail can be sent to"):
        raw(mail)
    with pytest.raises(SendingError):
        recipients(mail, NADIA, OFFICE)


def test_a_domain_with_an_umlaut_goes_in_its_ascii_form() -> None:
    mail = replace(ASK, to=Address(email="lopez@bücher.example"))
    assert read(raw(mail))["To"] == "lopez@xn--bcher-kva.example"
    assert recipients(mail, NADIA, OFFICE) == ("lopez@xn--bcher-kva.example",)


def test_the_envelope_has_everybody_once() -> None:
    copied = replace(OFFICE, copy_to_applicant=True)
    mail = replace(ASK, cc=(Address(email="nadia@students.example"), Address(email="office@hospital.example")))
    assert recipients(mail, NADIA, copied) == (
        "lopez@hospital.example", "nadia@students.example", "office@hospital.example",
    )  # fmt: skip


def test_a_reply_address_that_would_be_too_long_is_left_out() -> None:
    """RFC 5321 section 4.5.3.1.1: 64 octets before the @; the thread is known by its ids as well."""
    identity = replace(OFFICE, plus_addressing=True, reply_to_applicant=False)
    long = compose(ASK, NADIA, identity, token=f"{TOKEN}{'x' * 20}", at=AT, content=lambda _: b"")
    assert read(long)["Reply-To"] is None


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _fits(made: bytes, allowed: set[str]) -> None:
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", made)
    assert max(len(line) for line in made.split(b"\r\n")) <= 998
    assert set(_names(made)) <= allowed | {"References", "In-Reply-To"}


def _names(made: bytes) -> list[str]:
    return [line.partition(":")[0] for line in head(made) if not line.startswith((" ", "\t"))]
