"""The embedded mail server of the demo, the sandbox and the tests: SMTP in, IMAP out, in memory, on loopback.

- One asyncio thread holds everything; the public methods may be called from any other thread.
- A mail is delivered by its envelope, never by its To (RFC 5321 section 2.3.1). Nothing is relayed:
  an unknown recipient is refused.
- A delivered mail has exactly one Authentication-Results of our authserv-id, and it is ours (RFC 8601 section 5).
- Mail lives as long as the server runs; after a second start, on the same ports, the mailboxes are empty.
"""

import asyncio
import functools
import logging
import re
import ssl
import threading
from argparse import Namespace
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import Future
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Any, Self, TypeVar, cast
from uuid import uuid4

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.result import ProxyResultLocal
from proxyprotocol.sock import SocketInfo
from proxyprotocol.version import ProxyProtocolVersion
from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Event, Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement, ObjectId
from pymap.parsing.specials.flag import Flag, Wildcard
from pymap.selected import SelectedMailbox
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from lorbot.core.value import one_line
from lorbot.errors import LorbotError

T = TypeVar("T")

FOLDERS = ("Sent", "Drafts", "Trash", "Junk", "Archive")
LARGEST_MAIL = 64 << 20  # octets
LONGEST_COMMAND = 1 << 20  # octets of one IMAP line: a client may name thousands of UIDs
ANSWER_WITHIN = 30.0  # seconds

_log = logging.getLogger(__name__)


