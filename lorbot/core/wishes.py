"""Natural sentences as commands: the courtesies come off, the rest has to be a phrase of the table, whole.

Bounded: of a text only so many sentences are looked at, and of a sentence only so many characters.
"""

import re
from collections.abc import Iterator
from itertools import count, islice

from lorbot.core import commands, names
from lorbot.core.commands import people
from lorbot.core.courtesy import is_courtesy, is_greeting
from lorbot.core.dossier import Dossier
from lorbot.core.open_command import Meaning
from lorbot.core.order import Doubt, Item, Order
from lorbot.core.sentences import SENTENCES, Sentence
from lorbot.core.standing import are_named, names_mentors, standing

_LONGEST = 200  # characters of a sentence
_MOST_LOOKED_AT = 60  # sentences and lines of one mail
_MOST_JOINTS = 8  # places where a sentence may fall into two
_OF_NOBODY = {"pause", "resume", "outcome"}
_MOST_PARTS = 4  # commands in one sentence
_LEAD = re.compile(
    r"(?:(?:(?:hi|hello|hey|dear) )?lorbot[,:!]? |please |kindly "
    r"|(?:ok|okay|great|thanks|thank you|well|so|and|also|then|now|oh|yes)(?:,|!)? )",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"(?:(?:could|can|would|will) you(?: please| kindly| also| maybe)* "
    r"|(?:i'd like|i would like|i want|i need) you to |let's |go ahead and )",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r",? (?:please|now|today|thanks|thank you|as well|too|also|then|for me|right away|asap|soon|lorbot)$", re.IGNORECASE
)
JOINT = re.compile(r"(?:, and then|, and|,| and then| and also| and| then) ", re.IGNORECASE)
_END = re.compile(r"[.!?]+[\"”')]*(?=\s|$)")
_TITLES = {"dr", "prof", "mr", "mrs", "ms", "mx", "st", "vs", "e.g", "i.e"}


def in_sentence(dossier: Dossier, sentence: str, parts: int = _MOST_PARTS) -> tuple[Item, ...]:
    """What a sentence asks for: one command, several joined by "and", or (), where any of it is not clear."""
    said = " ".join(sentence.replace("’", "'").split())
    if not said or len(said) > _LONGEST:
        return ()
    whole = _meant(dossier, said) or _bare_command(dossier, said, parts)
    if whole is not None or parts <= 1:
        return (whole,) if whole else ()
    if _bare(said)[1]:
        said = said.rstrip(" ?.!")  # a request in the shape of a question
    for joint in islice(JOINT.finditer(said), _MOST_JOINTS):
        first = standing(dossier, said[: joint.start()]) or _meant(dossier, said[: joint.start()])
        rest = _rest(dossier, first, said[joint.end() :], parts - 1) if first else ()
        if first and rest:
            return (first, *rest)
    return ()


def in_prose(dossier: Dossier, text: str, sender: str) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """The wishes of a text, and the sentences in which none was found."""
    found: list[Item] = []
    left: list[str] = []
    looks = count(1)
    for sentence in sentences(text):
        whole = in_sentence(dossier, sentence) if next(looks) <= _MOST_LOOKED_AT else ()
        for piece in (sentence,) if whole or "\n" not in sentence else sentence.split("\n"):
            again = not whole and piece is not sentence and next(looks) <= _MOST_LOOKED_AT
            wished = in_sentence(dossier, piece) if again else whole
            found += wished
            if not (wished or is_courtesy(piece, sender) or is_greeting(piece)):
                left.append(" ".join(piece.split()))
    return tuple(found), tuple(left)


