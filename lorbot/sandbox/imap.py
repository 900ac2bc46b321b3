"""The IMAP port of the embedded mail server: pymap's in-memory backend, with what IMAPClient needs and pymap 0.36.7
lacks.
"""

import asyncio
import functools
import ssl
from argparse import Namespace
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

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
from pysasl import SASLAuth
from pysasl.hashing import Cleartext

FOLDERS = ("Sent", "Drafts", "Trash", "Junk", "Archive")
LONGEST_COMMAND = 1 << 20  # octets of one IMAP line: a client may name thousands of UIDs


class Mailboxes:
    """The mailboxes of all users, in memory. Make and use it in the loop that serves them."""

    def __init__(self, host: str) -> None:
        self._config = _configuration(host)
        self._login = Login(self._config)

    async def open_account(self, address: str, password: str) -> None:
        """Make a mailbox with the usual folders, and a login for it."""
        self._config.apply_context()  # mailboxes are made with the primitives this context names
        folders = _Folders()
        for name in FOLDERS:
            await folders.add_mailbox(name)
        self._config.set_cache[address] = (folders, FilterSet())
        self._login.users_dict[address] = UserMetadata(self._config, address, password=password)

    async def append(self, user: str, raw: bytes, folder: str) -> None:
        """Put a mail into a folder as it is."""
        async with Identity(user, self._login, None, frozenset()).new_session() as session:
            await session.append_messages(folder, [AppendMessage(raw, datetime.now(UTC))])

    async def read(self, user: str, folder: str) -> list[bytes]:
        """What a folder holds, oldest first. Raises KeyError when there is no such user or folder."""
        mailbox = await self._config.set_cache[user][0].get_mailbox(folder)
        loaded = [await message.load_content(FetchRequirement.CONTENT) async for message in mailbox.messages()]
        return [bytes(message.get_body()) for message in loaded]

    def port(self) -> Callable[[str, int], Awaitable[asyncio.Server]]:
        """What listens on a host and port."""
        connect = _ImapServer(self._login, self._config).connect
        return functools.partial(asyncio.start_server, connect, limit=LONGEST_COMMAND)


def _configuration(host: str) -> Config:
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


_LOGINS = SASLAuth.defaults()  # pymap's own looks through every installed package for them, twice a connection


class _Config(Config):
    @property
    def tls_auth(self) -> SASLAuth:
        return _LOGINS

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
