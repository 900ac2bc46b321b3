"""Whom and what the applicant means: a mentor by name or address, an application by name.

Ambiguity is never resolved by a guess: the answer lists who could be meant.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from lorbot.core import names
from lorbot.core.application import Application
from lorbot.core.dossier import Dossier, Letter, Mentor, State
from lorbot.core.value import Line, value

_FOR = re.compile(r"\s+for\s+", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,\s*and\s+|,|;|\s+(?:and|plus|as well as)\s+|\s*[&/]\s*)\s*", re.IGNORECASE)
_ABOUT_LETTERS = re.compile(
    r"\b(?:a|an|my|me|the|his|her|their|strong|letters?|lors?|of|recommendations?|reference|support|for|applications?)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>,;\"']+@[^\s<>,;\"']+")
_TITLE_ONLY = re.compile(r"(?:m\.?d|ph\.?d|d\.?o|jr|sr|mph)\.?$", re.IGNORECASE)


@value
class Meant:
    """What was found: exactly one, or why not, in words for the applicant."""

    mentors: tuple[Mentor, ...] = ()
    application: Application | None = None
    problems: tuple[Line, ...] = ()


def meant(dossier: Dossier, argument: str) -> Meant:
    """The mentors and the application of "Lopez and Kim for ERAS 2028"."""
    who, what = take_apart(argument)
    if not who.strip():
        return Meant(problems=("the name of the mentor is missing",))
    mentors: list[Mentor] = []
    problems = []
    for name in names_in(dossier, who):
        found = find_mentors(dossier, name)
        if len(found) == 1:
            mentors += [m for m in found if m not in mentors]
        else:
            problems.append(_which_mentor(name, found, dossier))
    application, problem = the_application(dossier, what) if purpose_in(what) else (None, "")
    if problem:
        problems.append(problem)
    mentors = [] if problem else mentors  # for an application that is not known nothing is done
    return Meant(mentors=tuple(mentors), application=application, problems=tuple(problems))


def find_mentors(dossier: Dossier, wanted: str) -> tuple[Mentor, ...]:
    """Every mentor that `wanted` can mean: an address, or a name or part of it."""
    address = _ADDRESS.search(wanted)
    if address:
        return tuple(m for m in dossier.mentors if m.email == address[0].lower())
    wanted = wanted.strip().strip('"“”').strip()
    exact = tuple(m for m in dossier.mentors if m.name.lower() == wanted.lower())
    return exact or tuple(m for m in dossier.mentors if names.matches(m.name, wanted))


def known_mentor(dossier: Dossier, name: str, email: str) -> tuple[Mentor | None, str]:
    """The mentor whom a form with this name and address is about, None for a new one; or why it is not clear."""
    found, email = find_mentors(dossier, name), email.lower()
    if not found and "@" in name:
        return None, "the mentor needs a name in the subject: mentor Dr. Elena Lopez"
    if not found:
        return _renamed(dossier, name, email), ""
    if len(found) > 1:
        return None, f"“{name}” could be {_listed(found)}; write the full name, or the address in place of the name"
    known = found[0]
    in_full = known.name.lower() == name.lower() or "@" in name
    if not in_full and email and known.email and known.email not in email:
        return None, f"“{name}” could be {_listed(found)}, with another address; write the full name of whom you mean"
    return known, ""


def the_application(dossier: Dossier, wanted: str) -> tuple[Application | None, str]:
    """The application that `wanted` means; with "", the only one there is. Else None and the problem in words."""
    if not dossier.applications:
        return None, "there is no application yet; send one with the subject: application NAME"
    low = wanted.lower().strip()
    found = [a for a in dossier.applications if not low or a.name.lower() == low]
    found = found or [a for a in dossier.applications if _words(low) <= _words(a.name)]
    found = found or [a for a in dossier.applications if _words(purpose_in(low)) <= _words(a.name)]
    if len(found) == 1:
        return found[0], ""
    listed = " · ".join(a.name for a in dossier.applications)
    if not low:
        return None, f"it is not said for which application; there are: {listed}"
    return None, f"“{wanted}” is not one of your applications; there are: {listed}"


def letters_meant(dossier: Dossier, found: Meant) -> tuple[Letter, ...]:
    """The letters of these mentors for this application, or all that are not closed where none is named."""
    wanted = {m.id for m in found.mentors}
    return tuple(
        letter
        for letter in dossier.letters
        if letter.mentor in wanted
        and (letter.application == found.application.id if found.application else letter.state is not State.CANCELLED)
    )


def split_names(who: str) -> list[str]:
    """The names in "Dr. Lopez, Dr. Kim and Stein"; "Elena Lopez, MD" stays one."""
    parts: list[str] = []
    for part in _AND.split(who.strip()):
        if parts and _TITLE_ONLY.fullmatch(part.strip()):
            parts[-1] = f"{parts[-1]}, {part.strip()}"
        elif part.strip():
            parts.append(part.strip().removeprefix("both "))
    return parts


def purpose_in(what: str) -> str:
    """What names the application in "my ERAS letter"; "" where nothing does, as in "a letter"."""
    return " ".join(_ABOUT_LETTERS.sub(" ", what).split())


def names_in(dossier: Dossier, who: str) -> list[str]:
    """`split_names`, but what is one mentor's name as a whole stays one: "Lopez, Elena"."""
    return [who.strip()] if "," in who and len(find_mentors(dossier, who)) == 1 else split_names(who)


def take_apart(argument: str) -> tuple[str, str]:
    """The people and the application of "Lopez and Kim for ERAS 2028"; "" where none is named."""
    parts = _FOR.split(argument.strip(), maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 else (parts[0], "")


def nearly_meant(dossier: Dossier, wanted: str) -> tuple[Mentor, ...]:
    """The mentors whose name or address is one letter away from `wanted`: to be asked about, never taken."""
    address = _ADDRESS.search(wanted)
    if address:
        return tuple(m for m in dossier.mentors if names.one_letter_off(m.email, address[0].lower()))
    return tuple(m for m in dossier.mentors if names.nearly_matches(m.name, wanted))


def in_full(dossier: Dossier, mentor: Mentor) -> str:
    """A name that means this mentor and nobody else; the address where two have one name, "" where that is missing."""
    return mentor.name if find_mentors(dossier, mentor.name) == (mentor,) else mentor.email


def _renamed(dossier: Dossier, name: str, email: str) -> Mentor | None:
    """The mentor of that address, where the new name holds the old one: "Dr. Maria", now "Dr. Maria Lopez"."""
    known = next((m for m in dossier.mentors if m.email and m.email in email), None)
    return replace(known, name=name) if known and names.matches(name, known.name) else None


def _listed(found: Iterable[Mentor]) -> str:
    return " · ".join(f"{m.name}{f' <{m.email}>' if m.email else ''}" for m in found)


def _which_mentor(name: str, found: Iterable[Mentor], dossier: Dossier) -> str:
    found = tuple(found)
    if found:
        return f"“{name}” could be several people: {_listed(found)}; write the full name or the address"
    if not dossier.mentors:
        return f"“{name}” is not one of your mentors yet; send a mail with the subject: mentor {name}"
    listed = " · ".join(m.name for m in dossier.mentors)
    return f"“{name}” is not one of your mentors; there are: {listed}. To add one, use the subject: mentor {name}"


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))