def may_be(line: str) -> bool:
    """Whether a line reads like a sentence for lorbot, as far as that can be told without knowing anybody: it names
    somebody with a title, or it stops, goes on, or tells the outcome.
    """
    said = " ".join(line.replace("’", "'").split())
    variants, requested = _bare(said) if len(said) <= _LONGEST else ([], False)
    if "?" in said[-3:] and not requested:
        return False
    found = [(row, slots) for row in SENTENCES for bare in variants if (slots := row.found_in(bare)) is not None]
    return any(
        commands.named(row.means[0].partition(" ")[0]) is not None
        and (row.means[0] in _OF_NOBODY or any(names.is_titled(name) for name in people.split_names(slots["who"])))
        for row, slots in found
    )


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, lines kept; "Dr." ends none."""
    for paragraph in text.split("\n\n"):
        start = 0
        for end in _END.finditer(paragraph):
            before = paragraph[start : end.start()].rsplit(None, 1)[-1:]
            last = before[0].lower() if before else ""
            if end[0] == "." and (last in _TITLES or names.is_suffix(last) or (len(last) == 1 and last.isalpha())):
                continue
            yield paragraph[start : end.end()].strip()
            start = end.end()
        if paragraph[start:].strip():
            yield paragraph[start:].strip()


def _rest(dossier: Dossier, first: Item, said: str, parts: int) -> tuple[Item, ...]:
    """The second half of a sentence; its verb may be that of the first: "ask Lopez for ERAS and Kim for AMCAS"."""
    found = in_sentence(dossier, said, parts)
    if found or isinstance(first, Doubt) or not names_mentors(first.command):
        return found
    return in_sentence(dossier, f"{first.command.name} {said}", parts)


def _bare_command(dossier: Dossier, said: str, parts: int) -> Item | None:
    """The command that is left without courtesies: "also please pause", "could you pause?"."""
    variants, requested = _bare(said)
    asked = "?" if said.endswith("?") and not requested else ""
    bare = [variant for variant in variants if variant != said] if parts == _MOST_PARTS else variants
    return next((found for variant in bare if (found := standing(dossier, variant + asked))), None)


def _meant(dossier: Dossier, said: str) -> Item | None:
    """What the whole of `said` asks for."""
    variants, requested = _bare(said)
    question = "?" in said[-3:] and not requested
    rows = [row for row in SENTENCES if row.asks or not question]
    lines: list[tuple[Sentence, str]] = []
    for bare in variants:
        lines = lines or [(row, line) for row in rows for line in _lines(dossier, row, bare)]
    if not lines:
        return None
    distinct = tuple(dict.fromkeys(line for _, line in lines))
    if len(distinct) > 1 or not all(row.sure for row, _ in lines):
        return Doubt(said=said, meanings=tuple(_meaning(line) for line in distinct))
    command = commands.named(distinct[0].partition(" ")[0])
    assert command is not None
    return Order(command=command, argument=distinct[0].partition(" ")[2], line=said, taken_as=distinct[0])


def _bare(said: str) -> tuple[list[str], bool]:
    """A sentence without the courtesies before it, and then without each behind it; and whether it is a request."""
    said, requested = said.strip(" .!?…\"“”'-–—"), False
    while lead := _LEAD.match(said) or _REQUEST.match(said):
        requested = requested or bool(_REQUEST.match(said))
        said = said[lead.end() :].lstrip()
    variants = [said]
    while tail := _TAIL.search(variants[-1]):
        variants.append(variants[-1][: tail.start()].rstrip(" ,"))
    return variants, requested


def _lines(dossier: Dossier, row: Sentence, said: str) -> Iterator[str]:
    """The commands that a row means with these people and this application; none where a name is no name."""
    slots = row.found_in(said)
    if slots is None:
        return
    who, what = slots["who"].removeprefix("both "), slots["what"]
    everyone = who.lower() in {"everyone", "everybody", "all my mentors", "all mentors"} and row.means[0][:4] == "ask "
    if who and not everyone and not are_named(dossier, who):
        return
    wanted = people.purpose_in(what)
    application = people.the_application(dossier, wanted)[0] if wanted else None
    if wanted and application is None:
        return
    purpose = f" for {application.name}" if application else ""
    for line in row.means:
        if commands.named(line.partition(" ")[0]) is not None:
            meant = line.replace(" for {what}", "").replace("{who}", _in_full(dossier, who))
            yield meant + (purpose if line.partition(" ")[0] == "ask" or "{what}" in line else "")


def _in_full(dossier: Dossier, who: str) -> str:
    """The names as they are known, where each is clear; else as they were written."""
    full = []
    for name in people.names_in(dossier, who):
        found = people.find_mentors(dossier, name)
        full.append((len(found) == 1 and people.in_full(dossier, found[0])) or name)
    return " and ".join(full)


def _meaning(line: str) -> Meaning:
    command = commands.named(line.partition(" ")[0])
    return Meaning(label=line, detail=command.does if command else "", line=line)
