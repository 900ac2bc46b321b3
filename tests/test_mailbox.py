"""The mailbox and its IDLE wait: on the embedded server, on Dovecot, and on a server that says what a test tells it."""

import base64
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from imapclient import IMAPClient
from servers import Dovecot

from lorbot.errors import ConfigurationError, LoginRefusedError, MailboxError, SecretUnavailableError
from lorbot.sandbox.server import MailServer
from lorbot.shell import mailbox
from lorbot.shell.accounts import Auth, ImapAccount, Security
from lorbot.shell.folders import Folders
from lorbot.shell.idle import idle_wait
from lorbot.shell.mailbox import Cursor, Found, Mailbox

USER = "lorbot@school.example"
MAIL = b"From: kim@hospital.example\r\nMessage-ID: <one@kim.example>\r\nSubject: Yes\r\n\r\nGladly.\r\n"
HEADERS = MAIL[: MAIL.index(b"Gladly")]
LONG_AGO = datetime(2020, 3, 1, 12, tzinfo=UTC)

Server = MailServer | Dovecot


@pytest.fixture(params=["mail_server", "dovecot"])
def server(request: pytest.FixtureRequest) -> Server:
    return request.getfixturevalue(request.param)


def account(port: int, **changes: Any) -> ImapAccount:
    usual = ImapAccount(host="127.0.0.1", port=port, user=USER, secret=lambda: "pw", security=Security.PLAIN)
    return replace(usual, **changes)


@pytest.fixture
def box(server: Server) -> Iterator[Mailbox]:
    with Mailbox(account(server.imap_port)) as opened:
        yield opened


@contextlib.contextmanager
def another_program(server: Server, folder: str = "INBOX") -> Iterator[IMAPClient]:
    """A second mail program on the same mailbox."""
    with IMAPClient("127.0.0.1", server.imap_port, ssl=False, timeout=10) as client:
        client.login(USER, "pw")
        client.select_folder(folder)
        yield client


class ScriptedImap:
    """Answers each command as told. The pieces of an answer go out one by one; None cuts the connection.

    `{tag}` is the tag of the command. MORE is a line that goes on with a command, as a SASL response does.
    """

    def __init__(self, greeting: str = "* OK ready\r\n", **answers: tuple[str | None, ...]) -> None:
        self.commands: list[str] = []
        self._greeting = greeting
        self._answers: dict[str, tuple[str | None, ...]] = {
            "CAPABILITY": ("* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n",),
            "SELECT": (
                "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 5] ok\r\n{tag} OK [READ-WRITE] opened\r\n",
            ),
            "IDLE": ("+ idling\r\n",),
            **answers,
        }
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.imap_port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "ScriptedImap":
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._thread.join(5)
        self._listener.close()
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, connection.makefile("rb") as lines:
            connection.sendall(self._greeting.encode())
            tag = ""
            with contextlib.suppress(ConnectionError):
                for line in lines:
                    said = line.decode().strip()
                    if " " in said:
                        tag, _, said = said.partition(" ")
                        verb = said.split()[0]
                    else:  # it goes on with the command before
                        verb = "DONE" if said == "DONE" else "MORE"
                    self.commands.append(said)
                    if not self._say(connection, self._answers.get(verb, ("{tag} OK done\r\n",)), tag):
                        return

    def _say(self, connection: socket.socket, pieces: tuple[str | None, ...], tag: str) -> bool:
        for piece in pieces:
            if piece is None:
                return False
            connection.sendall(piece.format(tag=tag).encode())
            time.sleep(0.02 if len(pieces) > 1 else 0)
        return True


# What is new


def test_new_mail_is_told_with_its_header_and_is_left_unread(server: Server, box: Mailbox) -> None:
    start = box.end_of("INBOX")
    server.deliver(USER, MAIL)
    [found] = box.new("INBOX", start)
    assert found == Found(
        folder="INBOX",
        uidvalidity=start.uidvalidity,
        uid=start.last_uid + 1,
        size=len(MAIL),
        received_at=found.received_at,
        headers=HEADERS,
        keywords=frozenset(),
    )
    assert abs((datetime.now(UTC) - found.received_at).total_seconds()) < 5
    assert found.received_at.tzinfo is UTC
    assert box.fetch(found) == MAIL
    with another_program(server) as client:
        assert b"\\Seen" not in client.get_flags([found.uid])[found.uid]


