"""A mentor hands the letter on: to an assistant or an office, which gets copies once the applicant agrees."""

import re
from dataclasses import replace

from lorbot.core import addressing, letters
from lorbot.core.case import Case
from lorbot.core.consequences import asking, without_overtaken
from lorbot.core.decision import Decision
from lorbot.core.dossier import State
from lorbot.core.move import Answer, open_still, says, sentence
from lorbot.core.reading import Signal, Stance

EXAMPLE = "name@example.edu"
_HANDLES = re.compile(
    r"\b(?:assistant|secretary|secretaries|coordinator|co-ordinator|administrator|admin|clerkship (?:office|director)"
    r"|(?:my|our|the|department|student|education|program) office|office manager|copy|cc|handles?|takes? care of"
    r"|deals? with|uploads?)\b",
    re.IGNORECASE,
)
_OFFICE_WRITES = re.compile(
    r"\b(?:clerkship|office|coordinator|committee|department)\b[^.!?]{0,40}\b(?:does|do|writes?|handles?|sends?|prepares?)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:clerkship|committee|departmental|department letter|group letter|sloe|eslo[er])\b", re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")


def is_handed_on(case: Case) -> bool:
    """Whether somebody is named who does the work for the mentor, and the letter is not refused."""
    return (
        case.has(Signal.REDIRECT)
        and case.is_open
        and case.reading.stance is not Stance.LUKEWARM
        and bool(_told_by(case).search(case.reading.words))
    )


def _told_by(case: Case) -> re.Pattern[str]:
    """A no is handed on only where an office is said to write: "the clerkship office does these letters"."""
    return _OFFICE_WRITES if case.reading.stance is Stance.NO else _HANDLES


def handed_on(case: Case) -> Decision:
    """The applicant is asked; nobody gets a copy, and no packet goes, without a word."""
    undecided = case.letter.state in {State.ASKED, State.SILENT}
    letter = replace(case.letter, waiting=undecided or case.letter.waiting, reason=case.telling)
    case = replace(case, dossier=without_overtaken(case.dossier, letter).with_letter(letter), letter=letter)
    rest = ("write:", "nothing") if letter.state in letters.UNDER_WAY else ("packet", "write:", "backup", "nothing")
    group = bool(_GROUP.search(case.reading.words))
    return asking(case, "delegated", (f"cc {_address(case) or EXAMPLE}", *rest), more={"group": group})


def copied(answer: Answer) -> Decision:
    """The address gets a copy of what a mentor needs for the letter, from now on."""
    mentor = answer.mentor
    if EXAMPLE in answer.word.rest:
        return open_still(answer, "Please write the right address in place of the example.")
    try:
        email = addressing.address_in(answer.word.rest)
        addressing.check_free(answer.dossier, mentor, email)
    except addressing.AddressError as error:
        return open_still(answer, sentence(str(error)))
    if email in {mentor.email, *mentor.addresses}:
        return open_still(answer, f"{email} is the address of {mentor.name}; a copy there would be a second mail.")
    answer = replace(answer, dossier=answer.dossier.with_mentor(replace(mentor, assistant=email)))
    told = f"From now on {email} gets a copy of the packet and of every reminder to {mentor.name}."
    if answer.also or answer.letter.state in letters.UNDER_WAY or answer.question.topic != "delegated":
        return says(answer, told)
    others = ", ".join(c for c in answer.question.choices if not c.startswith("cc "))
    return open_still(
        answer, told, f"How to go on with the letter is still open; answer this mail with one of: {others}"
    )


def _address(case: Case) -> str:
    """The one address that the mail names beside the mentor's own; "" for none, or several."""
    mentor = case.dossier.mentor(case.letter.mentor)
    own = {mentor.email, *mentor.addresses, case.dossier.applicant.email}
    found = {e.lower().strip(".") for e in _EMAIL.findall(case.reading.words)} - own
    return found.pop() if len(found) == 1 else ""
