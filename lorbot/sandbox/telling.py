"""A mail in two lines for somebody who looks on: who, to whom, when, and the sentence that tells."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import click

from lorbot.core import names
from lorbot.core.message import Address, Incoming
from lorbot.mail.message import parse
from lorbot.mail.quotes import own_words
from lorbot.sandbox.story import APPLICANT, APPLICANT_EMAIL, ENDINGS, HOME, LORBOT

_SENTENCE = re.compile(r"(?<=[.!?])(?<!\bDr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\b[A-Z]\.)\s+")
_TELLING: tuple[tuple[str, int], ...] = (
    (r"strong", 4), (r"uploaded|submitted|attached", 4), (r"matched", 4), (r"out of the office", 4), (r"sorry", 2),
    (r"not (?:been )?opened", 5), (r"thank you for", 3), (r"deadline|due", 2), (r"honest|general|one week", 4),
    (r"no more|last note|again about", 3), (r"i appreciate", 4), (r"agreed|declin|hesita", 3), (r"answer", 1),
    (r"happy to|glad", 3), (r"program sends", -9), (r"happens next|answer with", -3),
)  # fmt: skip
_GREETING = re.compile(r"^(?:dear|hi|hello|hey)\b[^.!?]{0,60}[,:]?$", re.IGNORECASE)
_WIDTH = 110


@dataclass(frozen=True, kw_only=True)
class Line:
    """One mail as it is shown in the terminal and on the page."""

    when: str
    stamp: str
    sender: str
    recipient: str
    subject: str
    telling: str
    text: str
    side: str  # "applicant", "mentor" or "lorbot": whose words
    with_mentor: str  # the mentor's address, for the colour; "" between applicant and lorbot
    files: tuple[str, ...]

    def shown(self) -> str:
        """Two lines for a terminal, in colour where there is any."""
        colour = {"applicant": "green", "mentor": "cyan"}.get(self.side, "yellow")
        who = f"{click.style(self.sender, fg=colour)} → {self.recipient}"
        head = f"{self.when}  {who}:  {click.style(self.subject, bold=True)}"
        enclosed = f"  [{', '.join(self.files)}]" if self.files else ""
        return f"{head}{enclosed}" + (f"\n{'':18}{_cut(self.telling)}" if self.telling else "")

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
    """The sentence a bystander would repeat."""
    lines = [line for line in words.split("\n") if line.strip() and not _GREETING.match(line.strip())]
    sentences = [s.strip() for s in _SENTENCE.split(" ".join(lines)) if s.strip()]
    if not sentences:
        return ""
    scored = [
        (sum(weight for pattern, weight in _TELLING if re.search(pattern, s.lower())), -i)
        for i, s in enumerate(sentences)
    ]
    return "“" + sentences[-max(scored)[1]] + "”"


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


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 2].rsplit(" ", 1)[0] + " …”"
