"""The process that looks into one document: its bytes on standard input, a line of JSON after each step."""

import resource
import sys

from pydantic import TypeAdapter

from lorbot.core.documents import Examined
from lorbot.documents import steps

_EXAMINED = TypeAdapter(Examined)


def limit(seconds: int, megabytes: int) -> None:
    """Never more than this, whatever the file holds; and nothing is written to any disk."""
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, megabytes * 1_000_000),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # not every system keeps every limit; the time is watched from outside too
            continue


def main() -> None:
    limit(int(sys.argv[1]), int(sys.argv[2]))
    for found in steps(sys.stdin.buffer.read()):
        sys.stdout.buffer.write(_EXAMINED.dump_json(found) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
