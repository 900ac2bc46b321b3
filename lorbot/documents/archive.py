"""A zip file that is never unpacked: its parts are read in memory, one at a time, each to a limit."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

MOST_PARTS = 2_000
MOST_UNPACKED = 200_000_000  # bytes, of all parts together as the archive declares them
MOST_OF_ONE = 30_000_000  # bytes of one part that are read
_SUSPICIOUS = 200  # times its packed size; text packs to a tenth, seldom to a fiftieth


class Archive:
    """Raises zipfile.BadZipFile for what is none."""

    def __init__(self, content: bytes) -> None:
        self._zip = zipfile.ZipFile(BytesIO(content))
        self._size = len(content)

    @property
    def names(self) -> list[str]:
        return self._zip.namelist()

    @property
    def is_bomb(self) -> bool:
        """Whether the archive says that it becomes something enormous."""
        parts = self._zip.infolist()
        unpacked = sum(part.file_size for part in parts)
        return len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or unpacked > max(self._size, 50_000) * _SUSPICIOUS

    def part(self, name: str) -> bytes:
        """A part, cut at the limit whatever the archive declares; b"" where there is none of that name."""
        if name not in self._zip.NameToInfo:
            return b""
        with self._zip.open(name) as part:
            return part.read(MOST_OF_ONE)

    def parts(self, names: Iterator[str]) -> Iterator[bytes]:
        for name in names:
            yield self.part(name)