class CannotListenError(LorbotError):
    """A port asked for cannot be had."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(f"cannot listen on {host} port {port} ({why}); choose another port, or 0 for any free one")


class Vouch(StrEnum):
    """Of whom the server testifies that From tells the truth."""

    LOGGED_IN = "logged_in"  # the SMTP login is the From address
    EVERY_LOCAL_SENDER = "every_local_sender"  # From is any user here: one person plays everybody


class MailServer:
    """A mail server in this process. `imap_port` and `smtp_port` hold the real ports after `start`.

    `accepted` lists (MAIL FROM, RCPT TO) of every mail delivered over SMTP, in order.
    """

    def __init__(
        self,
        users: Mapping[str, str],
        *,
        host: str = "127.0.0.1",
        imap_port: int = 0,
        smtp_port: int = 0,
        authserv_id: str = "mail.sandbox",
        vouches_for: Vouch = Vouch.LOGGED_IN,
    ) -> None:
        self.users = {address.lower(): password for address, password in users.items()}
        self.host, self.imap_port, self.smtp_port = host, imap_port, smtp_port
        self.authserv_id = authserv_id
        self._front = Front(self.users, self._hand_over, authserv_id=authserv_id, vouches_for=vouches_for)
        self.accepted = self._front.accepted
        self._thread = ServerThread()

    def start(self) -> Self:
        """Listen. Raises CannotListenError when a port is taken."""
        self._thread.start(self._listen)
        return self

    def stop(self) -> None:
        """Close every connection and forget all mail. May be called twice."""
        self._thread.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def add_user(self, address: str, password: str) -> None:
        """Open a mailbox while the server runs."""
        self._thread.call(self._open_account(address.lower(), password))
        self.users[address.lower()] = password

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX") -> None:
        """Put a mail into a folder as it is, past SMTP: no header is added."""
        self._thread.call(self._append(user.lower(), raw, folder))

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """What a folder holds, oldest first. Raises KeyError when there is no such user or folder."""
        return self._thread.call(self._read(user.lower(), folder))

    async def _listen(self, stack: AsyncExitStack) -> None:
        self._config = _imap_configuration(self.host)
        self._login = Login(self._config)
        for address, password in self.users.items():
            await self._open_account(address, password)
        imap = await listen(
            functools.partial(
                asyncio.start_server, _ImapServer(self._login, self._config).connect, limit=LONGEST_COMMAND
            ),
            self.host,
            self.imap_port,
        )
        stack.callback(imap.close)
        smtp = await listen(
            functools.partial(asyncio.get_running_loop().create_server, self._front.protocol), self.host, self.smtp_port
        )
        stack.callback(smtp.close)
        self.imap_port, self.smtp_port = port_of(imap), port_of(smtp)

    async def _open_account(self, address: str, password: str) -> None:
        self._config.apply_context()  # mailboxes are made with the primitives this context names
        folders = _Folders()
        for name in FOLDERS:
            await folders.add_mailbox(name)
        self._config.set_cache[address] = (folders, FilterSet())
        self._login.users_dict[address] = UserMetadata(self._config, address, password=password)

    async def _hand_over(self, mail_from: str, recipient: str, stamped: bytes) -> None:
        head = f"Return-Path: <{mail_from}>\r\nDelivered-To: {recipient}\r\n"
        await self._append(mailbox_of(recipient, self.users), octets(head) + stamped, "INBOX")

    async def _append(self, user: str, raw: bytes, folder: str) -> None:
        async with Identity(user, self._login, None, frozenset()).new_session() as session:
            await session.append_messages(folder, [AppendMessage(raw, datetime.now(UTC))])

    async def _read(self, user: str, folder: str) -> list[bytes]:
        mailbox = await self._config.set_cache[user][0].get_mailbox(folder)
        loaded = [await message.load_content(FetchRequirement.CONTENT) async for message in mailbox.messages()]
        return [bytes(message.get_body()) for message in loaded]


# The SMTP port.

HandOver = Callable[[str, str, bytes], Awaitable[None]]
"""Delivers (MAIL FROM, RCPT TO, stamped mail)."""


class Front:
    """What stands at an SMTP port: it checks logins and recipients, stamps each mail and hands it over.

    AUTH is offered without TLS, for this is loopback.
    """

    def __init__(
        self,
        users: Mapping[str, str],
        hand_over: HandOver,
        *,
        authserv_id: str,
        vouches_for: Vouch,
    ) -> None:
        self.accepted: list[tuple[str, str]] = []
        self._users, self._hand_over = users, hand_over
        self._authserv_id, self._vouches_for = authserv_id, vouches_for

    def protocol(self, tls: ssl.SSLContext | None = None) -> SMTP:
        """The protocol of one connection; with `tls` it offers STARTTLS."""
        return _Smtp(
            self,
            hostname=self._authserv_id,
            loop=asyncio.get_running_loop(),
            enable_SMTPUTF8=True,
            data_size_limit=LARGEST_MAIL,
            authenticator=self._authenticate,
            auth_require_tls=False,
            tls_context=tls,
        )

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not mailbox_of(address, self._users):
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        mail_from = one_line((envelope.mail_from or "").removeprefix("<").removesuffix(">"))  # the null path is "<>"
        stamped = self._stamp(cast("bytes", envelope.content), session)
        for recipient in envelope.rcpt_tos:
            await self._hand_over(mail_from, one_line(recipient), stamped)
            self.accepted.append((mail_from, recipient))
        return "250 2.0.0 delivered"

    async def handle_exception(self, error: Exception) -> str:
        """Without this aiosmtpd answers 500, which tells the client never to try again."""
        _log.error("a mail could not be delivered", exc_info=error)
        return "451 4.3.0 the mail could not be delivered; try again later"

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        login = given.login.decode("utf-8", "replace").lower()
        right = self._users.get(login) == given.password.decode("utf-8", "replace")
        # handled=False: aiosmtpd writes the 535; with True nobody would answer.
        return AuthResult(success=right, handled=False, auth_data=login)

    def _stamp(self, raw: bytes, session: Session) -> bytes:
        login = str(session.auth_data) if session.authenticated else ""
        vouched = vouched_sender(raw, login=login, users=self._users, vouches_for=self._vouches_for)
        protocol = "ESMTPA" if login else "ESMTP"  # RFC 3848
        received = (
            f"Received: from {one_line(session.host_name or 'unknown')} by {self._authserv_id} with {protocol};\r\n"
            f"\t{format_datetime(datetime.now(UTC))}\r\n"
        )
        results = authentication_results(self._authserv_id, vouched, login)
        return octets(results + received) + without_claims(raw, self._authserv_id)


def mailbox_of(recipient: str, users: Mapping[str, str]) -> str:
    """The user whose mailbox takes mail for `recipient`, "" for nobody; `name+detail` is `name` (RFC 5233)."""
    address = recipient.lower()
    if address in users:
        return address
    local, _, domain = address.rpartition("@")
    base = f"{local.partition('+')[0]}@{domain}"
    return base if base in users else ""


class _Session(Session):
    login_data: Any = None  # aiosmtpd's own property logs a deprecation warning at every login


class _Smtp(SMTP):
    def _create_session(self) -> Session:
        return _Session(self.loop)


# Stamping: what the server testifies about a mail.

_BREAK = rb"(?:\r\n|[\r\n]|\Z)"
_HEAD = re.compile(rb"(?:[^\r\n]++" + _BREAK + rb")*+")
_FIELD = re.compile(rb"[^\r\n]++" + _BREAK + rb"(?:[ \t][^\r\n]*+" + _BREAK + rb")*+")
_ADDRESS = r"[^<>@\s\",;:()\\]+@[^<>@\s\",;:()\\]+"
_ONE_SENDER = re.compile(rf'(?:"(?:[^"\\]|\\.)*+"|[^"<>@,;:()\\])*+<({_ADDRESS})>|({_ADDRESS})')


def header_fields(raw: bytes) -> list[bytes]:
    """The fields of a mail's header, each with its continuation lines and line ends; joined, they are the header.

    A bare CR or LF ends a line, as in every lenient reader: no field can hide behind one.
    """
    return _FIELD.findall(_head(raw))


def sole_sender(raw: bytes) -> str:
    """The address of a From that is beyond doubt: one field, one address, no comment. Else ""."""
    senders = [field for field in header_fields(raw) if _name(field) == b"from"]
    if len(senders) != 1:
        return ""
    found = _ONE_SENDER.fullmatch(one_line(_unfolded(senders[0]).partition(b":")[2].decode("utf-8", "replace")))
    return (found[1] or found[2]).lower() if found else ""


def vouched_sender(raw: bytes, *, login: str, users: Mapping[str, str], vouches_for: Vouch) -> str:
    """The From address of a mail, where the server can testify that it belongs to the submitter. Else ""."""
    sender = sole_sender(raw)
    match vouches_for:
        case Vouch.LOGGED_IN:
            return sender if sender == login else ""
        case Vouch.EVERY_LOCAL_SENDER:
            return sender if sender in users else ""


def authentication_results(authserv_id: str, vouched: str, login: str) -> str:
    """The server's Authentication-Results field (RFC 8601 section 2.2), with its line end."""
    if not vouched:
        return f"Authentication-Results: {authserv_id}; dmarc=none\r\n"
    submitted = f"; auth=pass smtp.auth={login}" if login else ""
    domain = vouched.rpartition("@")[2]
    return f"Authentication-Results: {authserv_id}; dmarc=pass header.from={domain}{submitted}\r\n"


