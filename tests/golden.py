"""Every mail to a mentor as a person reads it, kept in tests/golden: python -m tests.golden [--write]

One file is one mail with rich, typical or bare data, a section for each thing a letter can be for. The first is
the whole mail to a mentor whose kind is not known; below it, and for each kind of mentor, stand the lines that differ.
Without --write it shows how the files would change; with it they are written, for somebody to read (`git diff`).
"""

import difflib
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from lorbot.core import writing
from lorbot.core.application import Application
from lorbot.core.correspondence import Purpose
from lorbot.core.dossier import Applicant, Dossier, Letter, Material, Mentor, State
from lorbot.core.policy import Policy
from lorbot.mail.render import Rendered, Renderer

FOLDER = Path(__file__).with_name("golden") / "mentor"
_MOST_CHANGED = 6  # lines, from which on a mail is shown whole
NOW = datetime(2027, 6, 15, 15, 0, tzinfo=UTC)  # a Tuesday, 11 in the morning in New York
HOME = "America/New_York"
KINDS = ("", "academic", "clinical", "research", "community", "professional")
RENDERER = Renderer()

Use = tuple[Purpose, str, dict[str, Any], dict[str, Any]]

_NEWS = {"rich": "I have eleven interviews, three of them in Chicago.\n\nMy second paper was accepted.",
         "typical": "I have eleven interviews.", "bare": "I have eleven interviews."}  # fmt: skip
_ENDED = {"rich": "I start at Lakeside in July, and I will work with the same patients.",
          "typical": "Lakeside, my first choice", "bare": ""}  # fmt: skip
_NEXT = {"rich": "I apply again next year.", "typical": "a year of research", "bare": ""}

MAILS: dict[str, Callable[[str], Use]] = {
    "ask": lambda data: (Purpose.ASK, "", {"personal": _PERSONAL if data == "rich" else ""}, {}),
    "nudge": lambda _: (Purpose.NUDGE, "", {"last": False}, {}),
    "last_nudge": lambda _: (Purpose.NUDGE, "", {"last": True}, {}),
    "packet": lambda _: (Purpose.PACKET, "", {}, {}),
    "reminder": lambda _: (Purpose.REMINDER, "", {}, {"in_days": 14}),
    "last_call": lambda _: (Purpose.LAST_CALL, "", {}, {"in_days": 2}),
    "thanks": lambda _: (Purpose.THANKS, "", {}, {}),
    "graceful": lambda _: (Purpose.GRACEFUL, "", {}, {}),
    "declined": lambda _: (Purpose.GRACEFUL, "mentor/declined", {}, {}),
    "cancelled": lambda data: (Purpose.GRACEFUL, "mentor/cancelled", {"agreed": data != "bare"}, {}),
    "stray_letter": lambda _: (Purpose.STRAY_LETTER, "", {}, {}),
    "apology": lambda _: (Purpose.APOLOGY, "", {}, {}),
    "answer": lambda _: (Purpose.ANSWER, "", {"asked": ["asks_deadline", "asks_how"]}, {}),
    "more_time": lambda _: (Purpose.ANSWER, "mentor/more_time", {"named": "Tuesday, August 24, 2027"}, {}),
    "upload_help": lambda _: (Purpose.ANSWER, "mentor/upload_help", {}, {}),
    "new_version": lambda data: (Purpose.NEW_VERSION, "", {"documents": _DOCUMENTS[data]}, {}),
    "update": lambda data: (Purpose.UPDATE, "", {"news": _NEWS[data]}, {}),
    "outcome_matched": lambda data: (Purpose.OUTCOME, "", {}, {"outcome": "matched", "news": _ENDED[data]}),
    "outcome_accepted": lambda data: (Purpose.OUTCOME, "", {}, {"outcome": "accepted", "news": _ENDED[data]}),
    "outcome_not_this_time": lambda data: (Purpose.OUTCOME, "", {}, {"outcome": "not this time", "news": _NEXT[data]}),
}  # fmt: skip
"""Each mail: what makes it (purpose, template, and what the dossier does not hold), and what is so as it is sent."""

_PERSONAL = "I hope that your sabbatical was good."
_DOCUMENTS = {
    "rich": [{"name": "CV", "changes": ["my second paper was accepted", "a new job"]},
             {"name": "personal statement", "changes": []}],
    "typical": [{"name": "CV", "changes": ["a poster"]}],
    "bare": [{"name": "CV", "changes": []}],
}  # fmt: skip

