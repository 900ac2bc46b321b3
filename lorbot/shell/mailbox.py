"""The mailbox that lorbot reads, over IMAP: what is new, one mail, a mark, a copy in Sent, waiting for more.

It never deletes, never moves and never sets \\Seen on what it reads. A mail is named by folder, UIDVALIDITY and UID
(RFC 3501 section 2.3.1.1). One connection with one owner thread; connecting again is the owner's business:
after an error `alive` tells whether that is needed. Whatever goes wrong is a MailboxError with a sentence.
"""

import contextlib
import imaplib
import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.parser import BytesHeaderParser
from typing import Any, Self

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from lorbot import __version__
from lorbot.errors import LoginRefusedError, MailboxError, SecretUnavailableError
from lorbot.shell.accounts import Auth, ImapAccount, Security, tls_context, trouble
from lorbot.shell.flags import flag_text, lasts, lowered
from lorbot.shell.folders import Folders, told_apart
from lorbot.shell.idle import idle_wait, pause

HEADER_LIMIT = 128 * 1024  # octets of one mail's header that are fetched
AT_ONCE = 100  # headers asked for in one FETCH
IDLE_SECONDS = 9 * 60  # routers forget silent connections long before the 29 minutes of RFC 2177
GOODBYE_SECONDS = 5

MICROSOFT_HOSTS = ("outlook.office365.com", "outlook.office.com", "imap-mail.outlook.com")
MICROSOFT_GREETING = b"The Microsoft Exchange IMAP4 service is ready. ["  # no bracket on a server of one's own

NOT_NOW = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|too many", re.IGNORECASE)  # RFC 5530 section 3
REFUSED = re.compile(r"\w+ failed: ")  # how IMAPClient words a NO; the connection goes on after it


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """How far a folder has been read: every mail up to `last_uid`, as long as its UIDVALIDITY is this one."""

    folder: str
    uidvalidity: int
    last_uid: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """A mail in a folder, by its header only. `received_at` is the server's INTERNALDATE, in UTC; `size` in octets."""

    folder: str
    uidvalidity: int
    uid: int
    size: int
    received_at: datetime
    headers: bytes
    keywords: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class _Opened:
    """What SELECT said of a folder."""

    folder: str
    uidvalidity: int
    uidnext: int
    permanent_flags: frozenset[str] | None  # lower case; None when the server did not say


