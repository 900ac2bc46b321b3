"""The embedded mail server: SMTP in, IMAP out, and what it testifies about a mail."""

import base64
import gc
import select
import smtplib
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
from imapclient import IMAPClient
from servers import Fault, FaultySmtp, Offered, Reaction

from lorbot.sandbox import SandboxNotInstalledError, mail_server_class
from lorbot.sandbox.front import mailbox_of
from lorbot.sandbox.imap import FOLDERS
from lorbot.sandbox.server import MailServer, Vouch
from lorbot.sandbox.stamp import header_fields, sole_sender, vouched_sender, without_claims
from lorbot.sandbox.thread import CannotListenError

NADIA, LORBOT, LOPEZ = "nadia@students.example", "lorbot@school.example", "lopez@hospital.example"
MAIL = b"From: Nadia <nadia@students.example>\r\nTo: lorbot@school.example\r\nSubject: status\r\n\r\nHello.\r\n"


@contextmanager
def imap(server: MailServer, user: str) -> Iterator[IMAPClient]:
    with IMAPClient("127.0.0.1", server.imap_port, ssl=False, timeout=10) as client:
        client.login(user, "pw")
        yield client


@contextmanager
def smtp(server: MailServer | FaultySmtp) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="laptop.example", timeout=10) as client:
        yield client


def submit(server: MailServer, raw: bytes, *recipients: str, login: str = "") -> None:
    with smtp(server) as client:
        if login:
            client.login(login, "pw")
        client.sendmail(NADIA, recipients, raw)


def field(raw: bytes, name: bytes) -> list[bytes]:
    """The values of every field of that name, unfolded."""
    named = [f.partition(b":") for f in header_fields(raw) if f.lower().startswith(name.lower() + b":")]
    return [value.replace(b"\r\n", b"").strip() for _, _, value in named]


def test_a_mail_submitted_over_smtp_is_read_over_imap(mail_server: MailServer) -> None:
    submit(mail_server, MAIL, LORBOT, login=NADIA)
    with imap(mail_server, LORBOT) as client:
        client.select_folder("INBOX")
        uids = client.search(["HEADER", "Subject", "status"])
        fetched = client.fetch(uids, ["BODY.PEEK[]", "FLAGS"])
    assert [mail[b"BODY[]"] for mail in fetched.values()] == mail_server.mails(LORBOT)
    assert [mail[b"FLAGS"] for mail in fetched.values()] == [(b"\\Recent",)]
    (raw,) = mail_server.mails(LORBOT)
    assert raw.endswith(MAIL)
    head = raw.removesuffix(MAIL)
    assert [f.partition(b":")[0] for f in header_fields(head)] == [
        b"Return-Path",
        b"Delivered-To",
        b"Authentication-Results",
        b"Received",
    ]
    assert field(head, b"Return-Path") == [b"<nadia@students.example>"]
    assert field(head, b"Received")[0].startswith(b"from laptop.example by mail.sandbox with ESMTPA;")
    assert mail_server.accepted == [(NADIA, LORBOT)]


def test_the_envelope_decides_who_gets_a_mail(mail_server: MailServer) -> None:
    submit(mail_server, MAIL, LOPEZ, "KIM@Hospital.example")
    delivered = {user: len(mail_server.mails(user)) for user in mail_server.users}
    assert delivered == {LORBOT: 0, NADIA: 0, LOPEZ: 1, "kim@hospital.example": 1}


def test_a_plus_address_goes_to_the_base_mailbox_and_keeps_its_detail(mail_server: MailServer) -> None:
    submit(mail_server, MAIL, "lorbot+3f9a@school.example")
    (raw,) = mail_server.mails(LORBOT)
    assert field(raw, b"Delivered-To") == [b"lorbot+3f9a@school.example"]
    assert mail_server.accepted == [(NADIA, "lorbot+3f9a@school.example")]


@pytest.mark.parametrize(
    ("recipient", "mailbox"),
    [
        ("a@x.example", "a@x.example"),
        ("A@X.EXAMPLE", "a@x.example"),
        ("a+b@x.example", "a@x.example"),
        ("a+b+c@x.example", "a@x.example"),
        ("own+plus@x.example", "own+plus@x.example"),
        ("a@y.example", ""),
        ("+a@x.example", ""),
        ("a", ""),
        ("", ""),
    ],
)
def test_the_mailbox_of_an_address(recipient: str, mailbox: str) -> None:
    assert mailbox_of(recipient, {"a@x.example": "pw", "own+plus@x.example": "pw"}) == mailbox


