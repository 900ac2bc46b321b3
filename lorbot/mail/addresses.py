"""The mailboxes of an address header (RFC 5322 section 3.4), read in one pass.

Encoded words are decoded after the header was taken apart, so that no decoded comma or bracket makes an address.
The display name never becomes the address (CVE-2023-27043).
"""

import re
from dataclasses import dataclass, field

from lorbot.core.message import Address
from lorbot.mail.words import decode_words

MOST_MAILBOXES = 500

_ADDR_SPEC = re.compile(r"[^\s<>@,;:\"()\[\]\\\x00-\x1f\x7f]{1,64}@[^\s<>@,;:\"()\[\]\\\x00-\x1f\x7f]{1,255}")


def mailboxes(value: str) -> tuple[Address, ...]:
    """Every mailbox in an unfolded header value, in order. One that cannot be read has an empty `email`."""
    scanner = _Scanner()
    for char in value:
        scanner.take(char)
        if len(scanner.found) >= MOST_MAILBOXES:
            break
    scanner.end_mailbox()
    return tuple(scanner.found)


@dataclass
class _Scanner:
    """Where the reading of an address header stands."""

    found: list[Address] = field(default_factory=list)
    phrase: list[str] = field(default_factory=list)
    angle: list[str] = field(default_factory=list)
    comment: int = 0
    place: str = "phrase"  # phrase, quoted, angle, after
    escaped: bool = False

    def take(self, char: str) -> None:
        if self.escaped:
            self.escaped = False
            self._keep(char)
        elif char == "\\" and (self.comment or self.place == "quoted"):
            self.escaped = True
        elif self.place == "quoted":
            self._in_quotes(char)
        elif char == "(":
            self.comment += 1
        elif self.comment:
            self.comment -= char == ")"
        elif self.place == "angle":
            self._in_angle(char)
        else:
            self._in_phrase(char)

    def end_mailbox(self) -> None:
        """Add the mailbox read so far, if there is one."""
        phrase, angle = "".join(self.phrase).strip(), "".join(self.angle).strip()
        if self.place in {"angle", "after"}:
            self.found.append(Address(email=_addr_spec(angle), name=decode_words(phrase)))
        elif "@" in phrase:
            self.found.append(Address(email=_addr_spec(phrase)))
        self.phrase, self.angle, self.place = [], [], "phrase"

    def _keep(self, char: str) -> None:
        if not self.comment:
            self.phrase.append(char)

    def _in_quotes(self, char: str) -> None:
        if char == '"':
            self.place = "phrase"
        else:
            self.phrase.append(char)

    def _in_angle(self, char: str) -> None:
        if char == ">":
            self.place = "after"
        else:
            self.angle.append(char)

    def _in_phrase(self, char: str) -> None:
        if char in ",;":
            self.end_mailbox()
        elif char == "<":
            if self.place == "after":
                self.end_mailbox()
            self.place = "angle"
        elif char == '"' and self.place == "phrase":
            self.place = "quoted"
        elif char == ":" and self.place == "phrase":
            self.phrase = []  # the name of a group
        elif self.place == "phrase":
            self.phrase.append(char)


def _addr_spec(text: str) -> str:
    """The address in lower case, without a source route; "" where it is none."""
    if text.startswith("@"):
        text = text.rpartition(":")[2]
    text = text.strip().rstrip(".")
    return text.lower() if _ADDR_SPEC.fullmatch(text) else ""
