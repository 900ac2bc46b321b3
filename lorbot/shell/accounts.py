"""What it takes to log in at a mail server, and what to tell a person when that fails.

A password never crosses a network in the clear: an account that would do that cannot be made.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from lorbot.errors import ConfigurationError


class Security(StrEnum):
    TLS = "tls"  # from the first byte: ports 993 and 465 (RFC 8314)
    STARTTLS = "starttls"  # ports 143 and 587 (RFC 3207)
    PLAIN = "plain"  # a server on this machine


class Auth(StrEnum):
    PASSWORD = "password"  # noqa: S105 - the name of a method, not a password
    XOAUTH2 = "xoauth2"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Account:
    """A login at a mail server. `secret` gives the password, or for XOAUTH2 a fresh access token; asked at each login,
    and not when `auth` is none.
    """

    host: str
    port: int
    user: str
    secret: Callable[[], str] = field(repr=False)
    security: Security = Security.TLS
    auth: Auth = Auth.PASSWORD
    ca_file: str = ""


@dataclass(frozen=True, kw_only=True)
class ImapAccount(Account):
    """Where mail is read."""

    connect_timeout_s: float = 15
    read_timeout_s: float = 60

    def __post_init__(self) -> None:
        if self.auth is Auth.NONE:
            raise ConfigurationError('an IMAP mailbox needs a login; set auth in [mailbox] to "password" or "xoauth2"')
        if self.security is Security.PLAIN:
            _keep_passwords_at_home(
                self.host, 'imap_security in [mailbox] to "tls" (port 993) or "starttls" (port 143)'
            )


@dataclass(frozen=True, kw_only=True)
class SmtpAccount(Account):
    """Where mail is handed in."""

    connect_timeout_s: float = 30
    reply_timeout_s: float = 600  # after the final dot: RFC 5321 section 4.5.3.2.6 asks for ten minutes

    def __post_init__(self) -> None:
        if self.security is Security.PLAIN and self.auth is not Auth.NONE:
            _keep_passwords_at_home(self.host, 'security in [smtp] to "tls" (port 465) or "starttls" (port 587)')


def tls_context(ca_file: str) -> ssl.SSLContext:
    """A context that verifies the certificate and its name, by the system's CAs and those in `ca_file`.

    Raises ConfigurationError when `ca_file` cannot be read or holds no certificate.
    """
    context = ssl.create_default_context()
    if not ca_file:
        return context
    try:
        context.load_verify_locations(ca_file)
    except OSError as exc:  # ssl.SSLError is one
        why = exc.strerror or str(exc)
        raise ConfigurationError(
            f"ca_file {ca_file} cannot be used ({why}); name a PEM file with the CA's certificate"
        ) from exc
    return context


def trouble(exc: OSError) -> str:
    """Why a server could not be reached or the connection broke, with the next step, in words that end a sentence."""
    match exc:
        case ssl.SSLCertVerificationError():
            return (
                f"its certificate is not to be trusted ({exc.verify_message}); "
                "if it is your own server, name its CA's certificate in ca_file, else do not send a password there"
            )
        case ssl.SSLError():
            return (
                f"it does not speak TLS as asked ({_plain(exc)}); check the port and whether it wants tls or starttls"
            )
        case socket.gaierror():
            return f"its name cannot be resolved ({_plain(exc)}); check the spelling of the host and this network"
        case TimeoutError():
            return "it does not answer; check the host, the port and any firewall"
        case ConnectionRefusedError():
            return "nothing listens on that port; check the host and the port"
        case _:
            return f"the connection broke ({_plain(exc)}); check this network"


def _plain(exc: OSError) -> str:
    return exc.strerror or str(exc) or type(exc).__name__


def _keep_passwords_at_home(host: str, remedy: str) -> None:
    if not is_loopback(host):
        raise ConfigurationError(f"the login at {host} would go over the network unencrypted; set {remedy}")


def is_loopback(host: str) -> bool:
    """Whether `host` is certainly this machine: localhost or an address of 127.0.0.0/8 or ::1."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name: it may mean any machine
        return False