class Mailbox:
    """One IMAP account. `inbox`, `junk` and `sent` name folders that cannot be found by themselves."""

    def __init__(self, account: ImapAccount, *, inbox: str = "INBOX", junk: str = "", sent: str = "") -> None:
        self._account = account
        self.named = Folders(inbox=inbox, junk=junk or None, sent=sent or None)
        self._where = f"the IMAP server {account.host}:{account.port}"
        self._client: IMAPClient | None = None
        self._opened: _Opened | None = None
        self._folders: Folders | None = None
        self._looked_at: dict[str, tuple[int, int]] = {}  # folder: UIDVALIDITY and the UID `new` has not looked at yet

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def connect(self) -> None:
        """Connect and log in. Raises LoginRefusedError, and MailboxError for everything else that may pass.

        Raises ConfigurationError for a secret that cannot be had until somebody changes something.
        """
        self.close()
        try:
            secret = self._account.secret()
        except SecretUnavailableError as exc:
            raise MailboxError(f"{self._where} was not asked to log in: {exc}") from exc
        try:
            self._client = self._greeted()
            self._log_in(secret)
        except MailboxError:
            self._drop()
            raise

    def close(self) -> None:
        """Log out, if connected. Raises nothing."""
        if self._client is None:
            return
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self._client.socket().settimeout(GOODBYE_SECONDS)
            self._client.logout()
        self._drop()

    @property
    def alive(self) -> bool:
        """False before `connect`, after `close` and once the connection was seen to be broken."""
        return self._client is not None

    @property
    def fills_sent_itself(self) -> bool:
        """True where the server puts what is handed in by SMTP into Sent itself (Gmail, Microsoft 365)."""
        with self._speaking("asking for its capabilities") as client:
            return bool(
                client.has_capability("X-GM-EXT-1")
                or MICROSOFT_GREETING in (client.welcome or b"")
                or self._account.host.lower() in MICROSOFT_HOSTS
            )

    @property
    def idles(self) -> bool:
        """True where the server pushes (RFC 2177); elsewhere `wait` only lets time pass."""
        with self._speaking("asking for its capabilities") as client:
            return bool(client.has_capability("IDLE"))

    def folders(self) -> Folders:
        """The folders by the names given, else by SPECIAL-USE (RFC 6154), else by the names they usually have."""
        if self._folders is None:
            with self._speaking("listing its folders") as client:
                self._folders = told_apart(client.list_folders(), self.named)
        return self._folders

    def select(self, folder: str) -> int:
        """Open `folder`; its UIDVALIDITY."""
        with self._speaking(f"opening {folder}") as client:
            return self._open(client, folder).uidvalidity

    def end_of(self, folder: str) -> Cursor:
        """The cursor behind the last mail there is now, for a first start."""
        with self._speaking(f"opening {folder}") as client:
            opened = self._open(client, folder)
            return Cursor(folder=folder, uidvalidity=opened.uidvalidity, last_uid=opened.uidnext - 1)

    def new(self, folder: str, cursor: Cursor | None, *, since: date | None = None, limit: int = 500) -> list[Found]:
        """The first `limit` mails behind `cursor`, in UID order.

        Without a cursor, or when the folder's UIDVALIDITY is no longer the cursor's, all that arrived on `since` or
        later (or the day before: SEARCH compares dates in the server's own time zone); all there are without `since`.
        """
        with self._speaking(f"looking for new mail in {folder}") as client:
            opened = self._open(client, folder)
            uids = _behind(client, opened, cursor, since)
            found = list(_headers(client, opened, uids[:limit]))
            looked_up_to = uids[limit] if len(uids) > limit else opened.uidnext
            self._looked_at[folder] = (opened.uidvalidity, looked_up_to)
            return found

    def fetch(self, found: Found) -> bytes | None:
        """The whole mail; None when it is gone, or the folder's UIDVALIDITY has changed. Does not set \\Seen."""
        with self._speaking(f"fetching a mail from {found.folder}") as client:
            if self._still_open(client, found.folder).uidvalidity != found.uidvalidity:
                return None
            answer = client.fetch([found.uid], ["BODY.PEEK[]"]).get(found.uid, {})
            raw = answer.get(b"BODY[]")
            return raw if isinstance(raw, bytes) else None

    def keeps(self, folder: str, keyword: str) -> bool:
        """Whether marks of this name last in `folder`."""
        with self._speaking(f"opening {folder}") as client:
            return lasts(keyword, self._open(client, folder).permanent_flags)

    def mark(self, folder: str, uid: int, keyword: str) -> bool:
        """Set `keyword` on a mail. False, with nothing done, where the folder keeps no such keyword or has no such
        mail.
        """
        with self._speaking(f"marking a mail in {folder}") as client:
            if not lasts(keyword, self._still_open(client, folder).permanent_flags):
                return False
            client.add_flags([uid], [keyword], silent=True)
            flags = client.fetch([uid], ["FLAGS"]).get(uid, {}).get(b"FLAGS", ())
            return keyword.lower() in lowered(flags)

    def holds(self, folder: str, message_id: str) -> bool:
        """Whether a mail with this Message-ID (with or without angle brackets) is in `folder` now."""
        with self._speaking(f"searching {folder}") as client:
            self._open(client, folder)
            return bool(client.search(["HEADER", "Message-ID", f"<{message_id.strip('<>')}>"]))

    def file_sent(self, raw: bytes, at: datetime) -> None:
        """Put a copy into Sent, read and dated `at`, unless it is there already. Makes the folder if it is missing."""
        sent = self._sent()
        message_id = str(BytesHeaderParser().parsebytes(raw)["Message-ID"] or "").strip()
        if message_id and self.holds(sent, message_id):
            return
        with self._speaking(f"filing a copy in {sent}") as client:
            client.append(sent, raw, [b"\\Seen"], at)

    def wait(self, seconds: float, wake: socket.socket | None = None) -> None:
        """Until the server says anything of the inbox, `wake` can be read, or `seconds` are over; empties `wake`.

        Returns at once when the inbox has changed since `new` looked at it. With IDLE nine minutes at most;
        without it (see `idles`) the time alone. Raises MailboxError when the connection is dead.
        """
        with self._speaking("waiting for mail") as client:
            if self._has_changed(client, self.named.inbox):
                pass  # what came meanwhile may have been said in the answer to another command: never pushed again
            elif client.has_capability("IDLE"):
                idle_wait(client, min(seconds, IDLE_SECONDS), wake)
            else:
                pause(seconds, *([wake] if wake else []))
                client.noop()
        _empty(wake)

    def _greeted(self) -> IMAPClient:
        """A connection with the server's greeting read, over TLS where that comes first."""
        account = self._account
        context = tls_context(account.ca_file) if account.security is not Security.PLAIN else None
        try:
            client = IMAPClient(
                account.host,
                account.port,
                ssl=account.security is Security.TLS,
                ssl_context=context,
                timeout=SocketTimeout(account.connect_timeout_s, account.read_timeout_s),
            )
        except OSError as exc:
            raise MailboxError(f"{self._where} cannot be reached: {trouble(exc)}") from exc
        except imaplib.IMAP4.error as exc:
            raise MailboxError(
                f"{self._where} did not greet as one ({_said(exc)}); check host and port, and imap_security"
            ) from exc
        client.normalise_times = False  # dates keep their zone
        _keep_awake(client.socket())
        return client

    def _log_in(self, secret: str) -> None:
        account = self._account
        if account.security is Security.STARTTLS:
            with self._speaking("changing to TLS") as client:
                client.starttls(tls_context(account.ca_file))
        with self._speaking("logging in") as client:
            try:
                if account.auth is Auth.XOAUTH2:
                    client.oauth2_login(account.user, secret)
                else:
                    client.login(account.user, secret)
            except UnicodeEncodeError as exc:
                raise self._refused("user or password hold characters outside ASCII") from exc
            except LoginError as exc:
                raise self._not_logged_in(exc) from exc
            if client.has_capability("ID"):  # Google asks for it (RFC 2971); one that refuses it serves all the same
                with contextlib.suppress(imaplib.IMAP4.error):
                    client.id_({"name": "lorbot", "version": __version__})

    def _not_logged_in(self, exc: LoginError) -> MailboxError:
        if isinstance(exc.__context__, imaplib.IMAP4.abort) or NOT_NOW.search(_said(exc)):
            return MailboxError(f"{self._where} takes no login at the moment ({_said(exc)}); try again later")
        return self._refused(_said(exc))

    def _refused(self, why: str) -> LoginRefusedError:
        return LoginRefusedError(
            f"{self._where} refused the login of {self._account.user} ({why}); check the user and the password "
            "(Gmail, Yahoo and iCloud want an app password, Microsoft 365 wants xoauth2)"
        )

    @contextlib.contextmanager
    def _speaking(self, doing: str) -> Iterator[IMAPClient]:
        """The connection, with every error of the library made into a MailboxError. After a plain NO the connection
        is kept; after anything else nobody knows what the server will say next, so it is dropped.
        """
        if self._client is None:
            raise MailboxError(f"{self._where} is not connected")
        try:
            yield self._client
        except OSError as exc:
            self._drop()
            raise MailboxError(f"{self._where} was lost while {doing}: {trouble(exc)}") from exc
        except (imaplib.IMAP4.error, ValueError) as exc:  # IMAPClient's parser raises ValueError too
            if not REFUSED.match(_said(exc)):
                self._drop()
            raise MailboxError(f"{self._where} failed while {doing}: it said {_said(exc)!r}") from exc

    def _drop(self) -> None:
        client, self._client = self._client, None
        self._opened = self._folders = None
        self._looked_at.clear()
        if client is not None:
            with contextlib.suppress(OSError):
                client.shutdown()

    def _open(self, client: IMAPClient, folder: str) -> _Opened:
        """SELECT, always: what it says is of this moment."""
        self._opened = None
        answer = client.select_folder(folder)
        permanent = answer.get(b"PERMANENTFLAGS")
        if b"UIDVALIDITY" not in answer:
            raise MailboxError(
                f"{self._where} gives the mails in {folder} no lasting numbers (UIDs); lorbot needs them"
            )
        self._opened = _Opened(
            folder=folder,
            uidvalidity=answer[b"UIDVALIDITY"],
            uidnext=answer.get(b"UIDNEXT") or max(client.search(["ALL"]), default=0) + 1,  # some leave it out
            permanent_flags=None if permanent is None else lowered(permanent),
        )
        return self._opened

    def _still_open(self, client: IMAPClient, folder: str) -> _Opened:
        if self._opened is not None and self._opened.folder == folder:
            return self._opened
        return self._open(client, folder)

    def _has_changed(self, client: IMAPClient, folder: str) -> bool:
        """Whether mail has come to `folder` since `new` looked at it, or since this was last asked."""
        opened = self._open(client, folder)
        now = (opened.uidvalidity, opened.uidnext)
        seen = self._looked_at.get(folder, now)
        self._looked_at[folder] = now
        return seen != now

    def _sent(self) -> str:
        """The Sent folder, made if there is none (RFC 2342 for where)."""
        name = self.folders().sent
        with self._speaking("looking for the Sent folder") as client:
            if name is None:
                personal = client.namespace().personal if client.has_capability("NAMESPACE") else None
                name = (personal[0][0] if personal else "") + "Sent"
            if not client.folder_exists(name):
                client.create_folder(name)
                client.subscribe_folder(name)
                self._folders = None
        return name


