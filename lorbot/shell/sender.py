"""Hands one mail to the SMTP server, and says exactly what became of it.

SMTP knows no exactly-once: when the connection breaks after the final dot, the mail may or may not be on its way
(RFC 5321 section 4.5.3.2, RFC 1047). So there are three answers, Sent, Refused and Lost, and only before the
server has said 354 is a broken connection an error that is worth trying again.
One connection a mail; whatever happens, it is closed afterwards.
"""

import contextlib
import re
import smtplib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lorbot.errors import SecretUnavailableError, SendingError
from lorbot.shell.accounts import Auth, Security, SmtpAccount, tls_context, trouble

OWN_NAME = "[127.0.0.1]"  # in EHLO, as mail programs do (RFC 5321 section 4.1.3): our host's name is nobody's business
GOODBYE_SECONDS = 5
TAKEN = (250, 251)  # to RCPT: RFC 5321 section 4.3.2
BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The server has taken the mail. `remark` is its last reply, and which other recipients it refused."""

    remark: str


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The server has not taken the mail, and said so: `permanent` for a 5xx, or what it said it cannot do."""

    permanent: bool
    code: int
    remark: str


@dataclass(frozen=True, kw_only=True)
class Lost:
    """The mail was offered and nobody knows whether it was taken."""

    remark: str


Outcome = Sent | Refused | Lost


class Sender:
    """One SMTP account. Holds no connection between mails."""

    def __init__(self, account: SmtpAccount) -> None:
        self._account = account
        self._where = f"the SMTP server {account.host}:{account.port}"

    def send(self, raw: bytes, envelope_from: str, recipients: Sequence[str]) -> Outcome:
        """Offer `raw`, a whole mail with CRLF line ends, to the server.

        The first recipient is the one that matters: without it nothing is sent. What the server refuses for the
        others is told in the remark. Raises SendingError when the session ends before the mail was offered:
        then it is certainly not sent. Raises ConfigurationError for a secret that cannot be had until somebody changes
        something, and ValueError for no recipient, or a CR or LF of its own in `raw`.
        """
        if not recipients:
            raise ValueError("a mail needs a recipient")
        if BARE_LINE_END.search(raw):
            raise ValueError("a mail is sent with CRLF line ends only (RFC 5321 section 2.3.8)")
        with self._session() as session:
            addresses = [_with_ascii_domain(address) for address in (envelope_from, *recipients)]
            refusal = _beyond(session, raw, addresses)
            return refusal or _transmit(session, raw, addresses[0], addresses[1:])

    def check(self) -> str:
        """Log in and out again; a line that describes the connection. Raises SendingError as `send` does."""
        with self._session() as session:
            code, text = session.noop()
            if code != 250:
                raise SendingError(f"{self._where} is not ready: it said {_reply(code, text)}")
            login = "no login" if self._account.auth is Auth.NONE else f"logged in as {self._account.user}"
            size = _size_limit(session)
            limit = f"mails up to {size / 1_000_000:.0f} MB" if size else "no stated limit of size"
            return f"{self._where}, {self._account.security}, {login}, {limit}"

    @contextlib.contextmanager
    def _session(self) -> Iterator["_Session"]:
        """A connection, logged in. Errors of the library that are still errors here end it before an offer."""
        secret = self._secret()
        session = self._connected()
        try:
            self._log_in(session, secret)
            yield session
        except smtplib.SMTPServerDisconnected as exc:
            raise SendingError(f"{self._where} closed the connection before it had the mail ({exc})") from exc
        except smtplib.SMTPResponseException as exc:
            said = _reply(exc.smtp_code, exc.smtp_error)
            raise SendingError(f"{self._where} refuses the session: it said {said}") from exc
        except smtplib.SMTPException as exc:
            raise SendingError(f"{self._where} cannot do what is asked: {exc}") from exc
        except OSError as exc:
            raise SendingError(f"{self._where} was lost before it had the mail: {trouble(exc)}") from exc
        finally:
            _leave(session)

    def _secret(self) -> str:
        if self._account.auth is Auth.NONE:
            return ""
        try:
            return self._account.secret()
        except SecretUnavailableError as exc:
            raise SendingError(f"{self._where} was not asked to log in: {exc}") from exc

    def _connected(self) -> "_Session":
        account = self._account
        try:
            if account.security is Security.TLS:
                context = tls_context(account.ca_file)
                session: _Session = _TlsSession(
                    account.host, account.port, OWN_NAME, timeout=account.connect_timeout_s, context=context
                )
            else:
                session = _Session(account.host, account.port, OWN_NAME, timeout=account.connect_timeout_s)
        except smtplib.SMTPConnectError as exc:
            said = _reply(exc.smtp_code, exc.smtp_error)
            raise SendingError(f"{self._where} takes no mail at the moment: it said {said}") from exc
        except smtplib.SMTPServerDisconnected as exc:
            raise SendingError(
                f"{self._where} did not greet ({exc}); check the port, and whether it wants tls or starttls"
            ) from exc
        except OSError as exc:
            raise SendingError(f"{self._where} cannot be reached: {trouble(exc)}") from exc
        session.reply_timeout_s = account.reply_timeout_s
        return session

    def _log_in(self, session: "_Session", secret: str) -> None:
        account = self._account
        session.ehlo_or_helo_if_needed()
        if account.security is Security.STARTTLS:
            session.starttls(context=tls_context(account.ca_file))
            session.ehlo()  # RFC 3207 section 4.2: what was said before is forgotten
        try:
            match account.auth:
                case Auth.PASSWORD:
                    session.login(account.user, secret)
                case Auth.XOAUTH2:
                    first = f"user={account.user}\x01auth=Bearer {secret}\x01\x01"
                    # A challenge here is the error in JSON; the empty answer fetches the refusal itself.
                    session.auth("XOAUTH2", lambda challenge=None: first if challenge is None else "")
                case Auth.NONE:
                    return
        except smtplib.SMTPAuthenticationError as exc:
            raise SendingError(
                f"{self._where} refused the login of {account.user} (it said "
                f"{_reply(exc.smtp_code, exc.smtp_error)}); check the user and the password "
                "(Gmail, Yahoo and iCloud want an app password, Microsoft 365 wants xoauth2)"
            ) from exc
        except UnicodeEncodeError as exc:
            raise SendingError(f"{self._where}: user or password hold characters outside ASCII") from exc