def without_claims(raw: bytes, authserv_id: str) -> bytes:
    """The mail without any Authentication-Results that names our authserv-id (RFC 8601 section 5).

    A field that only mentions it goes as well: a border may drop more than it must, never less.
    """
    ours = re.compile(rb"(?<![\w.-])" + re.escape(authserv_id.encode()) + rb"(?![\w.-])", re.IGNORECASE)
    body = raw[len(_head(raw)) :]
    kept = [field for field in header_fields(raw) if not _claims(field, ours)]
    return b"".join([*kept, body])


def octets(head: str) -> bytes:
    """Header text as bytes; what came undecodable from the SMTP line goes back as it came."""
    return head.encode("utf-8", "surrogateescape")


def _claims(field: bytes, ours: re.Pattern[bytes]) -> bool:
    if _name(field) != b"authentication-results":
        return False
    return ours.search(_unfolded(field).replace(b"\\", b"")) is not None  # a quoted-pair may hide a letter


def _head(raw: bytes) -> bytes:
    found = _HEAD.match(raw)
    return found[0] if found else b""


def _name(field: bytes) -> bytes:
    return field.partition(b":")[0].strip().lower()


def _unfolded(field: bytes) -> bytes:
    return field.replace(b"\r", b"").replace(b"\n", b"")


