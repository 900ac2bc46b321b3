"""What made a mail, by its headers and parts alone; and the day on which an out-of-office note's writer is back."""

from datetime import date
from pathlib import Path

import pytest

from lorbot.core.message import Bounce, Origin
from lorbot.mail.message import parse, peek
from lorbot.reading.absence import back_on, is_absence_note

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
    b"Subject: Re: AUTO: Elena Lopez is out of the office": Origin.PERSON,
    b"Subject: Accepted to Hopkins!": Origin.PERSON,
    b"Content-Type: text/calendar; method=REQUEST": Origin.PERSON,
    b"Content-Type: text/calendar; charset=utf-8; method=REPLY": Origin.BULK,
    b"Subject: AUTO: Elena Lopez is away (returning 09/14/2026)": Origin.AUTO_REPLY,
    b"Subject: Elena Lopez is out of the office.": Origin.AUTO_REPLY,
    b"Subject: [OOO] A letter?": Origin.AUTO_REPLY,
    b"Subject: Automated response": Origin.AUTO_REPLY,
    b"Subject: We have received your message": Origin.AUTO_REPLY,
    b"Subject: Ich bin im Urlaub": Origin.AUTO_REPLY,
    "Subject: Accusé de réception".encode(): Origin.AUTO_REPLY,
    "Subject: Автоматична відповідь: A".encode(): Origin.AUTO_REPLY,
    b"X-Precedence: auto_reply": Origin.AUTO_REPLY,
    b"X-Auto-Reply: yes": Origin.AUTO_REPLY,
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


@pytest.mark.parametrize("box", ["noreply", "no-reply", "do_not_reply", "donotreply", "no-reply+17"])
def test_a_box_that_takes_no_answer_is_nobodys(box: str) -> None:
    raw = f"From: Portal <{box}@example.org>\nSubject: hello\n\nhello".encode()
    assert parse(raw).incoming.origin is Origin.AUTO_REPLY


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


WEDNESDAY = date(2026, 7, 1)
RETURNS: list[tuple[str, date | None]] = [
    ("I am out of the office until July 17.", date(2026, 7, 17)),
    ("I will be back in the office on the 12th.", date(2026, 7, 12)),
    ("Returning Monday.", date(2026, 7, 6)),
    ("I will return on Monday, July 20.", date(2026, 7, 20)),
    ("I am away from 3 to 17 July.", date(2026, 7, 20)),
    ("I am away July 3-17.", date(2026, 7, 20)),
    ("I am away July 3 to 15, 2026.", date(2026, 7, 16)),
    ("I am away 3-17 July 2026.", date(2026, 7, 20)),
    ("Away 7/3-7/15.", date(2026, 7, 16)),
    ("Away 13/07/2026 - 17/07/2026.", date(2026, 7, 20)),
    ("I am away 06/07/2026 to 15/07/2026.", date(2026, 7, 16)),
    ("Out 2026-07-03 through 2026-07-15.", date(2026, 7, 16)),
    ("Out from July 3 until July 17; I return July 20.", date(2026, 7, 20)),
    ("out between July 3 and July 15", date(2026, 7, 16)),
    ("I will reply after July 15.", date(2026, 7, 16)),
    ("I will respond to your message on July 20.", date(2026, 7, 20)),
    ("I will get back to you on Monday.", date(2026, 7, 6)),
    ("I am on leave and return to work the week of July 20.", date(2026, 7, 20)),
    ("back from vacation on July 20th", date(2026, 7, 20)),
    ("I return from leave on 20 July", date(2026, 7, 20)),
    ("back next Monday", date(2026, 7, 6)),
    ("back in two weeks", date(2026, 7, 15)),
    ("back tomorrow", date(2026, 7, 2)),
    ("until July 15 inclusive", date(2026, 7, 16)),
    ("will not be able to answer before July 20", date(2026, 7, 20)),
    ("Return date: 07/20/2026", date(2026, 7, 20)),
    ("away until 20-07-2026", date(2026, 7, 20)),
    ("Ich bin bis zum 15. Juli nicht im Büro.", date(2026, 7, 16)),
    ("Ich bin ab dem 20.07.2026 wieder im Büro.", date(2026, 7, 20)),
    ("Ich bin vom 3. bis 15. Juli im Urlaub.", date(2026, 7, 16)),
    ("Ich bin ab dem 20.7. wieder erreichbar.", date(2026, 7, 20)),
    ("Ich bin am Montag zurück", None),
    ("Je suis absent du 3 au 15 juillet 2026.", date(2026, 7, 16)),
    ("Je serai de retour le 20 juillet.", date(2026, 7, 20)),
    ("Je serai de retour le lundi 20 juillet.", date(2026, 7, 20)),
    ("absent jusqu'au 15 juillet inclus", date(2026, 7, 16)),
    ("de retour le 1er août", date(2026, 8, 1)),
    ("Estoy de vacaciones del 3 al 15 de julio de 2026.", date(2026, 7, 16)),
    ("Estaré fuera hasta el 15 de julio.", date(2026, 7, 16)),
    ("Regreso el 05/08/2026; fuera desde julio", date(2026, 8, 5)),
    ("Our hours are Monday to Friday.", None),
    ("Call my office Monday through Friday.", None),
    ("For urgent matters before July 3 write to X.", None),
    ("The conference is on July 9.", None),
    ("I am away. Thank you, July 2 is fine.", None),
    ("I'll be out of office through the end of July", date(2026, 8, 3)),
    ("on leave through 8/14", date(2026, 8, 17)),
    ("I am back in the office on 12 July 2026.", date(2026, 7, 12)),
    ("Out of the office. Back Tues. 7/14", date(2026, 7, 14)),
    ("Out until\nMonday July 20", date(2026, 7, 20)),
    ("I am out of the office starting 07/03/2026 and will not return until 07/20/2026.", date(2026, 7, 20)),
]  # fmt: skip


@pytest.mark.parametrize(("note", "day"), RETURNS)
def test_the_day_of_return_is_read_as_people_write_it(note: str, day: date | None) -> None:
    assert back_on(note, WEDNESDAY) == day


NOTES = {
    "I am out of the office until Monday.": True,
    "Ich bin bis 15. Juli nicht im Büro.": True,
    "Je suis absente jusqu'au 15 juillet.": True,
    "Estoy de vacaciones hasta el lunes.": True,
    "I am on leave until spring and not writing for anyone.": False,
    "I am away from my desk, but your letter is uploaded.": False,
    "Happy to do it.": False,
}


@pytest.mark.parametrize("words", NOTES)
def test_a_note_of_absence_speaks_of_no_letter(words: str) -> None:
    assert is_absence_note(words, "") is NOTES[words]


def test_a_calendars_answer_inside_a_mail_is_no_answer_about_a_letter() -> None:
    raw = (
        b"From: lopez@hospital.example\r\nSubject: Accepted: meeting\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/alternative; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/plain\r\n\r\nYes\r\n"
        b"--x\r\nContent-Type: text/calendar;\r\n charset=utf-8; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\n--x--\r\n"
    )
    assert parse(raw).incoming.origin is Origin.BULK
    assert parse(raw.replace(b"method=REPLY", b"method=REQUEST")).incoming.origin is Origin.PERSON
