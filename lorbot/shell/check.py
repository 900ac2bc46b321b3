"""Whether everything lorbot needs is there and works, step by step, with what to do where it does not.

Nothing is changed but that the state folder is made. A step that needs an earlier one is not tried when that failed.
A remedy beside something that works is advice.
"""

import contextlib
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from lorbot.core import services
from lorbot.core.manners import next_allowed
from lorbot.core.service_season import stale
from lorbot.errors import LoginRefusedError, LorbotError, StateInUseError
from lorbot.mail.authentic import NAMELESS
from lorbot.mail.results import read_results
from lorbot.settings import Settings
from lorbot.shell import own_templates
from lorbot.shell.mailbox import Mailbox
from lorbot.shell.sender import Sender
from lorbot.shell.service_folder import own_files
from lorbot.shell.state import StateFolder

RELEASED = datetime(2026, 1, 1, tzinfo=UTC)  # a clock before that has lost its battery
TOO_FAR = datetime(2100, 1, 1, tzinfo=UTC)
MOST_DRIFT = timedelta(hours=1)  # of the clock behind the newest dossier
LATEST_MAILS = 50  # whose Authentication-Results are looked at

_RESULTS = re.compile(rb"^Authentication-Results:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one step found: `says` for a person, and `remedy`, what to do; it is empty where there is nothing to do."""

    name: str
    ok: bool
    says: str
    remedy: str = ""


def check(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Try everything, in order. Raises nothing that a user can mend: that is a finding."""
    yield _configuration(settings)
    yield _state_folder(settings)
    yield _clock(settings, now)
    yield _templates(settings)
    yield _services(settings, now)
    yield from _imap(settings)
    yield _smtp(settings)


def _failed(name: str, refused: LorbotError) -> Finding:
    """The sentences of a LorbotError end with the next step, behind a semicolon."""
    says, _, remedy = str(refused).partition("; ")
    return Finding(name=name, ok=False, says=says, remedy=remedy or "mend that, then check again")


def _configuration(settings: Settings) -> Finding:
    name, address, applicants = "configuration", settings.mailbox.address, settings.applicants
    if not applicants:
        remedy = "write name and email of each applicant below a line [[applicants]]"
        return Finding(name=name, ok=False, says=f"{address} works for nobody", remedy=remedy)
    whose = (
        f"is the own mailbox of {applicants[0].name}" if settings.personal else f"works for {_people(len(applicants))}"
    )
    return Finding(name=name, ok=True, says=f"{address} {whose}")


def _people(count: int) -> str:
    return "1 applicant" if count == 1 else f"{count} applicants"


def _state_folder(settings: Settings) -> Finding:
    name, in_use = "state folder", ""
    try:
        folder = StateFolder(settings.state_folder)
        with tempfile.TemporaryFile(dir=folder.path) as trial:
            trial.write(bytes(4096))
        with folder.lock():
            pass
    except StateInUseError:
        in_use = "; a running lorbot holds it"
    except LorbotError as refused:
        return _failed(name, refused)
    except OSError as refused:
        says = f"{settings.state_folder} cannot be written ({refused.strerror})"
        return Finding(name=name, ok=False, says=says, remedy="make room there, or name another in [state] folder")
    return Finding(name=name, ok=True, says=f"{settings.state_folder} can be written, by its owner alone{in_use}")


def _clock(settings: Settings, now: datetime) -> Finding:
    policy = settings.policy()
    local = now.astimezone(ZoneInfo(policy.time_zone))
    says = f"it is {local:%A, %d %B %Y, %H:%M} in {policy.time_zone}"
    latest = max((path.stat().st_mtime for path in settings.state_folder.glob("dossiers/*.json")), default=0.0)
    if not RELEASED < now < TOO_FAR or now.timestamp() < latest - MOST_DRIFT.total_seconds():
        remedy = "set this computer's clock; deadlines and reminders follow it"
        return Finding(name="clock", ok=False, says=f"{says}, which cannot be", remedy=remedy)
    opens = next_allowed(now, policy.time_zone, policy)
    when = "now" if opens == now else f"from {opens.astimezone(local.tzinfo):%A, %d %B, %H:%M}"
    return Finding(name="clock", ok=True, says=f"{says}; mentors there may be written to {when}")


def _templates(settings: Settings) -> Finding:
    name, folder = "templates", settings.templates_folder
    if folder is None:
        return Finding(name=name, ok=True, says="the built-in ones")
    try:
        next(folder.iterdir(), None)  # rglob finds nothing where there is no folder, and does not say so
        files = [path for path in folder.rglob("*") if path.is_file()]
        foreign = [path for path in files if not _is_utf8(path.read_bytes())]
    except OSError as refused:
        says = f"{refused.filename} cannot be read ({refused.strerror})"
        return Finding(name=name, ok=False, says=says, remedy="mend that, or name another in [templates] folder")
    if foreign:
        return Finding(name=name, ok=False, says=f"{foreign[0]} is not UTF-8", remedy="save it as UTF-8")
    fault = own_templates.first_fault(folder, settings.policy())
    if fault:
        says = f"{folder / fault.file}, line {fault.line}: {fault.what}"
        return Finding(name=name, ok=False, says=says, remedy=fault.remedy)
    return Finding(name=name, ok=True, says=f"{len(files)} of your own in {folder}, else the built-in ones")


def _services(settings: Settings, now: datetime) -> Finding:
    name, folder = "services", settings.services_folder
    try:
        own = own_files(folder)
        known = services.with_own(own)
    except LorbotError as refused:
        return _failed(name, refused)
    of_your_own = f", {len(own)} of your own files in {folder}" if folder else ""
    old = [s.name for s in known.values() if stale(s, now.date())]
    advice = f"checked before this season opened: {', '.join(old)}; docs/services.md says how to renew them"
    return Finding(name=name, ok=True, says=f"{len(known)} are known{of_your_own}", remedy=advice if old else "")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _imap(settings: Settings) -> Iterator[Finding]:
    login, box = _logged_in(settings)
    yield login
    with contextlib.closing(box):
        for name, step in AFTER_LOGIN.items():
            if not login.ok:
                yield Finding(
                    name=name, ok=False, says="not tried, since the IMAP login failed", remedy="mend that first"
                )
                continue
            try:
                if not box.alive:
                    box.connect()
                yield step(name, box, settings)
            except LorbotError as refused:
                yield _failed(name, refused)


def _logged_in(settings: Settings) -> tuple[Finding, Mailbox]:
    name, account, box = "IMAP login", settings.imap_account(), settings.mailbox
    tried = Mailbox(account, junk=box.junk_folder, sent=box.sent_folder)
    try:
        tried.connect()
    except LoginRefusedError as refused:
        failed = _failed(name, refused)
        return replace(failed, remedy=f"{failed.remedy}; what is wanted is {settings.provider.login}"), tried
    except LorbotError as refused:
        return _failed(name, refused), tried
    says = f"{account.host}:{account.port}, {account.security}, logged in as {account.user}"
    return Finding(name=name, ok=True, says=says), tried


def _folders(name: str, box: Mailbox, _: Settings) -> Finding:
    folders = box.folders()
    for folder in filter(None, (folders.inbox, folders.junk, folders.sent)):
        box.select(folder)
    says = f"{folders.inbox}, {folders.junk or 'no folder for junk'}, {folders.sent or 'no folder for sent mail yet'}"
    remedy = "" if folders.junk else "if answers can land in a junk folder, name it in mailbox.junk_folder"
    return Finding(name=name, ok=True, says=says, remedy=remedy)


def _idle(name: str, box: Mailbox, settings: Settings) -> Finding:
    pushes = "the server tells of new mail at once (IDLE)"
    polls = f"the server does not tell of new mail; lorbot looks every {settings.mailbox.poll_seconds} seconds"
    return Finding(name=name, ok=True, says=pushes if box.idles else polls)


def _keyword(name: str, box: Mailbox, settings: Settings) -> Finding:
    keyword, inbox = settings.mailbox.keyword, box.folders().inbox
    kept = f"mails that were handled are marked {keyword}"
    lost = f"{inbox} keeps no mark {keyword}: what was handled does not show there, lorbot remembers it by itself"
    return Finding(name=name, ok=True, says=kept if box.keeps(inbox, keyword) else lost)


def _authentic(name: str, box: Mailbox, settings: Settings) -> Finding:
    """What follows from authserv_id, compared with what the latest mails carry."""
    if settings.mailbox.trust_from:
        says = "trust_from is on: anybody can give commands in an applicant's name"
        return Finding(name=name, ok=False, says=says, remedy="set trust_from = false, and authserv_id")
    chosen, seen = settings.mailbox.authserv_id, _signers(box)
    usual = f'"{seen.most_common(1)[0][0]}"' if seen else "no name"
    advice = f"if {usual} is your own mail server, write authserv_id = {usual}" if seen else ""
    if not chosen:
        says = "not set: each command that comes as a new mail must be confirmed by an answer"
        return Finding(name=name, ok=True, says=says, remedy=advice)
    if seen and chosen.lower() not in seen:
        return Finding(name=name, ok=False, says=f"none of the latest mails carries {chosen}", remedy=advice)
    return Finding(name=name, ok=True, says=f"commands are believed when {chosen} vouches for their sender")


def _signers(box: Mailbox) -> Counter[str]:
    """Which servers signed the topmost Authentication-Results of the latest mails in the inbox, and how many."""
    inbox = box.folders().inbox
    end = box.end_of(inbox)
    latest = box.new(inbox, replace(end, last_uid=max(0, end.last_uid - LATEST_MAILS)))
    topmost = [match[1].decode("ascii", "replace") for found in latest if (match := _RESULTS.search(found.headers))]
    return Counter(
        results.server.lower() or NAMELESS for header in topmost if (results := read_results(header.strip()))
    )


AFTER_LOGIN: Mapping[str, Callable[[str, Mailbox, Settings], Finding]] = {
    "IMAP folders": _folders,
    "IMAP push": _idle,
    "IMAP marks": _keyword,
    "authserv_id": _authentic,
}


def _smtp(settings: Settings) -> Finding:
    try:
        return Finding(name="SMTP login", ok=True, says=Sender(settings.smtp_account()).check())
    except LorbotError as refused:
        return _failed("SMTP login", refused)