def test_behind_the_cursor_there_is_nothing_even_when_the_newest_mail_was_deleted(server: Server, box: Mailbox) -> None:
    server.deliver(USER, MAIL)
    server.deliver(USER, MAIL)
    first, second = box.new("INBOX", None)
    cursor = Cursor(folder="INBOX", uidvalidity=first.uidvalidity, last_uid=first.uid)
    with another_program(server) as client:  # UID SEARCH n:* now finds the first mail, whatever n is
        client.delete_messages([second.uid])
        client.expunge()
    assert box.new("INBOX", cursor) == []


def test_a_cursor_of_another_uidvalidity_finds_everything_again(server: Server, box: Mailbox) -> None:
    server.deliver(USER, MAIL)
    end = box.end_of("INBOX")
    assert box.new("INBOX", end) == []
    assert len(box.new("INBOX", replace(end, uidvalidity=end.uidvalidity + 1))) == 1
    assert len(box.new("INBOX", replace(end, folder="Junk"))) == 1


def test_a_cursor_ahead_of_the_folder_means_a_restored_backup_and_finds_everything(
    server: Server, box: Mailbox
) -> None:
    server.deliver(USER, MAIL)
    end = box.end_of("INBOX")
    assert len(box.new("INBOX", replace(end, last_uid=end.last_uid + 50))) == 1


def test_without_a_cursor_only_mail_since_the_day_is_found(server: Server, box: Mailbox) -> None:
    server.deliver(USER, MAIL)
    with another_program(server) as client:
        client.append("INBOX", MAIL, (), LONG_AGO)
    recent, old = box.new("INBOX", None)
    assert old.received_at == LONG_AGO
    assert box.new("INBOX", None, since=datetime.now(UTC).date()) == [recent]
    assert box.new("INBOX", None, since=LONG_AGO.date() + timedelta(days=1)) == [recent, old]
    assert box.new("INBOX", None, since=LONG_AGO.date() + timedelta(days=2)) == [recent]


def test_more_than_the_limit_is_left_for_the_next_time_and_batches_do_not_matter(
    server: Server, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "AT_ONCE", 2)
    for _ in range(5):
        server.deliver(USER, MAIL)
    first = box.new("INBOX", None, limit=3)
    last = first[-1]
    rest = box.new("INBOX", Cursor(folder="INBOX", uidvalidity=last.uidvalidity, last_uid=last.uid), limit=3)
    assert elapsed(box, 0.1) >= 0.1
    box.new("INBOX", None, limit=3)
    assert elapsed(box, 10) < 0.5  # there is more to be had
    uids = [found.uid for found in first + rest]
    assert uids == sorted(set(uids))
    assert (len(first), len(rest)) == (3, 2)


def test_a_monstrous_header_is_cut_at_a_line_end(server: Server, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "HEADER_LIMIT", 50)
    server.deliver(USER, MAIL)
    [found] = box.new("INBOX", None)
    assert found.headers == b"From: kim@hospital.example\r\n"
    assert found.size == len(MAIL)


def test_a_mail_that_is_gone_or_of_another_uidvalidity_is_none(server: Server, box: Mailbox) -> None:
    server.deliver(USER, MAIL)
    [found] = box.new("INBOX", None)
    assert box.fetch(replace(found, uidvalidity=found.uidvalidity + 1)) is None
    with another_program(server) as client:
        client.delete_messages([found.uid])
        client.expunge()
    box.select("INBOX")  # until then a server may still show what another program deleted (RFC 2180)
    assert box.fetch(found) is None
    assert not box.mark("INBOX", found.uid, "lorbot")


def test_a_uid_left_out_of_the_answer_is_left_out_and_flags_alone_are_no_mail() -> None:
    fetch = (  # and the answer to the SEARCH, to have one for both
        "* SEARCH 1 2 3\r\n"
        "* 1 FETCH (UID 2 FLAGS (\\Seen))\r\n"
        '* 2 FETCH (UID 3 FLAGS ($Junk 17) RFC822.SIZE 9 INTERNALDATE "01-Mar-2020 13:00:00 +0100" '
        "BODY[HEADER]<0> {{2}}\r\n\r\n)\r\n{tag} OK done\r\n"
    )
    with ScriptedImap(UID=(fetch,)) as scripted, Mailbox(account(scripted.imap_port)) as box:
        assert box.new("INBOX", None) == [
            Found(
                folder="INBOX",
                uidvalidity=7,
                uid=3,
                size=9,
                received_at=LONG_AGO,
                headers=b"\r\n",
                keywords=frozenset({"$Junk", "17"}),
            )
        ]


