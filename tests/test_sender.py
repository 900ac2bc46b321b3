"""Handing in a mail: on the embedded server, on Dovecot's front, and on a server with every fault in turn."""

import asyncio
import base64
import contextlib
import functools
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from servers import Dovecot, Fault, FaultySmtp, Offered, Reaction

from lorbot.errors import ConfigurationError, SecretUnavailableError, SendingError
from lorbot.sandbox.server import MailServer
from lorbot.sandbox.thread import ServerThread, listen, port_of
from lorbot.shell.accounts import Auth, Security, SmtpAccount
from lorbot.shell.sender import Lost, Outcome, Refused, Sender, Sent

USER = "nadia@students.example"
LOPEZ, KIM = "lopez@hospital.example", "kim@hospital.example"
MAIL = b"From: nadia@students.example\r\nSubject: Letter\r\n\r\nDear Dr. Lopez,\r\n.hidden\r\n..\r\n"

Server = MailServer | Dovecot


@pytest.fixture(params=["mail_server", "dovecot"])
def server(request: pytest.FixtureRequest) -> Server:
    return request.getfixturevalue(request.param)


@pytest.fixture
def faulty() -> Iterator[FaultySmtp]:
    with FaultySmtp() as running:
        yield running


def account(port: int, **changes: Any) -> SmtpAccount:
    usual = SmtpAccount(
        host="127.0.0.1",
        port=port,
        user=USER,
        secret=lambda: "pw",
        security=Security.PLAIN,
        connect_timeout_s=5,
        reply_timeout_s=5,
    )
    return replace(usual, **changes)


def send(port: int, *recipients: str, raw: bytes = MAIL, **changes: Any) -> Outcome:
    return Sender(account(port, **changes)).send(raw, USER, recipients or (LOPEZ,))


# Sent


def test_a_mail_arrives_byte_for_byte_with_its_dots(server: Server) -> None:
    assert send(server.smtp_port, LOPEZ, KIM) == Sent(remark="250 2.0.0 delivered")
    assert server.accepted == [(USER, LOPEZ), (USER, KIM)]
    [arrived] = server.mails(LOPEZ)
    assert arrived.endswith(MAIL)
    assert b"dmarc=pass" in arrived  # the login counted


def test_a_recipient_who_is_refused_does_not_keep_the_mail_from_the_first(server: Server) -> None:
    outcome = send(server.smtp_port, LOPEZ, "nobody@hospital.example", KIM)
    assert outcome == Sent(remark="250 2.0.0 delivered; not for nobody@hospital.example: 550 5.1.1 no such user here")
    assert server.accepted == [(USER, LOPEZ), (USER, KIM)]


def test_without_the_first_recipient_nothing_is_sent(server: Server) -> None:
    outcome = send(server.smtp_port, "nobody@hospital.example", KIM)
    assert outcome == Refused(permanent=True, code=550, remark="550 5.1.1 no such user here")
    assert server.accepted == []


def test_a_bounce_address_may_be_empty(faulty: FaultySmtp) -> None:
    assert Sender(account(faulty.smtp_port)).send(MAIL, "", [LOPEZ]) == Sent(remark="250 2.0.0 taken")
    assert [mail.recipients for mail in faulty.accepted] == [(LOPEZ,)]


# Every fault

NOT_SENT = "raises SendingError"


