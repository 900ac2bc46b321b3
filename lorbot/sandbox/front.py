"""The SMTP port of the embedded mail server.

A mail is delivered by its envelope, never by its To (RFC 5321 section 2.3.1). Nothing is relayed: an unknown
recipient is refused.
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from lorbot.core.value import one_line
from lorbot.sandbox.stamp import Vouch, authentication_results, octets, vouched_sender, without_claims

LARGEST_MAIL = 64 << 20  # octets

_log = logging.getLogger(__name__)

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