def test_a_server_without_uidnext_is_asked_for_its_last_uid_and_one_without_uids_is_refused() -> None:
    select = "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n{tag} OK done\r\n"
    uid = ("* SEARCH 9 4\r\n{tag} OK done\r\n",)
    with ScriptedImap(SELECT=(select,), UID=uid) as scripted, Mailbox(account(scripted.imap_port)) as box:
        assert box.end_of("INBOX") == Cursor(folder="INBOX", uidvalidity=7, last_uid=9)
        scripted._answers["SELECT"] = ("* 1 EXISTS\r\n{tag} OK done\r\n",)
        with pytest.raises(MailboxError, match="no lasting numbers"):
            box.end_of("INBOX")
        assert box.alive


# Marks and copies


def test_a_mark_is_kept_and_seen_when_looking_again(server: Server, box: Mailbox) -> None:
    server.deliver(USER, MAIL)
    [found] = box.new("INBOX", None)
    assert box.mark("INBOX", found.uid, "lorbot")
    assert box.new("INBOX", None) == [replace(found, keywords=frozenset({"lorbot"}))]


def test_where_no_keyword_can_be_kept_none_is_set() -> None:
    select = "* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 5] ok\r\n* OK [PERMANENTFLAGS (\\Seen)] ok\r\n{tag} OK done\r\n"
    with ScriptedImap(SELECT=(select,)) as scripted, Mailbox(account(scripted.imap_port)) as box:
        assert not box.mark("INBOX", 3, "lorbot")
    assert not any("STORE" in command for command in scripted.commands)


@pytest.mark.parametrize(
    ("permanent", "kept"),
    [
        ("* OK [PERMANENTFLAGS (\\Seen)] ok\r\n", False),
        ("* OK [PERMANENTFLAGS (\\Seen Lorbot)] ok\r\n", True),
        ("* OK [PERMANENTFLAGS (\\Seen \\*)] ok\r\n", True),
        ("* OK [PERMANENTFLAGS ()] ok\r\n", False),
        ("", True),  # RFC 3501 section 7.1: then all flags last
    ],
)
def test_which_marks_last_is_told_beforehand(permanent: str, kept: bool) -> None:
    select = f"* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 5] ok\r\n{permanent}{{tag}} OK done\r\n"
    with ScriptedImap(SELECT=(select,)) as scripted, Mailbox(account(scripted.imap_port)) as box:
        assert box.keeps("INBOX", "lorbot") is kept
    assert not any("STORE" in command for command in scripted.commands)


def test_a_keyword_that_the_server_drops_silently_is_not_reported_as_set() -> None:
    uid = ("* 1 FETCH (UID 3 FLAGS ())\r\n{tag} OK done\r\n",)
    with ScriptedImap(UID=uid) as scripted, Mailbox(account(scripted.imap_port)) as box:
        assert not box.mark("INBOX", 3, "lorbot")
    assert "UID STORE 3 +FLAGS.SILENT (lorbot)" in scripted.commands


def test_a_copy_is_filed_once_read_and_dated(server: Server, box: Mailbox) -> None:
    assert not box.holds("Sent", "one@kim.example")
    box.file_sent(MAIL, LONG_AGO)
    box.file_sent(MAIL, LONG_AGO)
    assert box.holds("Sent", "one@kim.example")
    assert box.holds("Sent", "<one@kim.example>")
    assert not box.holds("Sent", "ne@kim.example")
    assert server.mails(USER, "Sent") == [MAIL]
    [found] = box.new("Sent", None)
    assert found.received_at == LONG_AGO
    with another_program(server, "Sent") as client:
        assert b"\\Seen" in client.get_flags([found.uid])[found.uid]


def test_a_missing_sent_folder_is_made(server: Server) -> None:
    with Mailbox(account(server.imap_port), sent="Postausgänge") as box:
        box.file_sent(MAIL, LONG_AGO)
        assert box.folders().sent == "Postausgänge"
        assert box.holds("Postausgänge", "one@kim.example")


