"""Which letter a portal's notice is about: by the number of the letter, else by the name of its writer.

Invariant: one letter is only found where nothing in the notice speaks against it; else all that may be meant are given.
"""

from lorbot.core import letters, names
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.notice import Notice, serves
from lorbot.core.value import Line, value

MAY_ARRIVE = letters.UNDER_WAY | {State.REPORTED, State.ASKED, State.HELD, State.SILENT}
"""A letter that can come by itself: the mentor was asked, and has not said no."""

_MOST_ASKED = 8  # letters that one question lists


@value
class Found:
    """The letter, or why it is not sure which, and those that may be meant."""

    letter: Letter | None = None
    why: Line = ""
    perhaps: tuple[Letter, ...] = ()


def find(dossier: Dossier, notice: Notice) -> Found:
    """The letter that `notice` is about. Closed letters count as well: a name must mean one person."""
    about = tuple(
        x
        for x in dossier.letters
        if serves(notice.services, notice.domains, dossier.application(x.application)) and not letters.never_begun(x)
    )
    coming = tuple(x for x in about if x.state in MAY_ARRIVE)[:_MOST_ASKED]
    if why := _for_somebody_else(dossier, notice):
        return Found(why=why, perhaps=coming)
    by_number = tuple(x for x in about if _number(dossier, x) in notice.letter_ids)
    if len(notice.writers) > 1 or len(by_number) > 1 or len(notice.letter_ids) > 1:
        return Found(why="it speaks of several letters", perhaps=by_number or coming)
    by_name = tuple(x for x in about if notice.writers and _is_writer(dossier, x, notice.writers[0]))
    if by_number:
        fits = not notice.writers or by_number[0] in by_name
        return Found(letter=by_number[0]) if fits else _contradicting(notice, by_number + by_name)
    return _by_name(dossier, notice, by_name, coming)


def _by_name(dossier: Dossier, notice: Notice, by_name: tuple[Letter, ...], coming: tuple[Letter, ...]) -> Found:
    if not notice.writers:
        return Found(why="it does not name the writer", perhaps=coming)
    if not by_name:
        return Found(why=f"nobody I know writes for this under the name {notice.writers[0]}", perhaps=coming)
    if len(by_name) > 1:
        several = len({x.mentor for x in by_name}) > 1
        why = f"{notice.writers[0]} can be more than one person" if several else "there is more than one such letter"
        return Found(why=why, perhaps=by_name[:_MOST_ASKED])
    if notice.letter_ids and _number(dossier, by_name[0]):
        return _contradicting(notice, by_name)  # the number is known, and it is another one
    return Found(letter=by_name[0])


def _contradicting(notice: Notice, perhaps: tuple[Letter, ...]) -> Found:
    once = tuple(dict.fromkeys(x.id for x in perhaps))
    kept = tuple(next(x for x in perhaps if x.id == wanted) for wanted in once)[:_MOST_ASKED]
    return Found(why=f"the letter's number {notice.letter_ids[0]} and the writer do not go together", perhaps=kept)


def _for_somebody_else(dossier: Dossier, notice: Notice) -> str:
    """Why the notice is not this applicant's, where it has a number of the applicant's that is not known here."""
    known = {_digits(number) for number in dossier.applicant.identifiers.values()}
    other = [number for number in notice.applicant_ids if number not in known]
    same_kind = {len(number) for number in known}
    return f"it is for the applicant with the number {other[0]}" if other and len(other[0]) in same_kind else ""


def _number(dossier: Dossier, letter: Letter) -> str:
    """The number of this one letter, "" where it has none of its own: one for all tells nothing."""
    return _digits(dossier.application(letter.application).letter_ids.get(letter.mentor, ""))


def _digits(number: str) -> str:
    return "".join(c for c in number if c.isascii() and c.isdigit())


def _is_writer(dossier: Dossier, letter: Letter, writer: str) -> bool:
    return names.may_be_one(dossier.mentor(letter.mentor).name, writer)
