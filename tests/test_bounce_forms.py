"""Returned mail that follows no standard, and people's mail that only speaks of it. The mails are written for this."""

import time

import pytest

from lorbot.core.message import Bounce, Incoming, Origin
from lorbot.mail.message import parse

ASK = "ask.d1.l1@lorbot.example.org"


def read(*lines: str, body: str = "hello") -> Incoming:
    return parse(("\n".join(lines) + "\n\n" + body).encode()).incoming


RETURNED = f"Received: from mx.example.org\nMessage-ID: <{ASK}>\nSubject: A letter?\n\nDear Dr. Lopez,"
NOTICES = {
    "a mail server that answers": (
        ("From: gate@example.com", "Subject: RE: A letter? : non remis (delivery failed)"),
        "Your message could not be delivered to\nelopez@example.edu\n",
    ),
    "a report's own box": (
        ("From: ndr@example.com", "Subject: Mail delivery failed: returning message to sender"),
        "This message was created automatically by mail delivery software.\n",
    ),
    "a filter": (
        ("From: gw@example.com", "Subject: Mail could not be delivered"),
        "The following mail could not be delivered.\nReason: Exceeded maximum delivery attempts.\n",
    ),
    "the returned mail is there": (
        ("From: gw@example.com", "Subject: Delivery suspended", "Content-Type: multipart/mixed; boundary=b"),
        f"--b\n\nSee below.\n--b\nContent-Type: message/rfc822\n\n{RETURNED}\n--b--\n",
    ),
    "through a list's server": (
        ("From: admin@example.com", "Subject: Non-Delivery: A letter?", "List-Id: <talk.example.org>"),
        "--- Non-Delivery Report ---\nThe message below could not be delivered to the following user: e@example.edu\n",
    ),
}


@pytest.mark.parametrize(("headers", "body"), NOTICES.values(), ids=NOTICES.keys())
def test_a_free_notice_of_failure_is_a_bounce(headers: tuple[str, ...], body: str) -> None:
    incoming = read(*headers, body=body)
    assert (incoming.origin, incoming.bounce is not None) == (Origin.BOUNCE, True)


PEOPLE = {
    "an answer about a bounce": (
        ("Subject: Re: Undeliverable: A letter?", "In-Reply-To: <x@example.org>"),
        "Odd.\n> Your message could not be delivered to\n> elopez@example.edu\n",
    ),
    "a bounce passed on": (
        ("Subject: Fwd: Undeliverable: A letter?",),
        "Your message could not be delivered to\nelopez@example.edu\n",
    ),
    "a failed upload": (
        ("Subject: Letter could not be delivered",),
        "Hi Jane, the portal says it is closed. Shall I send the letter to the school instead?\n",
    ),
    "a rejected file": (("Subject: portal rejected message",), "It wants a PDF. I will try again tonight.\n"),
    "a person at the help desk": (("Subject: your account",), "Your mailbox is nearly full. Call me.\n"),
}


@pytest.mark.parametrize(("headers", "body"), PEOPLE.values(), ids=PEOPLE.keys())
def test_people_who_speak_of_failure_are_people(headers: tuple[str, ...], body: str) -> None:
    incoming = read("From: Elena Lopez <elopez@example.edu>", *headers, body=body)
    assert (incoming.origin, incoming.bounce) == (Origin.PERSON, None)


def disposition(mode: str) -> Incoming:
    return read(
        "From: Mail Filter <filter@example.edu>",
        "Subject: Automatically rejected mail",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
        body="--b\n\nYour message was rejected: quota exceeded\n--b\nContent-Type: message/disposition-notification\n\n"
        f"Final-Recipient: rfc822; elopez@example.edu\nOriginal-Message-ID: <{ASK}>\nDisposition: {mode}\n--b--\n",
    )


def test_a_filter_that_deletes_a_mail_unread_returns_it() -> None:
    incoming = disposition("automatic-action/MDN-sent-automatically; deleted")
    assert (incoming.origin, incoming.bounce) == (
        Origin.BOUNCE,
        Bounce(recipients=("elopez@example.edu",), original_ids=(ASK,)),
    )


@pytest.mark.parametrize(
    "mode", ["manual-action/MDN-sent-manually; displayed", "manual-action/MDN-sent-automatically; deleted"]
)
def test_a_receipt_of_reading_is_no_bounce(mode: str) -> None:
    incoming = disposition(mode)
    assert (incoming.origin, incoming.bounce) == (Origin.AUTO_REPLY, None)


def test_raw_octets_in_a_header_stop_no_detector(caplog: pytest.LogCaptureFixture) -> None:
    raw = b"From: \xe9 <x@example.org>\nReturn-Path: <>\nSubject: failure notice \xff\n\nNo such user: a@example.edu\n"
    assert parse(raw).incoming.origin is Origin.BOUNCE
    assert caplog.records == []


@pytest.mark.parametrize("body", ["your message " * 20_000, "a " * 200_000, "the " + "x" * 300_000])
def test_no_crafted_notice_takes_long(body: str) -> None:
    began = time.process_time()
    read("From: gw@example.com", "Subject: Mail could not be delivered", body=body)
    assert time.process_time() - began < 1.5
