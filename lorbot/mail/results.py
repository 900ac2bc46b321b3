"""Authentication-Results as a receiving server writes them (RFC 8601 section 2.2), read in one pass.

A header that is not well formed says nothing: it is None, never a part of what it might have meant.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[=;]|[^\s=;"]+')
_ESCAPED = re.compile(r"\\(.)")

LONGEST = 4096  # characters; no server writes more, and RFC 8601 asks nobody to read more


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One method and what it found: `dkim`, `pass`, and properties such as `header.d`, names and values lower case."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()

    def value(self, name: str) -> str:
        """The property's value; "" where it is missing or stands more than once with different values."""
        found = {content for key, content in self.properties if key == name}
        return found.pop() if len(found) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What one header says, and who says it; Microsoft 365 leaves its name out, so that `server` is ""."""

    server: str
    statements: tuple[Statement, ...] = ()


def read_results(header: str) -> Results | None:
    """The header taken apart; None where it is too long, empty, or leaves a comment or a quote open."""
    tokens = _tokens(header) if len(header) <= LONGEST else None
    if not tokens:
        return None
    sections = _split(tokens, ";")
    server = "" if "=" in sections[0] else sections[0][0] if sections[0] else ""
    described = sections if "=" in sections[0] else sections[1:]
    return Results(
        server=_bare(server),
        statements=tuple(s for s in (_statement(section) for section in described) if s is not None),
    )


def _statement(section: Sequence[str]) -> Statement | None:
    pairs = [
        (section[i - 1].lower(), _bare(section[i + 1]))
        for i in range(1, len(section) - 1)
        if section[i] == "=" and section[i - 1] != "="
    ]
    # The first word of a statement is its method; "none" alone is no statement.
    if not pairs or len(section) < 3 or section[1] != "=":
        return None
    method = pairs[0][0].partition("/")[0]
    return Statement(method=method, result=pairs[0][1], properties=tuple(pairs[1:]))


def _split(tokens: Sequence[str], sign: str) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for token in tokens:
        if token == sign:
            sections.append([])
        else:
            sections[-1].append(token)
    return sections


def _bare(token: str) -> str:
    """A token's value in lower case; a quoted one keeps its opening quote until here."""
    return token.removeprefix('"').lower()


def _tokens(header: str) -> list[str] | None:
    """Words, "=" and ";" without comments; a quoted string is one word that begins with a quote. None if unclosed."""
    bare = _without_comments(header)
    if bare is None:
        return None
    return [_ESCAPED.sub(r"\1", token[:-1]) if token[0] == '"' else token for token in _TOKEN.findall(bare)]


def _without_comments(header: str) -> str | None:
    """The header with each comment turned into a space (RFC 5322 section 3.2.2); None where one stays open."""
    kept: list[str] = []
    comment, quoted, escaped = 0, False, False
    for char in header:
        if not comment:
            kept.append(" " if char == "(" and not quoted else char)
        if escaped:
            escaped = False
        elif char == "\\" and (comment or quoted):
            escaped = True
        elif char == '"' and not comment:
            quoted = not quoted
        elif not quoted:
            comment += (char == "(") - (char == ")" and comment > 0)
    return None if quoted or comment or escaped else "".join(kept)