# Folders


def test_folders_that_were_named_are_taken_as_named(server: Server, box: Mailbox) -> None:
    assert box.folders() == Folders(inbox="INBOX", junk="Junk", sent="Sent")
    with Mailbox(account(server.imap_port), inbox="Lab", junk="Quarantine", sent="Outbox") as named:
        assert named.folders() == Folders(inbox="Lab", junk="Quarantine", sent="Outbox")


@pytest.mark.parametrize(
    ("greeting", "capabilities", "host", "fills"),
    [
        ("* OK ready\r\n", "IMAP4rev1", "127.0.0.1", False),
        ("* OK Gimap ready\r\n", "IMAP4rev1 X-GM-EXT-1", "127.0.0.1", True),
        ("* OK The Microsoft Exchange IMAP4 service is ready. [QQBN]\r\n", "IMAP4rev1", "127.0.0.1", True),
        ("* OK The Microsoft Exchange IMAP4 service is ready.\r\n", "IMAP4rev1", "127.0.0.1", False),
    ],
)
def test_where_sent_fills_itself(greeting: str, capabilities: str, host: str, fills: bool) -> None:
    answer = (f"* CAPABILITY {capabilities}\r\n{{tag}} OK done\r\n",)
    with ScriptedImap(greeting, CAPABILITY=answer) as scripted, Mailbox(account(scripted.imap_port, host=host)) as box:
        assert box.fills_sent_itself is fills


# Waiting


def test_waiting_ends_soon_after_a_mail_comes(server: Server, box: Mailbox) -> None:
    cursor = box.end_of("INBOX")
    assert box.new("INBOX", cursor) == []
    timer = threading.Timer(0.2, server.deliver, (USER, MAIL))
    timer.start()
    assert box.idles
    assert elapsed(box, 10) < 2  # Dovecot gathers news for half a second
    timer.join()
    assert len(box.new("INBOX", cursor)) == 1


def test_waiting_ends_at_once_when_mail_came_since_it_was_looked_for(server: Server, box: Mailbox) -> None:
    cursor = box.end_of("INBOX")
    server.deliver(USER, MAIL)
    [found] = box.new("INBOX", cursor)
    server.deliver(USER, MAIL)
    box.mark("INBOX", found.uid, "lorbot")  # the server tells of the second mail in this answer, never again
    assert elapsed(box, 10) < 0.5
    assert elapsed(box, 0.3) >= 0.3


