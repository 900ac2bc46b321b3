"""What the daemon works with: each part does one thing and can be put in another's place."""

from dataclasses import dataclass, field

from lorbot.core.dossier import Applicant
from lorbot.core.policy import Policy
from lorbot.intake import Trust
from lorbot.mail.compose import Identity
from lorbot.mail.write import Writer
from lorbot.reading.reader import Reader
from lorbot.shell.examiner import Examiner
from lorbot.shell.mailbox import Mailbox
from lorbot.shell.sender import Sender
from lorbot.shell.state import StateFolder
from lorbot.shell.store import Store


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Put together by `lorbot.wiring`, replaced one by one by a dry run and by tests."""

    mailbox: Mailbox
    sender: Sender
    store: Store
    state: StateFolder
    writer: Writer
    reader: Reader
    policy: Policy
    identity: Identity
    trust: Trust
    applicants: tuple[Applicant, ...]
    examiner: Examiner = field(default_factory=Examiner)
    keyword: str = "lorbot"
    keep_sent_copy: bool | None = None  # None: where the provider does not do it itself
    mail_limit_bytes: int = 25_000_000
    idle_seconds: int = 480
    poll_seconds: int = 120
