"""A mail in two lines for somebody who looks on: who, to whom, when, and the sentence that tells.

A quiet mail (an acknowledgement between the applicant and lorbot) is one dim line.
"""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import click

from lorbot.core import dates, names
from lorbot.core.message import Address, Incoming
from lorbot.mail.message import parse
from lorbot.mail.quotes import own_words
from lorbot.sandbox.story import APPLICANT, APPLICANT_EMAIL, ENDINGS, HOME, LORBOT

_SENTENCE = re.compile(r"(?<=[.!?])(?<!\bDr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\b[A-Z]\.)\s+")
_TELLING: tuple[tuple[str, int], ...] = (
    (r"strong", 6), (r"uploaded|submitted|attached", 4), (r"matched", 4), (r"out of the office", 4), (r"sorry", 2),
    (r"not (?:been )?opened", 5), (r"thank you for", 3), (r"deadline|due", 2), (r"honest|general|one week", 4),
    (r"no more|last note|again about", 3), (r"i appreciate", 4), (r"agreed|declin|hesita", 3), (r"answer", 1),
    (r"happy to|glad", 3), (r"program sends", -9), (r"happens next|answer with", -3),
)  # fmt: skip
_GREETING = re.compile(r"^(?:dear|hi|hello|hey)\b(?:[^.!?]|\b(?:dr|prof|mr|mrs|ms)\.){0,60}[,:]?$", re.IGNORECASE)
_FORM_LINE = re.compile(r"^[a-z][a-z ]{1,20}: ", re.IGNORECASE)
_WIDTH = 110


@dataclass(frozen=True, kw_only=True)
class Line:
    """One mail as it is shown in the terminal and on the page."""

    when: str  # "Mon 14 Jun 27 09:00"
    day: str  # "Monday, June 14, 2027"
    clock: str  # "09:00"
    stamp: str  # "2027-06-14"
    sender: str
    recipient: str
    subject: str
    telling: str
    text: str
    side: str  # "applicant", "mentor" or "lorbot": whose words
    with_mentor: str  # the mentor's address, for the colour; "" between applicant and lorbot
    files: tuple[str, ...]

    @property
    def is_quiet(self) -> bool:
        """Whether it only acknowledges."""
        return self.side == "lorbot" and not self.with_mentor and self.subject.startswith("Re: ")

    def shown(self, before: "Line | None" = None) -> str:
        """For a terminal, in colour where there is any; under a heading where a new day begins."""
        heading = "" if before and before.day == self.day else f"\n{click.style(self.day, bold=True)}\n"
        enclosed = f"  [{', '.join(self.files)}]" if self.files else ""
        if self.is_quiet:
            return heading + click.style(f"  {self.clock}  {self.sender} → {self.recipient}: {self.subject}", dim=True)
        colour = {"applicant": "green", "mentor": "cyan"}.get(self.side, "yellow")
        who = f"{click.style(self.sender, fg=colour)} → {self.recipient}"
        telling = f"\n{'':9}{_cut(self.telling)}" if self.telling else ""
        return f"{heading}  {self.clock}  {who}: {_shortened(self.subject)}{enclosed}{telling}"

    def file_name(self) -> str:
        """What the .eml is called, after its number."""
        words = f"{self.stamp}-{self.sender}-to-{self.recipient}-{self.subject}".lower()
        return re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:70]


def line_of(raw: bytes, incoming: Incoming) -> Line:
    """The mail as a line."""
    local = incoming.date.astimezone(ZoneInfo(str(HOME))) if incoming.date else None
    words = _unsigned(own_words(incoming.text, html=parse(raw).html).kept, incoming.sender.name)
    mentor = next((a.email for a in (incoming.sender, *incoming.to) if a.email not in (LORBOT, APPLICANT_EMAIL)), "")
    side = {APPLICANT_EMAIL: "applicant", LORBOT: "lorbot"}.get(incoming.sender.email, "mentor")
    return Line(
        when=f"{local:%a %d %b %y %H:%M}" if local else "",
        day=dates.say(local.date()) if local else "",
        clock=f"{local:%H:%M}" if local else "",
        stamp=f"{local:%Y-%m-%d}" if local else "",
        sender=_who(incoming.sender),
        recipient=", ".join(_who(a) for a in incoming.to if len(incoming.to) == 1 or a.email != LORBOT) or "lorbot",
        subject=incoming.subject,
        telling=telling_sentence(words) if mentor or side == "applicant" else "",
        text=words if side != "lorbot" else incoming.text,
        side=side,
        with_mentor=mentor,
        files=tuple(a.name for a in incoming.attachments),
    )


def telling_sentence(words: str) -> str:
    """The sentence a bystander would repeat; of a form, its first lines."""
    lines = [line.strip() for line in words.split("\n") if line.strip() and not _GREETING.match(line.strip())]
    if lines and all(_FORM_LINE.match(line) for line in lines[:2]):
        return " · ".join(lines[:2]) + (" · …" if len(lines) > 2 else "")
    sentences = [s.strip() for s in _SENTENCE.split(" ".join(lines)) if s.strip()]
    best = max(range(len(sentences)), key=lambda i: (_weight(sentences[i]), -i), default=None)
    return "" if best is None else f"“{sentences[best]}”"


def _weight(sentence: str) -> int:
    return sum(weight for pattern, weight in _TELLING if re.search(pattern, sentence.lower()))


def _unsigned(words: str, name: str) -> str:
    """The words without the name under them."""
    lines = words.rstrip().split("\n")
    while lines and (not lines[-1].strip() or set(lines[-1].split()) <= {*name.split(), "Tom", "Sam", "J."}):
        lines = lines[:-1]
    return "\n".join(lines)


def _who(address: Address) -> str:
    """A name to be read in passing: "Dr. Lopez", "Nadia", "lorbot"."""
    if address.email == LORBOT:
        return "lorbot" if "via" not in address.name else f"{names.given_name(address.name)} (by lorbot)"
    if address.email == APPLICANT_EMAIL:
        return names.given_name(APPLICANT)
    mentor = next((e.mentor for e in ENDINGS if e.email == address.email), address.name)
    return names.formal(mentor) or address.email


def _shortened(subject: str, most: int = 64) -> str:
    return subject if len(subject) <= most else subject[: most - 2].rsplit(" ", 1)[0] + " …"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 2].rsplit(" ", 1)[0] + " …”"
