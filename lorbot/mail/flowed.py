"""Text of format=flowed (RFC 3676) with its soft line breaks taken out."""

_SIGNATURE = "-- "


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Paragraphs as one line each; quoted lines join only lines of the same depth (RFC 3676 section 4.5)."""
    lines: list[str] = []
    open_depth = -1  # of the paragraph that still flows
    for raw in text.replace("\r\n", "\n").split("\n"):
        content = raw.lstrip(">")
        depth = len(raw) - len(content)
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != _SIGNATURE
        if flows and delete_space:
            content = content[:-1]
        if depth == open_depth and content != _SIGNATURE:
            lines.append(content)
        else:
            lines += ["\n", f"{'>' * depth}{' ' if depth and content else ''}", content]
        open_depth = depth if flows else -1
    return "".join(lines).removeprefix("\n")