# The IMAP port: pymap's in-memory backend, with what IMAPClient needs and pymap 0.36.7 lacks.


def _imap_configuration(host: str) -> Config:
    return _Config(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        host=host,
        port=0,
        tls_enabled=False,
        ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),  # unused; the default reads CERT_FILE from the environment
        demo_data=False,
        demo_user="",
        demo_password="",
        invalid_user_sleep=0.0,
        hash_context=Cleartext(),
        cpu_subsystem=Subsystem.for_asyncio(),  # the default starts a thread pool that nobody stops
        proxy_protocol=ProxyProtocolVersion.get(None),
    )


class _Config(Config):
    @property
    def greeting(self) -> bytes:
        return b"lorbot sandbox ready"  # pymap's own asks the name server for this machine's name, every time


class _Mailbox(MailboxData):
    @property
    def permanent_flags(self) -> frozenset[Flag]:
        """With `\\*` (RFC 3501 section 7.1), or pymap drops every keyword it is told to store."""
        return super().permanent_flags | {Wildcard}

    async def update_selected(self, selected: SelectedMailbox, *, wait_on: Event | None = None) -> SelectedMailbox:
        """Does not wait when something is new already: pymap would sleep through what came between two waits."""
        seen = selected.mod_sequence
        behind = seen is not None and seen < self._mod_sequences.highest
        return await super().update_selected(selected, wait_on=None if behind else wait_on)


class _Folders(MailboxSet):
    def __init__(self) -> None:
        super().__init__()
        self._inbox = _Mailbox(self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> ObjectId:
        await super().add_mailbox(name)
        self._set[name] = _Mailbox(self._content_cache, self._thread_cache)
        return self._set[name].mailbox_id


class _WholeResponses:
    """A stream writer that sends at `drain` what was written since.

    pymap writes a response in pieces, one segment each, and IMAPClient's idle_check dies of half a line
    (https://github.com/mjs/imapclient/issues/519).
    """

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> None:
        self._pieces.append(bytes(piece))

    async def drain(self) -> None:
        pieces, self._pieces = self._pieces, []
        self._writer.write(b"".join(pieces))
        await self._writer.drain()

    def close(self) -> None:
        self._writer.close()


class _ImapServer(IMAPServer):
    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection.

        Without proxyprotocol's reader: nobody keeps the task it makes, and the garbage collector of
        Python 3.13 ends live connections ("Task was destroyed but it is pending").
        """
        whole = cast("asyncio.StreamWriter", _WholeResponses(writer))
        await self(reader, whole, SocketInfo.get(writer, ProxyResultLocal(), unique_id=uuid4().bytes))


# The thread.


class ServerThread:
    """An asyncio loop in a thread of its own, for as long as its servers listen."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event

    def start(self, open_ports: Callable[[AsyncExitStack], Awaitable[None]]) -> None:
        """Run `open_ports` in the loop, and wait for it. It puts on the stack what `stop` has to close.

        Raises what `open_ports` raises; then no thread is left.
        """
        started: Future[None] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(open_ports, started)), name="mail server", daemon=True
        )
        self._thread.start()
        if started.exception() is not None:
            self._thread.join()
        started.result()

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine run in the loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(ANSWER_WITHIN)

    def stop(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def _serve(self, open_ports: Callable[[AsyncExitStack], Awaitable[None]], started: Future[None]) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        async with AsyncExitStack() as stack:
            try:
                await open_ports(stack)
            except Exception as error:  # noqa: BLE001 - handed to the thread that called start
                started.set_exception(error)
                return
            started.set_result(None)
            await self._stopping.wait()
        # asyncio.run cancels the connections that are left, and waits for them.


async def listen(open_port: Callable[[str, int], Awaitable[asyncio.Server]], host: str, port: int) -> asyncio.Server:
    """Raises CannotListenError when the port cannot be had."""
    try:
        return await open_port(host, port)
    except OSError as error:
        raise CannotListenError(host, port, error.strerror or str(error)) from error


def port_of(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])
