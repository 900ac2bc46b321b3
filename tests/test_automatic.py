"""What made a mail, by its headers and parts alone."""

from pathlib import Path

import pytest

from lorbot.core.message import Bounce, Origin
from lorbot.mail.message import parse, peek

MUSEUM = Path(__file__).parent / "mail"

ORIGINS = {
    b"Subject: Re: a letter": Origin.PERSON,
    b"Auto-Submitted: no": Origin.PERSON,
    b"Auto-Submitted: NO; by=person": Origin.PERSON,
    b"X-Auto-Response-Suppress: All": Origin.PERSON,
    b"List-Unsubscribe: <mailto:x@example.org>": Origin.PERSON,
    b"Precedence: first-class": Origin.PERSON,
    b"Subject: Re: Out of office: me": Origin.PERSON,
    b"Subject: I am out of ideas": Origin.PERSON,
    b"Subject: Undeliverable? I hope not": Origin.PERSON,
    b"X-Lorbot-Loop: 7f": Origin.SELF,
    b"X-Lorbot-Loop: 7f\nAuto-Submitted: auto-generated": Origin.SELF,
    b"Auto-Submitted: auto-replied": Origin.AUTO_REPLY,
    b"Auto-Submitted: Auto-Generated; owner-email=x@example.org": Origin.AUTO_REPLY,
    b"Auto-Submitted: auto-notified (by a robot)": Origin.AUTO_REPLY,
    b"X-Autoreply: yes": Origin.AUTO_REPLY,
    b"X-Autorespond: A letter": Origin.AUTO_REPLY,
    b"Precedence: Auto_Reply": Origin.AUTO_REPLY,
    b"Precedence: bulk": Origin.AUTO_REPLY,
    b"Precedence: junk": Origin.AUTO_REPLY,
    b"X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent": Origin.AUTO_REPLY,
    b"Return-Path: <>": Origin.AUTO_REPLY,
    b"Subject: Automatic reply: A letter?": Origin.AUTO_REPLY,
    b"Subject: Out of Office: A letter?": Origin.AUTO_REPLY,
    b"Subject: Abwesenheitsnotiz: A letter?": Origin.AUTO_REPLY,
    "Subject: Réponse automatique : Une lettre".encode(): Origin.AUTO_REPLY,
    b"Subject: =?utf-8?q?Respuesta_autom=C3=A1tica=3A?= x": Origin.AUTO_REPLY,
    b"Subject: Risposta automatica: x": Origin.AUTO_REPLY,
    b"Subject: Automatisch antwoord: x": Origin.AUTO_REPLY,
    "Subject: Resposta automática: x".encode(): Origin.AUTO_REPLY,
    b"Content-Type: multipart/report; report-type=feedback-report; boundary=b": Origin.AUTO_REPLY,
    b"List-Id: <talk.example.org>": Origin.BULK,
    b"List-Id: <talk.example.org>\nPrecedence: list": Origin.BULK,
    b"Precedence: list": Origin.BULK,
}


@pytest.mark.parametrize("headers", ORIGINS, ids=repr)
def test_the_headers_tell_what_made_a_mail(headers: bytes) -> None:
    raw = b"From: a@example.org\n" + headers + b"\n\nhello"
    incoming = parse(raw).incoming
    assert (incoming.origin, peek(raw).origin) == (ORIGINS[headers], ORIGINS[headers])
    assert bool(incoming.origin_why) == (incoming.origin is not Origin.PERSON)


MAILS = {
    "gmail-reply": Origin.PERSON,
    "outlook-html-only": Origin.PERSON,
    "apple-mail-flowed": Origin.PERSON,
    "forwarded": Origin.PERSON,
    "exchange-out-of-office": Origin.AUTO_REPLY,
    "gmail-vacation": Origin.AUTO_REPLY,
    "read-receipt": Origin.AUTO_REPLY,
    "postfix-bounce": Origin.BOUNCE,
    "postfix-delayed": Origin.BOUNCE,
    "qmail-bounce": Origin.BOUNCE,
}


