"""The mail providers people have, as a table: where their servers are and how one logs in.

A provider only fills gaps: a host, port or kind of login written in the configuration wins over its row here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from lorbot.shell.accounts import Auth, Security


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where a service listens; an empty host means that the configuration must name it."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, kw_only=True)
class Provider:
    imap: Server
    smtp: Server
    auth: Auth = Auth.PASSWORD
    domains: tuple[str, ...] = ()  # addresses that are certainly kept there
    own_smtp: Server | None = None  # for the addresses in `domains`, where that is another server than a school's
    login: str  # what to use as the password, in a sentence for a person


USUAL_IMAP_PORT: Mapping[Security, int] = MappingProxyType(
    {Security.TLS: 993, Security.STARTTLS: 143, Security.PLAIN: 143}  # RFC 8314 section 7, RFC 3501 section 2.1
)
USUAL_SMTP_PORT: Mapping[Security, int] = MappingProxyType(
    {Security.TLS: 465, Security.STARTTLS: 587, Security.PLAIN: 587}  # RFC 8314 section 7.3, RFC 6409 section 3.1
)

PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {
        # https://developers.google.com/gmail/imap/imap-smtp
        "gmail": Provider(
            imap=Server(host="imap.gmail.com", port=993, security=Security.TLS),
            smtp=Server(host="smtp.gmail.com", port=465, security=Security.TLS),
            domains=("gmail.com", "googlemail.com"),
            login="an app password: turn on 2-step verification, then make one at "
            "https://myaccount.google.com/apppasswords",
        ),
        # https://developer.nylas.com/docs/cookbook/email/outlook-smtp-settings/
        # Passwords have been refused for IMAP since October 2022: a token or nothing.
        "outlook": Provider(
            imap=Server(host="outlook.office365.com", port=993, security=Security.TLS),
            smtp=Server(host="smtp.office365.com", port=587, security=Security.STARTTLS),
            own_smtp=Server(host="smtp-mail.outlook.com", port=587, security=Security.STARTTLS),
            auth=Auth.XOAUTH2,
            domains=("outlook.com", "hotmail.com", "live.com", "msn.com"),
            login="an access token: name a program that prints a fresh one in mailbox.password_command",
        ),
        # https://www.fastmail.com/help/technical/servernamesandports.html
        "fastmail": Provider(
            imap=Server(host="imap.fastmail.com", port=993, security=Security.TLS),
            smtp=Server(host="smtp.fastmail.com", port=465, security=Security.TLS),
            domains=("fastmail.com", "fastmail.fm"),
            login="an app password: Settings, Privacy & Security, Integrations, New app password",
        ),
        # https://clean.email/blog/email-settings/icloud-email-settings
        "icloud": Provider(
            imap=Server(host="imap.mail.me.com", port=993, security=Security.TLS),
            smtp=Server(host="smtp.mail.me.com", port=587, security=Security.STARTTLS),
            domains=("icloud.com", "me.com", "mac.com"),
            login="an app-specific password: make one at https://account.apple.com, Sign-In and Security",
        ),
        # https://unanswered.io/guide/yahoo-mail-protocols-imap-pop-smtp-settings
        "yahoo": Provider(
            imap=Server(host="imap.mail.yahoo.com", port=993, security=Security.TLS),
            smtp=Server(host="smtp.mail.yahoo.com", port=465, security=Security.TLS),
            domains=("yahoo.com", "ymail.com", "rocketmail.com"),
            login="an app password: Account Security, Generate app password",
        ),
        "custom": Provider(
            imap=Server(host="", port=993, security=Security.TLS),
            smtp=Server(host="", port=465, security=Security.TLS),
            login="the mailbox's password, or an app password where your school asks for one",
        ),
    }
)


def provider_of(address: str) -> str:
    """The name of the provider that certainly keeps `address`, else "custom": a school's domain tells nothing."""
    return next((name for name, provider in PROVIDERS.items() if _domain(address) in provider.domains), "custom")


def provider_for(name: str, address: str) -> Provider:
    """The provider of that name, as it serves `address`; the address tells which one where `name` is empty."""
    provider = PROVIDERS[name or provider_of(address)]
    if provider.own_smtp and _domain(address) in provider.domains:
        return replace(provider, smtp=provider.own_smtp)
    return provider


def filled(usual: Server, host: str, port: int, security: str, ports: Mapping[Security, int]) -> Server:
    """The server as given, its empty parts as usual; a kind of security of one's own brings its port with it."""
    chosen = Security(security or usual.security)
    usual_port = usual.port if chosen is usual.security else ports[chosen]
    return Server(host=host or usual.host, port=port or usual_port, security=chosen)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()