_STAGE = {
    "premed": "Undergraduate", "residency": "fourth-year medical student", "fellowship": "PGY-3 resident",
    "job": "cardiology fellow", "promotion": "Assistant Professor of Medicine", "other": "M2",
}  # fmt: skip
_SCHOOL = {
    "premed": "University of Lakeside", "residency": "Lakeside College of Medicine",
    "fellowship": "Lakeside University Hospital", "job": "Lakeside Heart Center",
    "promotion": "Lakeside College of Medicine", "other": "Lakeside College of Medicine",
}  # fmt: skip
_GOAL = {
    "premed": ("I want to become a family physician in the county that I come from.", "Rural family medicine"),
    "residency": ("I want to become a general internist at a safety-net hospital.", "primary care"),
    "fellowship": ("I want to care for people with heart failure, and find out why they come back.", "heart failure"),
    "job": ("I want to build a clinic for heart failure in a small town.", "a clinic for heart failure"),
    "promotion": ("I want to lead the clerkship in internal medicine.", "medical education"),
    "other": ("I want to grow vegetables with patients.", "a garden for patients"),
}  # fmt: skip
_TOGETHER = {
    "": ("You have watched me work for two years. I led the family meeting of Mr. H., and you were there.",
         "two years in the same house"),
    "academic": ("I took your course in organic chemistry in 2025, and I taught the review sessions with you in 2026.",
                 "Organic chemistry, fall 2025"),
    "clinical": ("I was with you on 5 West for four weeks in March. You watched me lead the family meeting of Mr. H.",
                 "four weeks on 5 West in March"),
    "research": ("I worked in your lab for two years. I rebuilt the cohort when the first analysis failed.",
                 "Two years in your lab on sepsis biomarkers"),
    "community": ("I came to the Saturday clinic for three years, and we opened the second site together.",
                  "the Saturday clinic, since 2024"),
    "professional": ("I was a scribe in your department for a year, and I trained those who came after me.",
                     "a year as a scribe in your department"),
}  # fmt: skip
_SERVICE = {"premed": "amcas", "residency": "eras-residency"}
_NAME = {
    "premed": "AMCAS 2028", "residency": "ERAS 2028, internal medicine",
    "fellowship": "Cardiology fellowship, Lakeside", "job": "Hospitalist, Harborview Medical Center",
    "promotion": "Associate Professor, Lakeside", "other": "Garden grant",
}  # fmt: skip


def dossier_of(aim: str, kind: str, data: str, in_days: int = 0, outcome: str = "", news: str = "") -> Dossier:
    """Somebody with this aim, and a mentor of this kind, of whom much, some or nothing but names is known."""
    rich, bare = data == "rich", data == "bare"
    known = not bare
    deadline = datetime(2027, 9, 2, 3, 59, tzinfo=UTC)
    deadline = NOW.replace(hour=21) + timedelta(days=in_days) if in_days else deadline
    return Dossier(
        id="d1",
        applicant=Applicant(
            name="Nadia Rahman", email="nadia@students.example", pronouns="she/her" if rich else "",
            stage=_STAGE[aim] if known else "", school=_SCHOOL[aim] if known else "",
            specialty="internal medicine" if known and aim == "residency" else "",
            goal=_GOAL[aim][0 if rich else 1] if known else "",
            waiver={"rich": "waived", "typical": "kept"}.get(data, ""),
            identifiers={"AAMC ID": "14789321", "NRMP ID": "N0123456"} if rich else {}, time_zone=HOME,
            signature=f"Nadia Rahman\n{_SCHOOL[aim]}" if rich else "",
        ),
        mentors=(Mentor(
            id="m1", name={"rich": "Prof. Dr. Elena van der Berg, MD", "typical": "Elena Lopez, MD"}.get(data, "Elena"),
            email="lopez@hospital.example", role=kind, known_since="March 2024" if rich else "",
            worked_together=_TOGETHER[kind][0 if rich else 1] if known else "",
            highlights="the family meeting, and how I came back after the first failure" if rich else "",
        ),),
        applications=(Application(
            id="a1", name=_NAME[aim], service=_SERVICE.get(aim, "custom"), time_zone=HOME if known else "",
            deadline=deadline if known or in_days else None, preferred=date(2027, 8, 20) if rich else None,
            programmes="24 programs" if rich else "", letter_ids={"m1": "1234567"} if rich else {},
            portal="https://letters.example" if rich else "",
            instructions="The coordinator can send it too" if rich else "", outcome=outcome, news=news,
        ),),
        letters=(Letter(
            id="l1", mentor="m1", application="a1", state=State.PACKET_SENT if data == "typical" else State.THANKED,
        ),),
        materials=(_material("cv"), _material("statement"))[: {"rich": 2, "typical": 1}.get(data, 0)],
    )  # fmt: skip


