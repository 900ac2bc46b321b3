"""The embedded mail server, and the simulated people of the demo.

The server's packages are an extra: only `mail_server_class` loads them.
"""

from typing import TYPE_CHECKING

from lorbot.errors import LorbotError

if TYPE_CHECKING:
    from lorbot.sandbox.server import MailServer


class SandboxNotInstalledError(LorbotError):
    """The packages of the embedded mail server are not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"the embedded mail server needs the package {package}, which is not installed; "
            "install it with: pip install 'lorbot[sandbox]'"
        )


def mail_server_class() -> type["MailServer"]:
    """The class of the embedded mail server. Raises SandboxNotInstalledError when its packages are missing."""
    try:
        from lorbot.sandbox.server import MailServer  # noqa: PLC0415 - an extra, loaded when it is wanted
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == "lorbot":
            raise
        raise SandboxNotInstalledError(package) from error
    return MailServer