def _behind(client: IMAPClient, opened: _Opened, cursor: Cursor | None, since: date | None) -> list[int]:
    """The UIDs behind the cursor, in order; all since `since` when it does not fit this folder."""
    if cursor is None or not _fits(cursor, opened):
        return sorted(client.search(["SINCE", since - timedelta(days=1)] if since else ["ALL"]))
    if cursor.last_uid == opened.uidnext - 1:
        return []
    uids = client.search(["UID", f"{cursor.last_uid + 1}:*"])
    return sorted(uid for uid in uids if uid > cursor.last_uid)  # n:* finds the last mail, even when it is before n


def _fits(cursor: Cursor, opened: _Opened) -> bool:
    """Whether the cursor still means this folder. One that is ahead of UIDNEXT comes from before a restored backup."""
    same = (cursor.folder, cursor.uidvalidity) == (opened.folder, opened.uidvalidity)
    return same and cursor.last_uid < opened.uidnext


def _headers(client: IMAPClient, opened: _Opened, uids: list[int]) -> Iterator[Found]:
    """A UID that the answer leaves out was expunged meanwhile (RFC 3501 section 6.4.8): it is left out here too."""
    for start in range(0, len(uids), AT_ONCE):
        batch = uids[start : start + AT_ONCE]
        items = ["RFC822.SIZE", "INTERNALDATE", "FLAGS", f"BODY.PEEK[HEADER]<0.{HEADER_LIMIT}>"]
        answers = client.fetch(batch, items)
        for uid in batch:
            answer = answers.get(uid, {})
            header = next((part for item, part in answer.items() if item.startswith(b"BODY[HEADER]")), None)
            if header is not None:
                yield _found(opened, uid, answer, header)