@pytest.mark.parametrize(
    ("where", "reaction", "outcome"),
    [
        ("at_mail", "550 5.7.1 not you", Refused(permanent=True, code=550, remark="550 5.7.1 not you")),
        ("at_mail", "451 4.3.0 later", Refused(permanent=False, code=451, remark="451 4.3.0 later")),
        ("at_mail", Fault.DROP, NOT_SENT),
        ("at_recipient", "550 5.1.1 unknown", Refused(permanent=True, code=550, remark="550 5.1.1 unknown")),
        ("at_recipient", "450 4.2.0 greylisted", Refused(permanent=False, code=450, remark="450 4.2.0 greylisted")),
        ("at_recipient", Fault.DROP, NOT_SENT),
        ("at_data", "554 5.7.0 no", Refused(permanent=True, code=554, remark="554 5.7.0 no")),
        ("at_data", "421 4.3.2 going down", Refused(permanent=False, code=421, remark="421 4.3.2 going down")),
        ("at_data", Fault.DROP, NOT_SENT),
        ("at_final_dot", "552 5.2.2 full", Refused(permanent=True, code=552, remark="552 5.2.2 full")),
        ("at_final_dot", "451 4.7.1 later", Refused(permanent=False, code=451, remark="451 4.7.1 later")),
        ("at_final_dot", "421 4.3.2 bye", Refused(permanent=False, code=421, remark="421 4.3.2 bye")),
        ("at_final_dot", Fault.DROP, Lost),
        ("at_final_dot", Fault.HANG, Lost),
        ("at_final_dot", "Hello", Lost),
        ("at_final_dot", "250 " + "x" * 9000, Lost),
        ("at_ehlo", Fault.DROP, NOT_SENT),
        ("at_ehlo", "550 go away", NOT_SENT),
        ("at_login", Fault.DROP, NOT_SENT),
        ("at_login", "535 5.7.8 wrong", NOT_SENT),
        ("at_login", "454 4.7.0 later", NOT_SENT),
    ],
)
def test_each_fault_has_its_outcome(
    faulty: FaultySmtp, where: str, reaction: Reaction, outcome: Outcome | type[Lost] | str
) -> None:
    setattr(faulty, where, {LOPEZ: reaction} if where == "at_recipient" else reaction)
    sender = Sender(account(faulty.smtp_port, reply_timeout_s=0.3))
    if outcome == NOT_SENT:
        with pytest.raises(SendingError, match=f"127.0.0.1:{faulty.smtp_port}"):
            sender.send(MAIL, USER, [LOPEZ, KIM])
    elif outcome is Lost:
        assert isinstance(sender.send(MAIL, USER, [LOPEZ, KIM]), Lost)
    else:
        assert sender.send(MAIL, USER, [LOPEZ, KIM]) == outcome
    # What was offered up to the final dot is exactly what cannot be called "not sent".
    assert bool(faulty.offered) is (where == "at_final_dot")
    assert faulty.accepted == []

    setattr(faulty, where, {} if where == "at_recipient" else None)
    assert sender.send(MAIL, USER, [LOPEZ]) == Sent(remark="250 2.0.0 taken")
    assert faulty.accepted == [Offered(USER, (LOPEZ,), MAIL)]


def test_a_server_that_answers_nothing_before_the_mail_is_an_error(faulty: FaultySmtp) -> None:
    faulty.at_mail = Fault.HANG
    with pytest.raises(SendingError, match="before it had the mail"):
        send(faulty.smtp_port, connect_timeout_s=0.3)
    assert faulty.offered == []


def test_the_last_answer_has_its_own_time_limit(faulty: FaultySmtp) -> None:
    faulty.at_final_dot = Fault.HANG
    begun = time.monotonic()
    outcome = send(faulty.smtp_port, connect_timeout_s=5, reply_timeout_s=0.2)
    assert time.monotonic() - begun < 2
    assert outcome == Lost(
        remark="the connection broke before the server's last answer (Connection unexpectedly closed: timed out)"
    )


# What is not offered at all


def test_a_mail_with_a_bare_line_end_or_without_recipient_is_a_bug(faulty: FaultySmtp) -> None:
    for raw in (b"Subject: x\n\nhi\r\n", b"Subject: x\r\n\r\nhi\r.\r\n"):
        with pytest.raises(ValueError, match="CRLF"):
            send(faulty.smtp_port, raw=raw)
    with pytest.raises(ValueError, match="recipient"):
        Sender(account(faulty.smtp_port)).send(MAIL, USER, [])
    assert faulty.offered == []