def test_an_unknown_recipient_is_refused_for_good(mail_server: MailServer) -> None:
    with smtp(mail_server) as client:
        client.ehlo()
        client.mail(NADIA)
        assert client.rcpt("nobody@hospital.example") == (550, b"5.1.1 no such user here")
    assert mail_server.accepted == []


def test_a_bounce_has_an_empty_return_path(mail_server: MailServer) -> None:
    with smtp(mail_server) as client:
        client.sendmail("", [LORBOT], b"From: Mail Delivery <mailer-daemon@school.example>\r\n\r\nundeliverable\r\n")
    (raw,) = mail_server.mails(LORBOT)
    assert field(raw, b"Return-Path") == [b"<>"]
    assert mail_server.accepted == [("", LORBOT)]


def test_a_wrong_smtp_password_is_refused(mail_server: MailServer) -> None:
    with smtp(mail_server) as client, pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        client.login(NADIA, "wrong")
    assert refused.value.smtp_code == 535


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_smtp_login_is_offered_without_tls(
    mail_server: MailServer, mechanism: str, caplog: pytest.LogCaptureFixture
) -> None:
    with smtp(mail_server) as client:
        client.ehlo()
        assert mechanism in client.esmtp_features["auth"].split()
        client.user, client.password = NADIA, "pw"
        answer = client.auth(mechanism, getattr(client, f"auth_{mechanism.lower()}"))
    assert answer[0] == 235
    assert caplog.records == []