def _material(kind: str) -> Material:
    name = writing.file_name("Nadia Rahman", kind, "x.pdf")
    return Material(
        kind=kind, version=1, name=name, media_type="application/pdf", sha256="0" * 64, size=81_000, added_at=NOW
    )


@cache
def mail(name: str, aim: str, kind: str, data: str) -> Rendered:
    """The mail, decided as the core decides it."""
    purpose, template, more, so = MAILS[name](data)
    dossier = dossier_of(aim, kind, data, **so)
    draft = writing.to_mentor(dossier, purpose, dossier.letters, policy=Policy(), now=NOW, template=template, more=more)
    return RENDERER.render(draft.template, draft.context)


def every_mail() -> Iterator[tuple[str, Rendered]]:
    """All of them, each with its name: "ask, residency, clinical, rich"."""
    for name in MAILS:
        for aim in _NAME:
            for kind in KINDS:
                for data in ("rich", "typical", "bare"):
                    yield f"{name}, {aim}, {kind or 'unknown'}, {data}", mail(name, aim, kind, data)


@cache
def pages() -> dict[str, str]:
    """The files by name, as they should be."""
    return {f"{name}.{data}.txt": _page(name, data) for name in MAILS for data in ("rich", "typical", "bare")}


def _page(name: str, data: str) -> str:
    first, *aims = _NAME
    whole = mail(name, first, "", data)
    parts = [
        f"{'=' * 20} {name.replace('_', ' ')}, {data} data: {first}",
        *_lines(whole),
        "",
        *_kinds(name, first, data),
    ]
    for aim in aims:
        other = mail(name, aim, "", data)
        parts += [f"{'=' * 20} {name.replace('_', ' ')}, {data} data: {aim}{_how(whole, other)}"]
        parts += [*_changed(whole, other), "", *_kinds(name, aim, data)]
    return "\n".join(parts)


def _kinds(name: str, aim: str, data: str) -> Iterator[str]:
    """What reads otherwise for each kind of mentor; kinds that read alike together."""
    whole = mail(name, aim, "", data)
    others = {kind: mail(name, aim, kind, data) for kind in KINDS[1:]}
    alike: dict[str, list[str]] = {}
    for kind, other in others.items():
        if other != whole:
            alike.setdefault(f"{other.subject}\n{other.text}", []).append(kind)
    for kinds in alike.values():
        other = others[kinds[0]]
        yield from (f"---------- {', '.join(kinds)}{_how(whole, other)}", *_changed(whole, other), "")


def _how(whole: Rendered, other: Rendered) -> str:
    """What the heading says where only the lines that differ are shown, and some are left out."""
    left_out = len(_lines(whole)) - len(_lines(other))
    is_whole = _changed(whole, other) == _lines(other)
    return "" if is_whole else f", as above but for ({left_out} lines fewer)" if left_out > 0 else ", as above but for"


def _changed(whole: Rendered, other: Rendered) -> list[str]:
    """The lines of `other` that are not in `whole`; all of it where these are many."""
    changed = [line[2:] for line in difflib.ndiff(_lines(whole), _lines(other)) if line.startswith("+ ")]
    return changed if len(changed) <= _MOST_CHANGED else _lines(other)


def _lines(rendered: Rendered) -> list[str]:
    return [f"Subject: {rendered.subject}", "", *rendered.text.split("\n")]


def main(arguments: list[str]) -> int:
    """Write the files, or show what would change in them; 1 where something would."""
    fresh = pages()
    there = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.txt")}
    if "--write" in arguments:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, page in fresh.items():
            (FOLDER / name).write_text(page, "utf-8")
        for name in there.keys() - fresh.keys():
            (FOLDER / name).unlink()
        print(f"{len(fresh)} files in {FOLDER}; read what changed before you commit it: git diff {FOLDER}")
        return 0
    for name in sorted(fresh.keys() | there.keys()):
        was, now = there.get(name, ""), fresh.get(name, "")
        sys.stdout.writelines(difflib.unified_diff(was.splitlines(True), now.splitlines(True), name, f"{name}, new"))
    return int(there != fresh)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
