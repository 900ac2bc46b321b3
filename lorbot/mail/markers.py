"""The text between two marker lines of a preview, when an answer brings it back.

Read line by line: mail programs put marks of quoting before each line, and break or trim a marker itself.
"""

from textwrap import dedent


def between_markers(text: str, begin: str, end: str) -> str | None:
    """The text between two marker lines that came back in a reply; None without both.

    As many marks of quoting are taken off as stand before the first marker: the others are the writer's. A program may
    have broken a marker in two, or trimmed its dashes, and HTML may have indented the whole.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    bare = [_without_marks(line, len(line)) for line in lines]
    opened = _find_marker(bare, begin, 0)
    if opened is None:
        return None
    closed = _find_marker(bare, end, opened[1])
    if closed is None:
        return None
    depth = _marks(lines[opened[0]])
    between = (_without_marks(line, depth).rstrip() for line in lines[opened[1] : closed[0]])
    return dedent("\n".join(between)).strip("\n")


def _marks(line: str) -> int:
    """How many marks of quoting a line has in front."""
    return sum(char in ">|" for char in line[: len(line) - len(line.lstrip("> |\t"))])


def _without_marks(line: str, most: int) -> str:
    """The line without its first marks of quoting; what it was indented by stays."""
    start = marks = 0
    for at, char in enumerate(line):
        if marks == most or char not in ">| \t":
            break
        if char in ">|":
            start, marks = at + 1, marks + 1
    return line[start:].removeprefix(" ") if start else line


def _find_marker(lines: list[str], marker: str, start: int) -> tuple[int, int] | None:
    """Where a marker stands, from and up to: on one line, or broken over two."""
    wanted = _bare(marker)
    if not wanted:
        return None
    for at in range(start, len(lines)):
        if _bare(lines[at]) == wanted:
            return at, at + 1
        if at + 1 < len(lines) and _bare(f"{lines[at]} {lines[at + 1]}") == wanted and _bare(lines[at]):
            return at, at + 2
    return None


def _bare(line: str) -> str:
    """A marker's words alone."""
    return " ".join(line[:500].strip(" \t-–—=_*~#\xa0").casefold().split())