def test_a_failed_delivery_is_answered_as_temporary(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(mail_server, "_append", fail)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        submit(mail_server, MAIL, LORBOT)
    assert refused.value.smtp_code == 451
    assert mail_server.accepted == []
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [OSError]


def test_a_large_mail_arrives_byte_for_byte(mail_server: MailServer) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = NADIA, LORBOT, "cv"
    message.set_content("..\n.\nFrom here\n")
    message.add_attachment(bytes(range(256)) * 6_000, maintype="application", subtype="pdf", filename="cv.pdf")
    raw = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    assert len(raw) > 2_000_000
    submit(mail_server, raw, LORBOT)
    with imap(mail_server, LORBOT) as client:
        client.select_folder("INBOX", readonly=True)
        ((_, mail),) = client.fetch(client.search(), ["BODY.PEEK[]"]).items()
    assert field(mail[b"BODY[]"].removesuffix(raw), b"Authentication-Results") == [b"mail.sandbox; dmarc=none"]
    assert mail[b"BODY[]"].endswith(raw)


def test_keywords_survive_a_move_and_a_new_connection(mail_server: MailServer) -> None:
    mail_server.deliver(LORBOT, MAIL)
    with imap(mail_server, LORBOT) as client:
        client.select_folder("INBOX")
        (uid,) = client.search()
        client.add_flags([uid], [b"$LorbotSeen"])
        assert client.search(["KEYWORD", "$LorbotSeen"]) == [uid]
        client.move([uid], "Archive")
        assert client.search() == []
    with imap(mail_server, LORBOT) as client:
        client.select_folder("Archive")
        (uid,) = client.search(["KEYWORD", "$LorbotSeen"])
        assert b"$LorbotSeen" in client.get_flags([uid])[uid]
        client.append("Sent", MAIL, flags=[b"$LorbotSent"])
        client.select_folder("Sent")
        assert len(client.search(["KEYWORD", "$LorbotSent"])) == 1
    assert mail_server.mails(LORBOT, "Sent") == [MAIL]


def test_every_user_has_the_usual_folders(mail_server: MailServer) -> None:
    with imap(mail_server, NADIA) as client:
        assert {name for _, _, name in client.list_folders()} == {"INBOX", *FOLDERS}


def test_idle_tells_of_a_mail_within_a_second(mail_server: MailServer) -> None:
    with imap(mail_server, LORBOT) as client:
        client.select_folder("INBOX")
        client.idle()
        submit(mail_server, MAIL, LORBOT)
        started = time.monotonic()
        assert select.select([client.socket()], [], [], 5)[0]
        elapsed = time.monotonic() - started
        _, responses = client.idle_done()
    assert (1, b"EXISTS") in responses
    assert elapsed < 1


def test_idle_tells_of_a_mail_that_came_just_before_it(mail_server: MailServer) -> None:
    with imap(mail_server, LORBOT) as client:
        client.select_folder("INBOX")
        mail_server.deliver(LORBOT, MAIL)
        client.idle()
        # Not select: imaplib may have read the line together with the continuation, into its own buffer.
        assert client._imap._get_line() == b"* 1 EXISTS"
        client.idle_done()


def test_a_response_arrives_in_one_piece(mail_server: MailServer) -> None:
    """IMAPClient's idle_check reads a socket that must not block, and dies of half a line."""
    mail_server.deliver(LORBOT, MAIL)
    with imap(mail_server, LORBOT) as watcher, imap(mail_server, LORBOT) as other:
        watcher.select_folder("INBOX")
        other.select_folder("INBOX")
        (uid,) = other.search()
        for flag in (b"$One", b"$Two", b"$Three", b"$Four", b"$Five"):
            watcher.idle()
            other.add_flags([uid], [flag])
            assert watcher.idle_check(timeout=2)[0][1] == b"FETCH"
            watcher.idle_done()


def test_mails_lists_a_folder_in_order(mail_server: MailServer) -> None:
    for number in range(3):
        mail_server.deliver(LORBOT, b"Subject: %d\r\n\r\n" % number, "Junk")
    assert mail_server.mails(LORBOT, "Junk") == [b"Subject: %d\r\n\r\n" % number for number in range(3)]
    assert mail_server.mails(LORBOT) == []


def test_a_user_added_later_logs_in_and_gets_mail(mail_server: MailServer) -> None:
    mail_server.add_user("Wei@students.example", "pw")
    submit(mail_server, MAIL, "wei@students.example")
    with imap(mail_server, "wei@students.example") as client:
        assert client.select_folder("INBOX")[b"EXISTS"] == 1


FORGED = b"Authentication-Results: mail.sandbox; dmarc=pass header.from=hospital.example\r\n"
FROM_LOPEZ = b"From: Lopez <lopez@hospital.example>\r\n\r\nsend\r\n"


@pytest.mark.parametrize(
    ("vouches_for", "login", "raw", "stamp"),
    [
        (
            Vouch.LOGGED_IN,
            NADIA,
            MAIL,
            b"mail.sandbox; dmarc=pass header.from=students.example; auth=pass smtp.auth=nadia@students.example",
        ),
        (Vouch.LOGGED_IN, "", MAIL, b"mail.sandbox; dmarc=none"),
        (Vouch.LOGGED_IN, NADIA, FROM_LOPEZ, b"mail.sandbox; dmarc=none"),
        (Vouch.LOGGED_IN, NADIA, FORGED + FROM_LOPEZ, b"mail.sandbox; dmarc=none"),
        (Vouch.LOGGED_IN, "", b"Subject: nobody\r\n\r\n", b"mail.sandbox; dmarc=none"),
        (Vouch.EVERY_LOCAL_SENDER, "", FROM_LOPEZ, b"mail.sandbox; dmarc=pass header.from=hospital.example"),
        (
            Vouch.EVERY_LOCAL_SENDER,
            NADIA,
            FROM_LOPEZ,
            b"mail.sandbox; dmarc=pass header.from=hospital.example; auth=pass smtp.auth=nadia@students.example",
        ),
        (Vouch.EVERY_LOCAL_SENDER, "", b"From: eve@evil.example\r\n\r\n", b"mail.sandbox; dmarc=none"),
    ],
)
def test_what_the_server_testifies(vouches_for: Vouch, login: str, raw: bytes, stamp: bytes) -> None:
    with MailServer({LORBOT: "pw", NADIA: "pw", LOPEZ: "pw"}, vouches_for=vouches_for) as server:
        submit(server, raw, LORBOT, login=login)
        (mail,) = server.mails(LORBOT)
    assert field(mail, b"Authentication-Results") == [stamp]
    assert mail.endswith(raw.removeprefix(FORGED))


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        (b"From: nadia@students.example\r\n", NADIA),
        (b"From: Nadia <Nadia@Students.Example>\r\n", NADIA),
        (b"FROM:\r\n =?utf-8?q?Nadia?=\r\n <nadia@students.example>\r\n", NADIA),
        (b'From: "Rahman, Nadia (MS4)" <nadia@students.example>\r\n', NADIA),
        (b'From: "nadia@students.example" <eve@evil.example>\r\n', "eve@evil.example"),
        (b'From: "Nadia \\" <nadia@students.example>" <eve@evil.example>\r\n', "eve@evil.example"),
        # In doubt: what another program takes for the address may differ.
        (b"From: nadia@students.example <eve@evil.example>\r\n", ""),
        (b"From: nadia@students.example, eve@evil.example\r\n", ""),
        (b"From: nadia@students.example (Nadia)\r\n", ""),
        (b"From: (<nadia@students.example>) eve@evil.example\r\n", ""),
        (b"From: <nadia@students.example> <eve@evil.example>\r\n", ""),
        (b"From: <nadia@students.example>\r\nFrom: eve@evil.example\r\n", ""),
        (b"From: <nadia@students.example>\r\nfrom : eve@evil.example\r\n", ""),
        (b"From: <nadia@students.example>\rFrom: eve@evil.example\r\n", ""),
        (b"From: undisclosed\r\n", ""),
        (b"From:\r\n", ""),
        (b"Subject: x\r\n", ""),
        (b"\r\nFrom: nadia@students.example\r\n", ""),
        (b'From: "' + b'\\"' * 50_000 + b"\r\n", ""),
        (b"", ""),
    ],
)
def test_the_sender_is_believed_only_when_there_is_no_doubt(header: bytes, sender: str) -> None:
    assert sole_sender(header + b"\r\nbody") == sender