def test_every_mail_of_the_museum_is_known_for_what_it_is() -> None:
    found = {path.stem: parse(path.read_bytes()).incoming for path in MUSEUM.glob("*.eml")}
    assert {name: incoming.origin for name, incoming in found.items()} == MAILS
    assert {name for name, incoming in found.items() if incoming.bounce} == {
        n for n, o in MAILS.items() if o == "bounce"
    }


BOUNCES = {
    "postfix-bounce": Bounce(
        recipients=("elopez@example.edu",),
        permanent=True,
        code="5.1.1",
        diagnostic="550 5.1.1 No such user",
        original_ids=("ask.d1.l1@lorbot.example.org",),
    ),
    "postfix-delayed": Bounce(
        recipients=("elopez@example.edu",),
        permanent=False,
        code="4.4.1",
        diagnostic="421 4.4.1 Connection timed out",
        original_ids=("ask.d1.l1@lorbot.example.org",),
    ),
    "qmail-bounce": Bounce(
        recipients=("elopez@example.edu",), code="5.2.2", original_ids=("ask.d1.l1@lorbot.example.org",)
    ),
}


@pytest.mark.parametrize("name", BOUNCES)
def test_a_bounce_says_whom_it_did_not_reach_and_which_mail_it_was(name: str) -> None:
    assert parse((MUSEUM / f"{name}.eml").read_bytes()).incoming.bounce == BOUNCES[name]


def test_the_returned_mail_gives_neither_text_nor_attachments() -> None:
    incoming = parse((MUSEUM / "postfix-bounce.eml").read_bytes()).incoming
    assert incoming.attachments == ()
    assert "Would you feel able" not in incoming.text
    assert "No such user" in incoming.text


def test_a_receipt_of_delivery_is_no_bounce() -> None:
    raw = (MUSEUM / "postfix-bounce.eml").read_bytes()
    delivered = raw.replace(b"Action: failed", b"Action: delivered").replace(b"Status: 5.1.1", b"Status: 2.0.0")
    incoming = parse(delivered).incoming
    assert (incoming.origin, incoming.bounce) == (Origin.AUTO_REPLY, None)


def test_a_bounce_in_an_encoded_part_still_names_the_mail_it_returns() -> None:
    raw = (
        b"From: Mail Delivery Subsystem <mailer-daemon@example.com>\nSubject: Delivery Status Notification (Failure)\n"
        b"X-Failed-Recipients: elopez@example.edu\nContent-Transfer-Encoding: base64\nContent-Type: text/plain\n\n"
        b"Tm90IGZvdW5kLgo+IE1lc3NhZ2UtSUQ6IDxhc2suZDEubDFAbG9yYm90LmV4YW1wbGUub3JnPgo="
    )
    assert parse(raw).incoming.bounce == Bounce(
        recipients=("elopez@example.edu",), original_ids=("ask.d1.l1@lorbot.example.org",)
    )


def test_a_person_who_forwards_a_bounce_is_a_person() -> None:
    returned = (MUSEUM / "postfix-bounce.eml").read_bytes()
    raw = (
        b"From: jane@example.org\nSubject: Fwd: what is this?\nContent-Type: multipart/mixed; boundary=fwd\n\n"
        b"--fwd\n\nSee below.\n--fwd\nContent-Type: message/rfc822\n\n" + returned + b"\n--fwd--\n"
    )
    assert parse(raw).incoming.origin is Origin.PERSON


def test_a_returned_header_fetched_alone_is_a_bounce() -> None:
    header = (MUSEUM / "postfix-bounce.eml").read_bytes().partition(b"\n\n")[0] + b"\n\n"
    assert (peek(header).origin, peek(header).bounce) == (Origin.BOUNCE, None)
