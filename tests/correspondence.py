"""A correspondence without mail servers: what a mentor writes is read by the reader that ships, and what follows is
rendered; only the bytes of the mails are left out.
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from typing import Any

from mentors import LOPEZ, World, asked, wrote

from lorbot.core.correspondence import Mail
from lorbot.core.dossier import Dossier, Letter
from lorbot.core.events import MentorWrote, SomebodyElseWrote
from lorbot.core.letters import STAGE_OF, TO_APPLICANT
from lorbot.core.message import Address, Attachment, Incoming
from lorbot.reading import default_reader
from lorbot.reading.reader import Reader, Said

NUMBERS = count(1)


@cache
def reader() -> Reader:
    """The reader that ships."""
    return default_reader()


@dataclass
class Told(World):
    """A world in which people write in words. `seen` counts the mails that have been looked at."""

    seen: int = 0

    @property
    def letter(self) -> Letter:
        return self.dossier.letter("l1")

    def lopez(self, words: str, *, sender: str = LOPEZ, attached: str = "", about: tuple[str, ...] = ("l1",)) -> None:
        """Dr. Lopez, or somebody at another address, answers in the thread."""
        files = (Attachment(name=attached, media_type="application/pdf", sha256="f" * 64, size=9),) if attached else ()
        number = next(NUMBERS)
        mail = Incoming(
            message_id=f"{number}@hospital.example", content_hash=f"{number:064}", subject="Re: Letter", text=words,
            sender=Address(email=sender, name="Elena Lopez"), attachments=files,
        )  # fmt: skip
        stage = STAGE_OF[self.dossier.letter(about[0]).state]
        reading = reader().read(Said(words=words, stage=stage, written_on=self.now.date(), attachments=files))
        known = {self.dossier.mentor("m1").email, *self.dossier.mentor("m1").addresses}
        if sender not in known:
            self.happens(SomebodyElseWrote(incoming=mail, mentor="m1", reading=reading, letters=about))
        else:
            self.happens(MentorWrote(incoming=mail, mentor="m1", reading=reading, genuine=True, letters=about))
        self.leave()

    def nadia(self, words: str) -> None:
        """The applicant answers the newest mail that waits for a word."""
        waiting = {q.id for q in self.dossier.questions} | {o.id for o in self.dossier.open_commands}
        waiting |= {p.id for p in self.dossier.previews}
        key = next(m.key for _, m in reversed(self.sent) if m.key in waiting)
        number = next(NUMBERS)
        event = wrote(words, key, number)
        self.happens(replace(event, incoming=replace(event.incoming, content_hash=f"{number:064}")))
        self.leave()

    def new(self) -> tuple[list[Mail], list[Mail]]:
        """What has left since the last look: for mentors, and for the applicant."""
        mails = [m for _, m in self.sent[self.seen :]]
        self.seen = len(self.sent)
        return [m for m in mails if m.purpose not in TO_APPLICANT], [m for m in mails if m.purpose in TO_APPLICANT]


def begun(dossier: Dossier | None = None, *, agreed: bool = False, **more: Any) -> Told:
    """Dr. Lopez has the ask; with `agreed` she has said yes and has the packet."""
    world = Told(dossier or asked(), **more)
    if agreed:
        world.lopez("Sure, gladly. I would be delighted to write you a strong letter.")
        assert world.letter.packet_at is not None
    world.new()
    return world