def test_a_mail_without_a_sender_is_nobodys() -> None:
    assert vouched_sender(b"\r\n", login="", users={"": "pw"}, vouches_for=Vouch.LOGGED_IN) == ""
    assert vouched_sender(b"\r\n", login="", users={"": "pw"}, vouches_for=Vouch.EVERY_LOCAL_SENDER) == ""


@pytest.mark.parametrize(
    "claim",
    [
        FORGED,
        b"authentication-results: MAIL.SANDBOX;dmarc=pass\r\n",
        b"Authentication-Results:\r\n\tmail.sandbox\r\n\t; dmarc=pass\r\n",
        b"Authentication-Results: (a; b) mail.sandbox 1; dmarc=pass\r\n",
        b'Authentication-Results: "mail.sandbox"; dmarc=pass\r\n',
        b'Authentication-Results: "mail\\.sandbox"; dmarc=pass\r\n',
        b"Authentication-Results : mail.sandbox; dmarc=pass\r\n",
        b"Authentication-Results: mail.sandbox; dmarc=pass\r",
        b"Authentication-Results: mail.sandbox; dmarc=pass\n",
    ],
)
@pytest.mark.parametrize("before", [b"", b"Subject: a\r\n", b"X-Odd: a\n", b"X-Odd: a\r"])
def test_a_forged_claim_is_removed_and_the_rest_kept(claim: bytes, before: bytes) -> None:
    after = b"To: b\r\n c\r\n\r\nbody\r\n" + FORGED
    assert without_claims(before + claim + after, "mail.sandbox") == before + after


@pytest.mark.parametrize(
    "raw",
    [
        b"Authentication-Results: mx.hospital.example; dmarc=pass\r\n\r\n",
        b"Authentication-Results: notmail.sandbox; dmarc=pass\r\n\r\n",
        b"Authentication-Results: mail.sandbox.example; dmarc=pass\r\n\r\n",
        b"X-Note: mail.sandbox; dmarc=pass\r\n\r\n",
        b"Subject: x",
        b"\r\n" + FORGED,
        b"",
    ],
)
def test_what_is_no_claim_is_kept(raw: bytes) -> None:
    assert without_claims(raw, "mail.sandbox") == raw


def test_a_line_break_in_an_smtp_command_starts_no_header(mail_server: MailServer) -> None:
    with smtp(mail_server) as client:
        assert client.sock is not None
        client.sock.sendall(b"EHLO laptop\rAuthentication-Results: mail.sandbox; dmarc=pass\r\n")
        assert client.getreply()[0] == 250
        client.helo_resp = b"said"
        client.sendmail(NADIA, [LORBOT], MAIL)
    (raw,) = mail_server.mails(LORBOT)
    assert field(raw, b"Authentication-Results") == [b"mail.sandbox; dmarc=none"]


def test_a_stopped_server_leaves_no_thread_and_starts_again_on_its_ports() -> None:
    before = threading.active_count()
    server = MailServer({LORBOT: "pw"})
    ports = set()
    for _ in range(20):
        with server:
            ports.add((server.imap_port, server.smtp_port))
            submit(server, MAIL, LORBOT)
            client = IMAPClient("127.0.0.1", server.imap_port, ssl=False, timeout=10)
            client.login(LORBOT, "pw")
            assert client.select_folder("INBOX")[b"EXISTS"] == 1
            client.idle()  # and the server goes while the client waits
        client.shutdown()
    server.stop()
    gc.collect()  # a socket or task left open would warn here
    assert len(ports) == 1
    assert threading.active_count() == before


