"""What a user can mend, one class each. The class writes the sentence, with the next step.

Anything that is not a LorbotError is a bug and keeps its traceback.
"""

from collections.abc import Sequence


class LorbotError(Exception):
    """Base of everything a user can mend. `exit_code` is 1 for what failed, 2 for wrong use or configuration."""

    exit_code = 1


class ConfigurationError(LorbotError):
    """A setting is missing, unknown or wrong; the sentence names the file, the key and the remedy."""

    exit_code = 2


class ServiceFileError(ConfigurationError):
    """Files that say what application services want are wrong; a line for each mistake: file, key, remedy."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))


class NoServiceError(LorbotError):
    """No application service is known by that name."""

    exit_code = 2

    def __init__(self, wanted: str, known: Sequence[str]) -> None:
        super().__init__(f"“{wanted}” is no service I know; there are: {', '.join(known)}")


class SecretUnavailableError(ConfigurationError):
    """A command gave no secret this time. It may next time: the server that issues tokens can be out of reach."""


class StateInUseError(LorbotError):
    """Another daemon holds the lock on the state folder."""

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"another lorbot is using the state folder {folder}; stop it first, or give this one a folder of its own "
            "([state] folder)"
        )


class DossierUnreadableError(LorbotError):
    """A dossier file and its previous version can both not be read."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"the dossier {path} cannot be read ({why}); restore it from a backup or move it away")


class DossierTooNewError(DossierUnreadableError):
    """A newer lorbot wrote the dossier; this one would lose what it does not know."""

    def __init__(self, path: str, schema: int, known: int) -> None:
        super().__init__(path, f"schema {schema}")
        sentence = f"the dossier {path} was written by a newer lorbot (schema {schema}; this one knows up to {known})"
        self.args = (f"{sentence}; upgrade lorbot to read it",)


class MaterialUnreadableError(LorbotError):
    """The file of a material is missing or is not what was stored."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"the material {path} {why}; restore it from a backup, or ask the applicant to send the document again"
        )


class MailboxError(LorbotError):
    """The IMAP server cannot be reached or refuses; worth trying again."""


class LoginRefusedError(MailboxError):
    """The IMAP server refused the login; trying again soon only locks the account."""


class SendingError(LorbotError):
    """The SMTP server cannot be reached or refuses the session before any mail was offered."""


class UnparseableMailError(LorbotError):
    """A mail that cannot be read safely; it goes to quarantine."""


class TemplateError(LorbotError):
    """A template is missing a value or is broken; the sentence names the template and the value."""

    exit_code = 2


class NoDossierError(LorbotError):
    """Nobody of that name or address has a dossier here."""

    def __init__(self, wanted: str, known: tuple[str, ...]) -> None:
        there = f"there are: {', '.join(known)}" if known else "there is none yet"
        super().__init__(f"there is no dossier of {wanted}; {there}")


class ImportRefusedError(LorbotError):
    """A file is not taken as an export, or must not take the place of what is there."""

    def __init__(self, path: object, why: str, remedy: str) -> None:
        super().__init__(f"{path} {why}; {remedy}. Nothing was changed.")