@pytest.mark.parametrize(
    ("extensions", "raw", "recipient", "expected"),
    [
        (["SIZE 50"], MAIL, LOPEZ, (552, "the server takes 50")),
        (["SIZE 0"], MAIL, LOPEZ, None),
        (["SIZE"], MAIL, LOPEZ, None),
        (["8BITMIME"], MAIL, "lópez@hospital.example", (553, "lópez@hospital.example holds characters outside ASCII")),
        (["8BITMIME"], "Subject: é\r\n\r\n".encode(), LOPEZ, (553, "the header holds")),
        ([], "Subject: x\r\n\r\né\r\n".encode(), LOPEZ, (554, "7-bit text only")),
        (["8BITMIME"], "Subject: x\r\n\r\né\r\n".encode(), LOPEZ, None),
        (["SMTPUTF8", "8BITMIME"], "Subject: é\r\n\r\n".encode(), "lópez@hospital.example", None),
        ([], MAIL, "lopez@bücher.example", None),
    ],
)
def test_what_the_server_cannot_take_is_refused_with_a_reason(
    faulty: FaultySmtp, extensions: list[str], raw: bytes, recipient: str, expected: tuple[int, str] | None
) -> None:
    faulty.at_ehlo = "\r\n".join(
        ["250-faulty.test", "250-AUTH PLAIN", *(f"250-{name}" for name in extensions), "250 HELP"]
    )
    outcome = send(faulty.smtp_port, recipient, raw=raw)
    if expected is None:
        assert outcome == Sent(remark="250 2.0.0 taken")
        sent_to = recipient.replace("bücher", "xn--bcher-kva")
        assert faulty.accepted == [Offered(USER, (sent_to,), raw)]
        return
    assert isinstance(outcome, Refused)
    assert (outcome.permanent, outcome.code) == (True, expected[0])
    assert expected[1] in outcome.remark
    assert faulty.offered == []


# Connections and logins


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_tls_is_verified_and_a_ca_of_ones_own_is_believed(dovecot: Dovecot, security: Security) -> None:
    port = dovecot.smtps_port if security is Security.TLS else dovecot.smtp_port
    with pytest.raises(SendingError, match=r"certificate is not to be trusted .*ca_file"):
        send(port, security=security)
    with pytest.raises(SendingError, match=r"certificate is not to be trusted"):
        Sender(account(port, security=security)).check()
    known = account(port, security=security, ca_file=str(dovecot.ca_file), host="localhost")
    assert Sender(known).check() == (
        f"the SMTP server localhost:{port}, {security}, logged in as {USER}, mails up to 67 MB"
    )
    assert Sender(known).send(MAIL, USER, [LOPEZ]) == Sent(remark="250 2.0.0 delivered")
    assert dovecot.accepted == [(USER, LOPEZ)]


def test_a_wrong_password_is_told_and_no_login_is_possible_too(server: Server) -> None:
    with pytest.raises(SendingError, match=rf"refused the login of {USER} \(it said 535 .*app password"):
        send(server.smtp_port, secret=lambda: "wrong")
    nobody = Sender(account(server.smtp_port, auth=Auth.NONE, secret=lambda: pytest.fail("asked for a secret")))
    assert nobody.check() == f"the SMTP server 127.0.0.1:{server.smtp_port}, plain, no login, mails up to 67 MB"
    assert nobody.send(MAIL, USER, [LOPEZ]) == Sent(remark="250 2.0.0 delivered")


def test_a_password_outside_ascii_is_explained(mail_server: MailServer) -> None:
    with pytest.raises(SendingError, match="outside ASCII"):
        send(mail_server.smtp_port, secret=lambda: "pässword")


def test_a_token_that_cannot_be_had_now_may_be_had_later_and_nothing_was_offered(faulty: FaultySmtp) -> None:
    said = "password_command failed with status 1; run it by hand to see why"

    def offline() -> str:
        raise SecretUnavailableError(said)

    with pytest.raises(SendingError) as caught:
        send(faulty.smtp_port, secret=offline)
    assert str(caught.value) == f"the SMTP server 127.0.0.1:{faulty.smtp_port} was not asked to log in: {said}"
    assert faulty.offered == []