def test_idle_is_left_in_time_and_begun_again(server: Server, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 2177 section 3: at least every 29 minutes; no wait is longer than IDLE_SECONDS, whatever is asked for."""
    assert mailbox.IDLE_SECONDS < 29 * 60
    monkeypatch.setattr(mailbox, "IDLE_SECONDS", 0.3)
    cursor = box.end_of("INBOX")
    assert 0.3 <= elapsed(box, 3600) < 2
    assert 0.3 <= elapsed(box, 3600) < 2
    server.deliver(USER, MAIL)
    assert len(box.new("INBOX", cursor)) == 1


def test_waiting_ends_when_woken_and_the_wake_up_is_used_up(box: Mailbox) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"x")
        assert elapsed(box, 10, ours) < 0.5
        assert elapsed(box, 0.3, ours) >= 0.3


def test_without_idle_the_time_passes_and_the_connection_is_tried() -> None:
    capability = ("* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n",)
    with ScriptedImap(CAPABILITY=capability, NOOP=(None,)) as scripted:
        box = Mailbox(account(scripted.imap_port))
        box.connect()
        assert not box.idles
        with pytest.raises(MailboxError, match="EOF"):
            box.wait(0.1)
        assert not box.alive


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"IDLE": ("+ idling\r\n", None)}, "closed the connection"),
        ({"IDLE": ("+ idling\r\n", "* BYE shutting down\r\n")}, "BYE shutting down"),
        ({"IDLE": ("{tag} NO not now\r\n",)}, "NO not now"),
        ({"IDLE": ("+ idling\r\n",), "DONE": ("{tag} BAD what\r\n",)}, "BAD what"),
    ],
)
def test_a_dead_connection_ends_the_wait_with_an_error(answers: dict[str, tuple[str | None, ...]], words: str) -> None:
    with ScriptedImap(**answers) as scripted:
        box = Mailbox(account(scripted.imap_port))
        box.connect()
        with pytest.raises(MailboxError, match=words):
            box.wait(0.2)
        box.close()
        with pytest.raises(MailboxError, match="not connected"):
            box.wait(0.2)


def test_a_server_that_falls_silent_is_given_up() -> None:
    with ScriptedImap(SELECT=("* 1 EXISTS\r\n",)) as scripted:
        box = Mailbox(account(scripted.imap_port, read_timeout_s=0.2))
        box.connect()
        with pytest.raises(MailboxError, match="does not answer"):
            box.select("INBOX")
        assert not box.alive


def test_idle_notices_mail_that_came_just_before_it(server: Server) -> None:
    with Mailbox(account(server.imap_port)) as box:
        client = opened(box)
        server.deliver(USER, MAIL)
        begun = time.monotonic()
        assert idle_wait(client, 10)
        assert time.monotonic() - begun < 1


@pytest.mark.parametrize(
    "idle",
    [
        ("+ idling\r\n* 5 EXISTS\r\n",),  # in one segment: imaplib has read both, the socket is silent
        ("+ idling\r\n", "* 5 EX", "ISTS\r\n"),  # one line in two segments
        ("* 5 EXISTS\r\n+ idling\r\n",),  # before the continuation, as RFC 3501 section 7 allows
    ],
)
def test_idle_hears_news_however_they_are_cut(idle: tuple[str | None, ...]) -> None:
    with ScriptedImap(IDLE=idle) as scripted, Mailbox(account(scripted.imap_port)) as box:
        client = opened(box)
        begun = time.monotonic()
        assert idle_wait(client, 5)
        assert time.monotonic() - begun < 1
        assert client.socket().gettimeout() == 60
        client.noop()  # the connection is in step


def test_idle_works_over_tls(dovecot: Dovecot) -> None:
    over_tls = account(dovecot.imaps_port, security=Security.TLS, ca_file=str(dovecot.ca_file))
    with Mailbox(over_tls) as box:
        assert elapsed(box, 0.3) >= 0.3
        timer = threading.Timer(0.2, dovecot.deliver, (USER, MAIL))
        timer.start()
        assert elapsed(box, 10) < 2
        timer.join()
        client = opened(box)
        dovecot.deliver(USER, MAIL)
        begun = time.monotonic()
        assert idle_wait(client, 10)  # what Dovecot sends with its "+" is in the TLS layer or in imaplib's reader
        assert time.monotonic() - begun < 1


def opened(box: Mailbox) -> IMAPClient:
    """The connection itself, with the inbox open."""
    box.select("INBOX")
    assert box._client is not None
    return box._client


def elapsed(box: Mailbox, seconds: float, wake: socket.socket | None = None) -> float:
    begun = time.monotonic()
    box.wait(seconds, wake)
    return time.monotonic() - begun


# Connecting


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_tls_is_verified_and_a_ca_of_ones_own_is_believed(dovecot: Dovecot, security: Security) -> None:
    port = dovecot.imaps_port if security is Security.TLS else dovecot.imap_port
    stranger = account(port, security=security)
    with pytest.raises(MailboxError, match=r"certificate is not to be trusted .*ca_file"):
        Mailbox(stranger).connect()
    with Mailbox(replace(stranger, ca_file=str(dovecot.ca_file))) as box:
        assert box.select("INBOX") > 0
        assert box.alive
    assert not box.alive


def test_a_wrong_password_is_a_refused_login(server: Server) -> None:
    box = Mailbox(account(server.imap_port, secret=lambda: "wrong"))
    with pytest.raises(LoginRefusedError, match=rf"127.0.0.1:{server.imap_port} refused .*{USER}.*app password"):
        box.connect()
    assert not box.alive


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"LOGIN": ("{tag} NO [UNAVAILABLE] backend down\r\n",)}, "at the moment .*backend down"),
        ({"LOGIN": ("{tag} NO [ALERT] Too many simultaneous connections\r\n",)}, "at the moment"),
        ({"LOGIN": (None,)}, "at the moment"),
        ({"CAPABILITY": (None,)}, "did not greet as one"),
    ],
)
def test_what_may_pass_is_not_a_refused_login(answers: dict[str, tuple[str | None, ...]], words: str) -> None:
    with ScriptedImap(**answers) as scripted, pytest.raises(MailboxError, match=words) as caught:
        Mailbox(account(scripted.imap_port)).connect()
    assert type(caught.value) is MailboxError


def test_a_password_outside_ascii_is_explained(mail_server: MailServer) -> None:
    with pytest.raises(LoginRefusedError, match="outside ASCII"):
        Mailbox(account(mail_server.imap_port, secret=lambda: "pässword")).connect()


def test_a_token_that_cannot_be_had_now_may_be_had_later(mail_server: MailServer) -> None:
    said = "password_command failed with status 1; run it by hand to see why"

    def offline() -> str:
        raise SecretUnavailableError(said)

    box = Mailbox(account(mail_server.imap_port, secret=offline))
    with pytest.raises(MailboxError) as caught:
        box.connect()
    where = f"the IMAP server 127.0.0.1:{mail_server.imap_port}"
    assert (type(caught.value), str(caught.value)) == (MailboxError, f"{where} was not asked to log in: {said}")
    assert not box.alive


def test_a_password_that_cannot_be_had_until_it_is_corrected_is_the_configurations(mail_server: MailServer) -> None:
    def gone() -> str:
        raise ConfigurationError("the password file cannot be read; correct password_file")

    with pytest.raises(ConfigurationError):
        Mailbox(account(mail_server.imap_port, secret=gone)).connect()


def test_nothing_listening_and_no_such_host_are_explained() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(MailboxError, match=f"127.0.0.1:{port} cannot be reached: nothing listens"):
        Mailbox(account(port)).connect()
    with pytest.raises(MailboxError, match="name cannot be resolved"):
        Mailbox(account(993, host="mail.invalid", security=Security.TLS)).connect()


def test_tls_where_there_is_none_is_explained(mail_server: MailServer) -> None:
    with pytest.raises(MailboxError, match="does not speak TLS"):
        Mailbox(account(mail_server.imap_port, security=Security.TLS)).connect()
    with pytest.raises(MailboxError, match="STARTTLS"):
        Mailbox(account(mail_server.imap_port, security=Security.STARTTLS)).connect()


def test_an_access_token_logs_in_by_xoauth2_and_is_asked_for_each_time() -> None:
    tokens = iter(["first", "second", "third"])
    for token in ("first", "second"):
        with ScriptedImap(AUTHENTICATE=("+ \r\n",)) as scripted:
            oauth = account(scripted.imap_port, auth=Auth.XOAUTH2, secret=lambda: next(tokens))
            with Mailbox(oauth) as box:
                assert box.alive
        told = scripted.commands[scripted.commands.index("AUTHENTICATE XOAUTH2") + 1]
        assert base64.b64decode(told).decode() == f"user={USER}\x01auth=Bearer {token}\x01\x01"


def test_a_folder_that_is_missing_is_told_and_the_connection_goes_on(server: Server, box: Mailbox) -> None:
    with pytest.raises(MailboxError, match="opening Nowhere"):
        box.select("Nowhere")
    assert box.alive
    assert box.new("INBOX", None) == []


def test_a_password_never_leaves_this_machine_in_the_clear() -> None:
    for host in ("127.0.0.1", "::1", "localhost", "127.8.8.8"):
        assert account(143, host=host).security is Security.PLAIN
    for host in ("mail.school.example", "192.0.2.7", "localhost.school.example"):
        with pytest.raises(ConfigurationError, match=rf"{host} would go .* unencrypted; set imap_security"):
            account(143, host=host)


def test_an_imap_account_needs_a_login() -> None:
    with pytest.raises(ConfigurationError, match="auth in \\[mailbox\\]"):
        account(143, auth=Auth.NONE)


def test_an_unusable_ca_file_is_a_matter_of_configuration(tmp_path: Any, mail_server: MailServer) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("")
    for path in (empty, tmp_path / "missing.pem"):
        with pytest.raises(ConfigurationError, match=str(path)):
            Mailbox(account(mail_server.imap_port, security=Security.TLS, ca_file=str(path))).connect()


def test_the_secret_is_not_in_the_account_s_repr() -> None:
    assert "secret" not in repr(account(993))
