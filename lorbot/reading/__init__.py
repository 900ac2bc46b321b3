"""A mentor's words to a Reading."""

from collections.abc import Callable, Mapping

from lorbot.reading.reader import Reader, RuleReader
from lorbot.reading.trained import TrainedReader


def default_reader() -> Reader:
    """The reader that lorbot reads with: in the daemon, for `lorbot read` and for `lorbot eval`."""
    return TrainedReader()


READERS: Mapping[str, Callable[[], Reader]] = {
    "default": default_reader,
    "rules": RuleReader,
    "trained": TrainedReader,
}
"""Every reader in this package, by its name on the command line."""
