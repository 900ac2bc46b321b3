"""The settings: the sections of the configuration with every key and its default, and what is made of them.

Every default is safe. An unknown key is refused. No message shows a value that could be a secret. Nothing changes
after it was made.
"""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from lorbot.core.policy import Policy
from lorbot.core.value import Line
from lorbot.settings.kinds import AddressLine, GivenAddress, Host, Keyword, Port, SecurityName, Zone
from lorbot.settings.providers import USUAL_IMAP_PORT, USUAL_SMTP_PORT, Provider, filled, provider_for
from lorbot.settings.secret import SecretKeys, from_value
from lorbot.shell.accounts import Auth, ImapAccount, SmtpAccount
from lorbot.shell.model_client import ModelAccount

PREFIX = "LORBOT_"


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class MailboxSection(SecretKeys):
    address: AddressLine = ""
    display_name: Line = ""
    provider: Literal["", "gmail", "outlook", "fastmail", "icloud", "yahoo", "custom"] = ""
    imap_host: Host = ""
    imap_port: Port = 0
    imap_security: SecurityName = ""
    imap_user: Line = ""
    auth: Literal["", "password", "xoauth2"] = ""
    ca_file: str = ""
    junk_folder: Line = ""
    sent_folder: Line = ""
    sent_copy: Literal["auto", "always", "never"] = "auto"
    keyword: Keyword = "lorbot"
    authserv_id: Line = ""
    trust_from: bool = False
    plus_addressing: bool = False
    poll_seconds: int = Field(default=120, ge=1, le=86_400)
    idle_minutes: int = Field(default=8, ge=1, lt=29)  # RFC 2177: at least every 29 minutes
    attachment_max_mb: int = Field(default=10, ge=1, le=1000)
    mail_max_mb: int = Field(default=25, ge=1, le=1000)


class SmtpSection(SecretKeys):
    host: Host = ""
    port: Port = 0
    security: SecurityName = ""
    user: Line = ""
    auth: Literal["", "password", "xoauth2", "none"] = ""
    ca_file: str = ""


class ApplicantSection(Section):
    name: Line = Field(min_length=1)
    email: GivenAddress
    time_zone: Zone = ""


class OfficeSection(Section):
    show_applicant: Literal["reply_to", "cc", "both"] = "both"


class StateSection(Section):
    folder: str = Field(default="state", min_length=1)


class TemplatesSection(Section):
    folder: str = ""


class ServicesSection(Section):
    folder: str = ""


class ReaderSection(Section):
    """A language model that is asked for a second opinion, where model_url names one."""

    model_url: Line = ""
    model_name: Line = ""
    model_key: SecretStr = SecretStr("")
    model_key_file: str = ""
    model_key_command: str = ""
    model_timeout_seconds: int = Field(default=20, ge=1, le=300)

    @property
    def key(self) -> SecretKeys:
        """Where the key is kept: as a password is."""
        return SecretKeys(
            password=self.model_key, password_file=self.model_key_file, password_command=self.model_key_command
        )


class LogSection(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "text", "json"] = "auto"


class Settings(BaseSettings):
    """All settings, as `load` checked them."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    mailbox: MailboxSection = MailboxSection()
    smtp: SmtpSection = SmtpSection()
    applicants: tuple[ApplicantSection, ...] = ()
    office: OfficeSection = OfficeSection()
    state: StateSection = StateSection()
    templates: TemplatesSection = TemplatesSection()
    services: ServicesSection = ServicesSection()
    clock: Policy = Policy()
    reader: ReaderSection = ReaderSection()
    log: LogSection = LogSection()

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # the library passes sources by name
        cls, *_: type[BaseSettings], **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but what it is given: `load` has put the file and the environment together."""
        return (sources["init_settings"],)

    @property
    def personal(self) -> bool:
        """Whether the mailbox is an applicant's own; else it is an office's."""
        own = self.mailbox.address.casefold()
        return any(applicant.email.casefold() == own for applicant in self.applicants)

    @property
    def provider(self) -> Provider:
        return provider_for(self.mailbox.provider, self.mailbox.address)

    @property
    def state_folder(self) -> Path:
        return Path(self.state.folder)

    @property
    def templates_folder(self) -> Path | None:
        """The folder whose templates replace the built-in ones; None where there is none."""
        return Path(self.templates.folder) if self.templates.folder else None

    @property
    def services_folder(self) -> Path | None:
        """The folder whose files say more about application services; None where there is none."""
        return Path(self.services.folder) if self.services.folder else None

    def policy(self) -> Policy:
        return self.clock

    def imap_account(self) -> ImapAccount:
        """Raises ConfigurationError where the password would cross a network in the clear."""
        box = self.mailbox
        server = filled(self.provider.imap, box.imap_host, box.imap_port, box.imap_security, USUAL_IMAP_PORT)
        return ImapAccount(
            host=server.host,
            port=server.port,
            user=box.imap_user or box.address,
            secret=box.secret(),
            security=server.security,
            auth=Auth(box.auth or self.provider.auth),
            ca_file=box.ca_file,
        )

    def smtp_account(self) -> SmtpAccount:
        """What [smtp] leaves open is as in [mailbox]. Raises ConfigurationError as `imap_account` does."""
        box, smtp = self.mailbox, self.smtp
        server = filled(self.provider.smtp, smtp.host, smtp.port, smtp.security, USUAL_SMTP_PORT)
        auth = Auth(smtp.auth or box.auth or self.provider.auth)
        return SmtpAccount(
            host=server.host,
            port=server.port,
            user=smtp.user or box.imap_user or box.address,
            secret=from_value("") if auth is Auth.NONE else (smtp if smtp.given else box).secret(),
            security=server.security,
            auth=auth,
            ca_file=smtp.ca_file or box.ca_file,
        )

    def model_account(self) -> ModelAccount | None:
        """None where no model is to be asked. Raises ConfigurationError where words would go in the clear."""
        own = self.reader
        if not own.model_url:
            return None
        return ModelAccount(
            url=own.model_url, name=own.model_name, key=own.key.secret(), timeout_s=own.model_timeout_seconds
        )


KEYS: Mapping[str, tuple[str, ...]] = {
    "mailbox": tuple(MailboxSection.model_fields),
    "smtp": tuple(SmtpSection.model_fields),
    "applicants": tuple(ApplicantSection.model_fields),
    "office": tuple(OfficeSection.model_fields),
    "state": tuple(StateSection.model_fields),
    "templates": tuple(TemplatesSection.model_fields),
    "services": tuple(ServicesSection.model_fields),
    "clock": tuple(field.name for field in fields(Policy)),
    "reader": tuple(ReaderSection.model_fields),
    "log": tuple(LogSection.model_fields),
}
"""Every key of the file, by section."""

PATHS: Mapping[tuple[str, str], str] = {
    ("mailbox", "password_file"): "",
    ("mailbox", "ca_file"): "",
    ("smtp", "password_file"): "",
    ("smtp", "ca_file"): "",
    ("state", "folder"): StateSection().folder,
    ("templates", "folder"): "",
    ("services", "folder"): "",
    ("reader", "model_key_file"): "",
}
"""The keys that name a file or folder, with their defaults."""