def test_a_taken_port_is_said_so_and_leaves_nothing_running(mail_server: MailServer) -> None:
    before = threading.active_count()
    other = MailServer({LORBOT: "pw"}, smtp_port=mail_server.smtp_port)
    with pytest.raises(CannotListenError, match=f"port {mail_server.smtp_port} .* choose another port"):
        other.start()
    other.stop()
    gc.collect()
    assert threading.active_count() == before


def test_without_its_packages_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mail_server_class() is MailServer
    for name in ("server", "front"):
        monkeypatch.delitem(sys.modules, f"lorbot.sandbox.{name}")
    monkeypatch.setitem(sys.modules, "aiosmtpd.smtp", None)
    with pytest.raises(SandboxNotInstalledError, match=r"package aiosmtpd.*pip install 'lorbot\[sandbox\]'"):
        mail_server_class()


# The faulty SMTP server of the other tests.


@pytest.fixture
def faulty() -> Iterator[FaultySmtp]:
    with FaultySmtp() as server:
        yield server


TAKEN = Offered(NADIA, (LORBOT, LOPEZ), b"Subject: x\r\n\r\nbody\r\n")


def send(server: FaultySmtp, timeout: float = 10) -> object:
    """What smtplib makes of it: the refused recipients, or the exception."""
    try:
        with smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="laptop.example", timeout=timeout) as client:
            client.login(NADIA, "pw")
            return client.sendmail(NADIA, TAKEN.recipients, TAKEN.raw)
    except smtplib.SMTPException as error:
        return type(error)


@pytest.mark.parametrize(
    ("stage", "reaction", "outcome", "offered"),
    [
        ("at_ehlo", None, {}, 1),
        ("at_login", "535 5.7.8 wrong", smtplib.SMTPAuthenticationError, 0),
        ("at_mail", "451 4.3.0 later", smtplib.SMTPSenderRefused, 0),
        ("at_mail", Fault.DROP, smtplib.SMTPServerDisconnected, 0),
        ("at_data", "554 5.7.1 no", smtplib.SMTPDataError, 0),
        ("at_data", Fault.DROP, smtplib.SMTPServerDisconnected, 0),
        ("at_final_dot", "452 4.2.2 full", smtplib.SMTPDataError, 1),
        ("at_final_dot", Fault.DROP, smtplib.SMTPServerDisconnected, 1),
        ("at_final_dot", Fault.HANG, smtplib.SMTPServerDisconnected, 1),
        ("at_ehlo", Fault.HANG, smtplib.SMTPServerDisconnected, 0),
    ],
)
def test_the_faulty_server_fails_where_it_is_told(
    faulty: FaultySmtp, stage: str, reaction: Reaction, outcome: object, offered: int
) -> None:
    setattr(faulty, stage, reaction)
    assert send(faulty, timeout=0.2) == outcome
    assert faulty.offered == [TAKEN] * offered
    assert faulty.accepted == ([TAKEN] if outcome == {} else [])


def test_the_faulty_server_refuses_the_recipients_it_is_told(faulty: FaultySmtp) -> None:
    faulty.at_recipient = {LOPEZ: "550 5.1.1 gone"}
    assert send(faulty) == {LOPEZ: (550, b"5.1.1 gone")}
    assert faulty.accepted == [Offered(NADIA, (LORBOT,), TAKEN.raw)]
    faulty.at_recipient = {}
    assert send(faulty) == {}
    assert faulty.accepted[1:] == [TAKEN]


def test_the_faulty_server_stops_while_a_client_hangs(faulty: FaultySmtp) -> None:
    faulty.at_mail = Fault.HANG
    with smtp(faulty) as client:
        client.ehlo()
        client.putcmd("mail", f"FROM:<{NADIA}>")
        time.sleep(0.05)
        faulty.stop()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.getreply()


def test_a_login_that_is_no_text_is_refused(mail_server: MailServer) -> None:
    with smtp(mail_server) as client:
        client.ehlo()
        assert client.docmd("AUTH PLAIN", base64.b64encode(b"\0\xff\xfe\0pw").decode())[0] == 535