def test_a_password_that_cannot_be_had_until_it_is_corrected_is_the_configurations(faulty: FaultySmtp) -> None:
    def gone() -> str:
        raise ConfigurationError("the password file cannot be read; correct password_file")

    with pytest.raises(ConfigurationError):
        send(faulty.smtp_port, secret=gone)


def test_starttls_where_there_is_none_is_explained(mail_server: MailServer) -> None:
    with pytest.raises(SendingError, match="STARTTLS"):
        send(mail_server.smtp_port, security=Security.STARTTLS)
    with pytest.raises(SendingError, match="does not speak TLS"):
        send(mail_server.smtp_port, security=Security.TLS)


def test_nobody_there_is_explained() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(SendingError, match=f"127.0.0.1:{port} cannot be reached: nothing listens"):
        send(port)
    with pytest.raises(SendingError, match="name cannot be resolved"):
        send(587, host="smtp.invalid", security=Security.STARTTLS)


@pytest.mark.parametrize(("greeting", "words"), [(b"554 not today\r\n", "554 not today"), (b"", "did not greet")])
def test_a_server_that_does_not_welcome_us_is_explained(greeting: bytes, words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(greeting)
                with contextlib.suppress(ConnectionError):
                    connection.shutdown(socket.SHUT_WR)
                    connection.recv(100)

        thread = threading.Thread(target=greet)
        thread.start()
        with pytest.raises(SendingError, match=words):
            send(listener.getsockname()[1])
        thread.join(5)
        assert not thread.is_alive()


class TokenServer:
    """An SMTP server that takes one access token by XOAUTH2, with the challenge of a refusal that Google sends."""

    def __init__(self, token: str) -> None:
        self.smtp_port = 0
        self.answers_to_challenge: list[bytes] = []
        self._wanted = f"user={USER}\x01auth=Bearer {token}\x01\x01".encode()
        self._thread = ServerThread()

    def __enter__(self) -> "TokenServer":
        self._thread.start(self._listen)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._thread.stop()

    async def _listen(self, stack: contextlib.AsyncExitStack) -> None:
        loop = asyncio.get_running_loop()
        protocol = functools.partial(SMTP, self, hostname="token.test", loop=loop, auth_require_tls=False)
        server = await listen(functools.partial(loop.create_server, protocol), "127.0.0.1", 0)
        stack.callback(server.close)
        self.smtp_port = port_of(server)

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 2.0.0 taken"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - likewise
        given = await server.challenge_auth("", encode_to_b64=True) if len(args) == 1 else decoded(args[1])
        if given == self._wanted:
            return AuthResult(success=True)
        self.answers_to_challenge.append(await server.challenge_auth('{"status":"400"}'))
        return AuthResult(success=False, handled=False)


def decoded(text: str) -> bytes:
    return base64.b64decode(text)


def test_an_access_token_logs_in_by_xoauth2_and_is_asked_for_each_time() -> None:
    tokens = iter(["good", "stale"])
    with TokenServer("good") as server:
        sender = Sender(account(server.smtp_port, auth=Auth.XOAUTH2, secret=lambda: next(tokens)))
        assert sender.send(MAIL, USER, [LOPEZ]) == Sent(remark="250 2.0.0 taken")
        with pytest.raises(SendingError, match="refused the login"):
            sender.send(MAIL, USER, [LOPEZ])
        assert server.answers_to_challenge == [b""]


def test_a_password_never_leaves_this_machine_in_the_clear() -> None:
    assert account(25, host="relay.school.example", auth=Auth.NONE).security is Security.PLAIN
    for auth in (Auth.PASSWORD, Auth.XOAUTH2):
        with pytest.raises(ConfigurationError, match=r"unencrypted; set security in \[smtp\]"):
            account(25, host="relay.school.example", auth=auth)