class _Session(smtplib.SMTP):
    """Knows whether the mail was offered: after the 354 nobody can tell what a broken connection means."""

    offered = False
    reply_timeout_s: float = 600

    def getreply(self) -> tuple[int, bytes]:
        code, text = super().getreply()
        if code == 354 and self.sock is not None:
            self.offered = True
            self.sock.settimeout(self.reply_timeout_s)
        return code, text


class _TlsSession(_Session, smtplib.SMTP_SSL):
    pass


def _transmit(session: _Session, raw: bytes, envelope_from: str, recipients: Sequence[str]) -> Outcome:
    first, *others = recipients
    code, text = session.mail(envelope_from, _options(session, raw, (envelope_from, *recipients)))
    if code != 250:
        return _refused(code, text)
    code, text = session.rcpt(first)
    if code not in TAKEN:
        with contextlib.suppress(OSError):
            session.rset()
        return _refused(code, text)
    answers = {other: session.rcpt(other) for other in others}
    missed = [f"; not for {other}: {_reply(*answer)}" for other, answer in answers.items() if answer[0] not in TAKEN]
    outcome = _offer(session, raw)
    return Sent(remark=outcome.remark + "".join(missed)) if isinstance(outcome, Sent) else outcome


def _offer(session: _Session, raw: bytes) -> Outcome:
    try:
        code, text = session.data(raw)
    except smtplib.SMTPDataError as exc:  # what it said instead of 354
        return _refused(exc.smtp_code, exc.smtp_error)
    except OSError as exc:  # as are all of smtplib's
        if not session.offered:
            raise
        return Lost(remark=f"the connection broke before the server's last answer ({exc})")
    if 200 <= code < 300:
        return Sent(remark=_reply(code, text))
    if 400 <= code < 600:
        return _refused(code, text)
    return Lost(remark=f"the server's last answer is no SMTP: {_reply(code, text)}")


def _refused(code: int, text: bytes | str) -> Refused:
    return Refused(permanent=500 <= code < 600, code=code, remark=_reply(code, text))


def _beyond(session: _Session, raw: bytes, addresses: Sequence[str]) -> Refused | None:
    """What this server is known to be unable to take, before it is asked."""
    limit = _size_limit(session)
    if limit and len(raw) > limit:
        return Refused(
            permanent=True,
            code=552,  # RFC 1870 section 6.1
            remark=f"the mail has {len(raw):,} bytes and the server takes {limit:,}; send fewer or smaller attachments",
        )
    if _needs_utf8(raw, addresses) and not session.has_extn("smtputf8"):
        named = next((address for address in addresses if not address.isascii()), "the header")
        return Refused(
            permanent=True,
            code=553,  # RFC 6531 section 3.5
            remark=f"{named} holds characters outside ASCII, which the server cannot carry; use another address",
        )
    if not raw.isascii() and not session.has_extn("8bitmime"):
        return Refused(
            permanent=True,
            code=554,  # 5.6.3 in RFC 3463
            remark="the mail holds 8-bit text and the server takes 7-bit text only",
        )
    return None


def _options(session: _Session, raw: bytes, addresses: Sequence[str]) -> list[str]:
    """What MAIL says of the mail (RFC 1870, 6152, 6531)."""
    options = [f"SIZE={len(raw)}"] if session.has_extn("size") else []
    if not raw.isascii():
        options.append("BODY=8BITMIME")
    if _needs_utf8(raw, addresses):
        options.append("SMTPUTF8")
    return options


def _needs_utf8(raw: bytes, addresses: Sequence[str]) -> bool:
    return not (all(map(str.isascii, addresses)) and raw.partition(b"\r\n\r\n")[0].isascii())


def _with_ascii_domain(address: str) -> str:
    """The address with an international domain as its A-labels (RFC 5890), which every server understands."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}" if not domain.isascii() else address
    except UnicodeError:  # no such domain can exist; the server will say so
        return address


def _size_limit(session: _Session) -> int:
    """In bytes; 0 when the server states none (RFC 1870 section 4)."""
    stated = session.esmtp_features.get("size", "").strip()
    return int(stated) if stated.isdecimal() else 0


def _reply(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}".strip()


def _leave(session: _Session) -> None:
    """Say QUIT if anybody listens. What became of the mail is known by now; this changes nothing."""
    if session.sock is None:
        return
    with contextlib.suppress(OSError):
        session.sock.settimeout(GOODBYE_SECONDS)
        session.quit()
    session.close()
