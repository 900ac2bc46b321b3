"""The real server of the tests: the same flow as through the embedded one, and TLS."""

import select
import smtplib
import ssl
import time
from email import message_from_bytes
from pathlib import Path

import pytest
from imapclient import IMAPClient
from servers import Dovecot

from lorbot.sandbox.imap import FOLDERS

NADIA, LORBOT, LOPEZ = "nadia@students.example", "lorbot@school.example", "lopez@hospital.example"
MAIL = b"From: Nadia <nadia@students.example>\r\nTo: lorbot@school.example\r\nSubject: status\r\n\r\nHello.\r\n"


def submit(server: Dovecot, raw: bytes, *recipients: str, login: str = "") -> None:
    with smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="laptop.example", timeout=10) as client:
        if login:
            client.login(login, "pw")
        client.sendmail(NADIA, recipients, raw)


def imap(server: Dovecot) -> IMAPClient:
    client = IMAPClient("127.0.0.1", server.imap_port, ssl=False, timeout=10)
    client.login(LORBOT, "pw")
    return client


def test_dovecot_delivers_what_is_submitted_with_the_same_stamp(dovecot: Dovecot) -> None:
    forged = b"Authentication-Results: mail.sandbox; dmarc=pass header.from=hospital.example\r\n"
    submit(dovecot, forged + MAIL, "lorbot+3f9a@school.example", login=NADIA)
    (raw,) = dovecot.mails(LORBOT)
    assert raw.endswith(MAIL)
    message = message_from_bytes(raw)
    assert message.get_all("Authentication-Results") == [
        "mail.sandbox; dmarc=pass header.from=students.example; auth=pass smtp.auth=nadia@students.example"
    ]
    assert message.get_all("Delivered-To") == ["lorbot+3f9a@school.example"]
    assert message.get_all("Return-Path") == ["<nadia@students.example>"]
    assert dovecot.accepted == [(NADIA, "lorbot+3f9a@school.example")]


def test_dovecot_gets_nothing_for_an_unknown_recipient(dovecot: Dovecot) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        submit(dovecot, MAIL, "nobody@school.example")
    assert refused.value.recipients == {"nobody@school.example": (550, b"5.1.1 no such user here")}
    assert dovecot.accepted == []


def test_keywords_survive_a_move_and_a_new_connection_on_dovecot(dovecot: Dovecot) -> None:
    dovecot.deliver(LORBOT, MAIL)
    with imap(dovecot) as client:
        client.select_folder("INBOX")
        (uid,) = client.search()
        client.add_flags([uid], [b"$LorbotSeen"])
        client.move([uid], "Archive")
    with imap(dovecot) as client:
        client.select_folder("Archive")
        assert len(client.search(["KEYWORD", "$LorbotSeen"])) == 1
    assert (dovecot.mails(LORBOT), dovecot.mails(LORBOT, "Archive")) == ([], [MAIL])


def test_every_user_of_dovecot_has_the_usual_folders(dovecot: Dovecot) -> None:
    with imap(dovecot) as client:
        assert {name for _, _, name in client.list_folders()} == {"INBOX", *FOLDERS}


def test_dovecot_lists_mails_in_order_and_touches_no_flag(dovecot: Dovecot) -> None:
    mails = [b"Subject: %d\r\n\r\nx\r\n" % number for number in range(12)]
    for raw in mails:
        dovecot.deliver(LORBOT, raw)
    assert dovecot.mails(LORBOT) == mails
    with imap(dovecot) as client:
        client.select_folder("INBOX", readonly=True)
        assert len(client.search(["UNSEEN"])) == 12


def test_dovecot_tells_of_a_mail_within_a_second(dovecot: Dovecot) -> None:
    with imap(dovecot) as client:
        client.select_folder("INBOX")
        client.idle()
        submit(dovecot, MAIL, LORBOT)
        started = time.monotonic()
        assert select.select([client.socket()], [], [], 5)[0]
        assert time.monotonic() - started < 1  # Dovecot itself gathers changes for half a second
        assert (1, b"EXISTS") in client.idle_done()[1]


def test_a_large_mail_arrives_on_dovecot_byte_for_byte(dovecot: Dovecot) -> None:
    raw = MAIL + b"..dots\r\n.\r\n" + b"0123456789abcdef" * 4 + b"\r\n" + (b"x" * 74 + b"\r\n") * 28_000
    submit(dovecot, raw, LORBOT)
    assert dovecot.mails(LORBOT)[0].endswith(raw)


def test_a_user_added_to_dovecot_later_gets_mail(dovecot: Dovecot) -> None:
    dovecot.add_user("wei@students.example", "pw2")
    submit(dovecot, MAIL, "wei@students.example")
    assert len(dovecot.mails("wei@students.example")) == 1


def test_a_wrong_password_is_answered_soon(dovecot: Dovecot) -> None:
    """Dovecot's own delay is two seconds, and grows; half a second is left."""
    started = time.monotonic()
    with (
        IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False, timeout=10) as client,
        pytest.raises(IMAPClient.Error, match="AUTHENTICATIONFAILED"),
    ):
        client.login(LORBOT, "wrong")
    assert time.monotonic() - started < 1.5


def test_imap_over_tls_and_with_starttls_trusts_only_the_certificate(dovecot: Dovecot) -> None:
    trusting = ssl.create_default_context(cafile=str(dovecot.ca_file))
    with IMAPClient("localhost", dovecot.imaps_port, ssl_context=trusting, timeout=10) as client:
        client.login(LORBOT, "pw")
    with IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False, timeout=10) as client:
        client.starttls(trusting)
        client.login(LORBOT, "pw")
    with pytest.raises(ssl.SSLCertVerificationError):
        IMAPClient("localhost", dovecot.imaps_port, ssl_context=ssl.create_default_context(), timeout=10)


def test_smtp_over_tls_and_with_starttls_trusts_only_the_certificate(dovecot: Dovecot) -> None:
    trusting = ssl.create_default_context(cafile=str(dovecot.ca_file))
    with smtplib.SMTP_SSL("localhost", dovecot.smtps_port, context=trusting, timeout=10) as wrapped:
        wrapped.login(NADIA, "pw")
        assert not wrapped.has_extn("starttls")
        wrapped.sendmail(NADIA, [LORBOT], MAIL)
    with smtplib.SMTP("localhost", dovecot.smtp_port, timeout=10) as client:
        client.starttls(context=trusting)
        client.login(NADIA, "pw")
        client.sendmail(NADIA, [LORBOT], MAIL)
    with (
        smtplib.SMTP("localhost", dovecot.smtp_port, timeout=10) as client,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        client.starttls(context=ssl.create_default_context())
    assert len(dovecot.mails(LORBOT)) == 2


def test_a_missing_dovecot_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servers.DOVECOT", Path("/nowhere/dovecot"))
    assert Dovecot.missing.__wrapped__() == "Dovecot is not installed: apt-get install dovecot-imapd dovecot-lmtpd"
