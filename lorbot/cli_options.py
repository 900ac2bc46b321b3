"""What the commands of the command line have in common: the option that names the configuration, and how errors end."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from lorbot.errors import LorbotError

CONFIG = click.option(
    "--config", "-c", "config", type=click.Path(path_type=Path), default=Path("config.toml"), show_default=True,
    envvar="LORBOT_CONFIG", help="The configuration file.",
)  # fmt: skip


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Errors a user can mend become one sentence on stderr and the exit code of their class."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except LorbotError as error:
            click.echo(f"lorbot: {error}", err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            sys.exit(130)

    return run
