"""The text between two marker lines of a preview, when an answer brings it back.

Read line by line: mail programs put marks of quoting before each line, and break or trim a marker itself.
"""


def between_markers(text: str, begin: str, end: str) -> str | None:
    """The text between two marker lines that came back in a reply, quoting marks taken off; None without both.

    A program may have broken a marker in two, or trimmed its dashes.
    """
    lines = [_without_marks(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    opened = _find_marker(lines, begin, 0)
    if opened is None:
        return None
    closed = _find_marker(lines, end, opened[1])
    if closed is None:
        return None
    return "\n".join(line.rstrip() for line in lines[opened[1] : closed[0]]).strip("\n")


def _without_marks(line: str) -> str:
    """The line without marks of quoting; what it was indented by stays."""
    start = 0
    for at, char in enumerate(line):
        if char in ">|":
            start = at + 1
        elif char not in " \t":
            break
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
