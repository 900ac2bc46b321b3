"""From settings to a daemon: the one place where the parts are put together."""

import hashlib
from dataclasses import replace

import structlog

from lorbot.config import Settings
from lorbot.core import services
from lorbot.core.dossier import Applicant
from lorbot.intake import Trust
from lorbot.mail.compose import Identity
from lorbot.mail.render import Renderer
from lorbot.mail.write import Writer
from lorbot.parts import Parts
from lorbot.reading import default_reader
from lorbot.reading.compared import CarefulReader
from lorbot.reading.reader import Reader
from lorbot.shell.mailbox import Mailbox
from lorbot.shell.model_client import ModelClient
from lorbot.shell.sender import Sender
from lorbot.shell.service_folder import own_files
from lorbot.shell.state import StateFolder
from lorbot.shell.store import TinyStore

log = structlog.get_logger()

_COPY = {"always": True, "never": False, "auto": None}


def parts_of(settings: Settings) -> Parts:
    """Everything the daemon works with, by the settings. Makes the state folder; connects to nothing.

    From then on this process knows the operator's services. Raises ConfigurationError (ServiceFileError for those
    services), and TemplateError for a templates folder that is not there.
    """
    services.use(services.with_own(own_files(settings.services_folder)))
    box = settings.mailbox
    state = StateFolder(settings.state_folder)
    identity = identity_of(settings)
    return Parts(
        mailbox=Mailbox(settings.imap_account(), junk=box.junk_folder, sent=box.sent_folder),
        sender=Sender(settings.smtp_account()),
        store=TinyStore(state.dossiers),
        state=state,
        writer=Writer(Renderer(settings.templates_folder), state.key(), identity.domain, settings.policy()),
        reader=reader_of(settings),
        policy=settings.policy(),
        identity=replace(identity, loop_mark=hashlib.sha256(state.key()).hexdigest()[:12]),
        trust=trust_of(settings),
        applicants=tuple(Applicant(name=a.name, email=a.email, time_zone=a.time_zone) for a in settings.applicants),
        keyword=box.keyword,
        keep_sent_copy=_COPY[box.sent_copy],
        mail_limit_bytes=box.mail_max_mb * 1_000_000,
        idle_seconds=box.idle_minutes * 60,
        poll_seconds=box.poll_seconds,
    )


def reader_of(settings: Settings) -> Reader:
    """What reads the mentors' answers: the reader in this package, and a language model beside it if one is named."""
    account = settings.model_account()
    if account is None:
        return default_reader()
    return CarefulReader(
        default_reader(), ModelClient(account), told=lambda why: log.warning("no second opinion", why=why)
    )


def identity_of(settings: Settings) -> Identity:
    """Who lorbot's mail is from."""
    shown = settings.office.show_applicant
    return Identity(
        address=settings.mailbox.address,
        personal=settings.personal,
        name=settings.mailbox.display_name or "lorbot",
        reply_to_applicant=shown in {"reply_to", "both"},
        copy_to_applicant=shown in {"cc", "both"},
        plus_addressing=settings.mailbox.plus_addressing,
    )


def trust_of(settings: Settings) -> Trust:
    """What is believed about senders."""
    box = settings.mailbox
    return Trust(
        authserv_id=box.authserv_id,
        trust_from=box.trust_from,
        personal_address=box.address.lower() if settings.personal else "",
        attachment_limit_mb=box.attachment_max_mb,
        mail_limit_mb=box.mail_max_mb,
    )
