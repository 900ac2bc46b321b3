"""The embedded mail server of the demo, the sandbox and the tests: SMTP in, IMAP out, in memory, on loopback.

- One asyncio thread holds everything; the public methods may be called from any other thread.
- Mail lives as long as the server runs; after a second start, on the same ports, the mailboxes are empty.
"""

import asyncio
import functools
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Self

from lorbot.sandbox.front import Front, mailbox_of
from lorbot.sandbox.imap import Mailboxes
from lorbot.sandbox.stamp import Vouch, octets
from lorbot.sandbox.thread import ServerThread, listen, port_of

__all__ = ["MailServer", "Vouch"]


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
        self._thread.call(self._mailboxes.open_account(address.lower(), password))
        self.users[address.lower()] = password

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX") -> None:
        """Put a mail into a folder as it is, past SMTP: no header is added."""
        self._thread.call(self._append(user.lower(), raw, folder))

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """What a folder holds, oldest first. Raises KeyError when there is no such user or folder."""
        return self._thread.call(self._mailboxes.read(user.lower(), folder))

    async def _listen(self, stack: AsyncExitStack) -> None:
        self._mailboxes = Mailboxes(self.host)
        for address, password in self.users.items():
            await self._mailboxes.open_account(address, password)
        imap = await listen(self._mailboxes.port(), self.host, self.imap_port)
        stack.callback(imap.close)
        smtp = await listen(
            functools.partial(asyncio.get_running_loop().create_server, self._front.protocol), self.host, self.smtp_port
        )
        stack.callback(smtp.close)
        self.imap_port, self.smtp_port = port_of(imap), port_of(smtp)

    async def _hand_over(self, mail_from: str, recipient: str, stamped: bytes) -> None:
        head = f"Return-Path: <{mail_from}>\r\nDelivered-To: {recipient}\r\n"
        await self._append(mailbox_of(recipient, self.users), octets(head) + stamped, "INBOX")

    async def _append(self, user: str, raw: bytes, folder: str) -> None:
        await self._mailboxes.append(user, raw, folder)