def _found(opened: _Opened, uid: int, answer: Mapping[bytes, Any], header: bytes) -> Found:
    flags = [flag_text(flag) for flag in answer.get(b"FLAGS", ())]
    try:
        size, received_at = answer[b"RFC822.SIZE"], answer[b"INTERNALDATE"].astimezone(UTC)
    except KeyError as exc:
        raise MailboxError(f"the IMAP server left {exc} out of what it said of mail {uid} in {opened.folder}") from exc
    return Found(
        folder=opened.folder,
        uidvalidity=opened.uidvalidity,
        uid=uid,
        size=size,
        received_at=received_at,
        headers=header if len(header) < HEADER_LIMIT else header[: header.rfind(b"\r\n") + 2],
        keywords=frozenset(flag for flag in flags if not flag.startswith("\\")),
    )


def _said(exc: Exception) -> str:
    """What the server said, without the b'...' that imaplib and IMAPClient wrap around it."""
    words = exc.args[0] if exc.args else ""
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return re.sub(r"""\bb(['"])(.*)\1""", r"\2", text)


def _keep_awake(sock: socket.socket) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else 40 ms for each command that is sent in pieces
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def _empty(wake: socket.socket | None) -> None:
    if wake is None:
        return
    with contextlib.suppress(BlockingIOError):
        wake.recv(4096, socket.MSG_DONTWAIT)
