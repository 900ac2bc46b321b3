"""Every mail as it reads: each template with a full dossier and with a bare one, decided by the real core.

A new template without a context here fails `test_every_template_is_shown_here`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from itertools import count
from typing import Any

import pytest

from lorbot.core import previews, view, writing
from lorbot.core.application import Application, Programme
from lorbot.core.commands.form import parse
from lorbot.core.correspondence import Contact, Direction, Mail, Preview, Progress, Purpose, Question
from lorbot.core.decide import decide
from lorbot.core.decision import Draft, PreviewDraft, QuestionDraft, Written
from lorbot.core.documents import Examined, Flaw
from lorbot.core.documents import Kind as Kind_
from lorbot.core.dossier import Applicant, Dossier, Letter, Material, Mentor, State
from lorbot.core.erasure import Erasure
from lorbot.core.events import ApplicantWrote, Event, Failed, Lost, MentorWrote, PortalWrote, SomebodyElseWrote, Ticked
from lorbot.core.message import Address, Attachment, Forwarded, Incoming
from lorbot.core.notice import Notice, Told
from lorbot.core.open_command import Meaning, OpenCommand
from lorbot.core.policy import Policy
from lorbot.core.reading import Absence, Colleague, Evidence, FoundDate, Kind, Reading, Signal, Stance
from lorbot.mail.render import Rendered, Renderer, builtin_folder

NOW = datetime(2027, 6, 15, 15, 0, tzinfo=UTC)  # a Tuesday, 11 in the morning in New York
DEADLINE = datetime(2027, 9, 2, 3, 59, tzinfo=UTC)
POLICY = Policy()
RENDERER = Renderer()
NUMBERS = count(1)

PEOPLE = ("Lopez", "Elena", "Rahman", "Nadia", "Kim", "Okafor", "Lakeside", "Stein", "Maria")
"""Names of the tests and of the demonstration; a template holds none of them."""

PROMISES: dict[str, str] = {
    "mentor/nudge": "lorbot.core.clock.steps: no nudge follows the last one; test_a_promise_of_silence_is_kept",
    "mentor/last_call": "lorbot.core.clock.steps: no reminder follows it; test_a_promise_of_silence_is_kept",
    "mentor/thanks": "lorbot.core.clock.steps: nothing but the thanks belongs to a received letter",
    "mentor/graceful": "lorbot.core.letters.CLOSED and lorbot.core.commands.ask: never asked again",
    "mentor/declined": "lorbot.core.letters.CLOSED and lorbot.core.commands.ask: never asked again",
    "mentor/cancelled": "lorbot.core.letters.CLOSED and lorbot.core.commands.ask: never asked again",
    "applicant/declined": "lorbot.core.endings: test_after_an_ending_nothing_goes_but_what_the_applicant_approves",
    "mentor/apology": "lorbot.core.answers: a bounced letter is not on the clock; the address is given anew",
    "applicant/mentor": "Mentor.never, lorbot.core.refusals and lorbot.core.letters.planned; tests/test_refusals.py",
    "applicant/needs_silent": "lorbot.core.letters.moved: a cancelled letter goes quiet",
    "applicant/told_stopped": "lorbot.core.answers: Mentor.never, and every letter goes quiet",
    "applicant/forget": "lorbot.shell.forgotten: the fingerprint; tests/test_forget_stories.py",
    "applicant/forgotten": "lorbot.core.letters.quiet and lorbot.eraser; tests/test_forget_stories.py",
    "applicant/told_expired": "lorbot.core.clock: the preview is gone before the mail is written",
}
"""What promises silence, and what keeps it."""

_PROMISE = re.compile(
    r"nothing more\b|no more (?:mail|messages)|not (?:ask|write|bother)[a-z ]*\b(?:again|about (?:it|this))\b"
    r"|my last (?:note|reminder)",
    re.IGNORECASE,
)


# -- two dossiers -------------------------------------------------------------------------------------------------


def full() -> Dossier:
    """Everything that can be known is known."""
    return Dossier(
        id="d1",
        applicant=Applicant(
            name="Nadia Rahman", email="nadia@students.example", pronouns="she/her",
            stage="fourth-year medical student", school="Lakeside College of Medicine", specialty="internal medicine",
            goal="I want to become a general internist at a safety-net hospital.",
            identifiers={"AAMC ID": "14789321", "NRMP ID": "N0123456"}, time_zone="America/New_York",
            signature="Nadia Rahman\nM4, Lakeside College of Medicine", waiver="waived",
        ),
        mentors=(
            Mentor(
                id="m1", name="Dr. Elena Lopez", email="lopez@hospital.example", title="Associate Professor",
                role="clinical", known_since="March 2027",
                worked_together="I was your sub-intern on 5 West for four weeks in March. We looked after Mr. H. with "
                "endocarditis, and you watched me lead the family meeting.",
                highlights="the family meeting, and the teaching rounds I led for the third-year students",
            ),
            Mentor(
                id="m2", name="Sam Kim, MD", email="kim@hospital.example", role="research", backup_for="m1",
                worked_together="two years in your lab on sepsis biomarkers",
            ),
            Mentor(id="m3", name="Prof. Ada Stein", email="stein@college.example"),
        ),
        applications=(
            Application(
                id="a1", name="ERAS 2028, internal medicine", service="eras-residency", cycle="2028",
                deadline=DEADLINE, time_zone="America/New_York", preferred=date(2027, 8, 20),
                programmes="24 programs in internal medicine", letter_ids={"m1": "1234567"},
                portal="https://lwp.aamc.example/", instructions="The coordinator can upload it too",
            ),
            Application(
                id="a2", name="AMCAS 2028", service="amcas", deadline=DEADLINE, letter_ids={"": "7654321"},
            ),
        ),
        letters=(Letter(id="l1", mentor="m1", application="a1"), Letter(id="l2", mentor="m2", application="a1")),
        materials=(material("cv"), material("statement"), material("transcript")),
    )  # fmt: skip


def bare() -> Dossier:
    """Only what cannot be missing."""
    return Dossier(
        id="d2",
        applicant=Applicant(name="Nadia Rahman", email="nadia@students.example"),
        mentors=(Mentor(id="m1", name="Maria", email="lopez@hospital.example"),),
        applications=(Application(id="a1", name="Garden grant", service="custom"),),
        letters=(Letter(id="l1", mentor="m1", application="a1"),),
    )


def material(kind: str) -> Material:
    name = writing.file_name("Nadia Rahman", kind, "x.pdf")
    return Material(
        kind=kind, version=1, name=name, media_type="application/pdf", sha256="0" * 64, size=81_000, added_at=NOW
    )


DOSSIERS: dict[str, Callable[[], Dossier]] = {"full": full, "bare": bare}


# -- what happens -------------------------------------------------------------------------------------------------


def incoming(text: str = "", subject: str = "Re: Letter of recommendation", *, attached: str = "") -> Incoming:
    number = next(NUMBERS)
    file = Attachment(name=attached, media_type="application/pdf", sha256="1" * 64, size=81_000)
    return Incoming(
        message_id=f"{number}@test", content_hash=f"{number}", sender=Address(email="lopez@hospital.example"),
        subject=subject, date=NOW, text=text, attachments=(file,) if attached else (),
    )  # fmt: skip


def command(subject: str, body: str = "", *, genuine: bool = True, **more: Any) -> ApplicantWrote:
    attached = more.pop("attached", "")
    return ApplicantWrote(
        incoming=incoming(body, subject, attached=attached), words=body, genuine=genuine,
        doubt="" if genuine else "no DKIM signature of students.example", **more,
    )  # fmt: skip


def said(words: str, stance: Stance = Stance.NONE, *signals: Signal, acts: bool = False, **more: Any) -> MentorWrote:
    """A mail of the mentor's, as it was read."""
    attached = "letter.pdf" if Signal.LETTER_ATTACHED in signals else ""
    genuine = more.pop("genuine", True)
    read = Reading(
        kind=more.pop("kind", Kind.HUMAN), stance=stance, signals=frozenset(signals), words=words, acts=acts, **more
    )
    return MentorWrote(
        incoming=incoming(words, attached=attached), mentor="m1", reading=read, genuine=genuine, letters=("l1",)
    )


def standing(dossier: Dossier, state: State, **days: Any) -> Dossier:
    """The dossier with its first letter in `state`, asked four days ago."""
    days = {"asked_at": NOW - timedelta(days=4), "last_sent_at": NOW - timedelta(days=20), **days}
    return dossier.with_letter(replace(dossier.letter("l1"), state=state, **days))


def due(dossier: Dossier, state: State, in_days: float, **letter: Any) -> Dossier:
    """The same, with the deadline so many days from now."""
    soon = replace(dossier.application("a1"), deadline=NOW + timedelta(days=in_days))
    return standing(dossier.with_application(soon), state, **letter)


def previewing(dossier: Dossier, **changes: Any) -> Dossier:
    """The dossier with the ask shown and waiting."""
    dossier = standing(dossier, State.PREVIEWED, asked_at=None, last_sent_at=None)
    shown = writing.ask_preview(dossier, dossier.letter("l1"), policy=POLICY, now=NOW)
    preview = Preview(id="p1", mail=mail_of(shown.mail), step="ask", shown_at=NOW, **changes)
    return replace(dossier, previews=(preview,))


def asking(dossier: Dossier) -> Dossier:
    """The dossier with a question open about a hedged answer."""
    dossier = standing(dossier, State.HELD)
    thanks = writing.to_mentor(dossier, Purpose.GRACEFUL, [dossier.letter("l1")], policy=POLICY, now=NOW)
    choices = ("thank", "packet", "wait 10 days", "backup", "write:")
    question = Question(id="q1", topic="lukewarm", letter="l1", choices=choices, asked_at=NOW, prepared=mail_of(thanks))
    return replace(dossier, questions=(question,))


def sending(dossier: Dossier) -> Dossier:
    dossier = standing(dossier, State.ASKED)
    shown = writing.ask_preview(dossier, dossier.letter("l1"), policy=POLICY, now=NOW)
    return dossier.with_mail(replace(mail_of(shown.mail), key="k1"))


def corresponded(dossier: Dossier) -> Dossier:
    """The dossier with a mail of every state, answers, and reports."""
    sent = replace(sending(dossier).mails[0], progress=Progress.SENT, sent_at=NOW - timedelta(days=40))
    states = [
        replace(sent, key=f"k-{p.name.lower()}", progress=p, purpose=Purpose.NUDGE, sent_at=None, remark="")
        for p in Progress
    ]
    back = replace(sent, key="back", remark="bounced: 5.1.1 no such user")
    refused = replace(states[0], key="refused", progress=Progress.REFUSED, remark="550 no")
    later = replace(states[0], key="later", not_before=NOW + timedelta(days=2))
    apology = replace(sent, key="sorry", purpose=Purpose.APOLOGY, to=Address(email="other@hospital.example"))
    came = Contact(
        direction=Direction.IN, message_id="1@hospital.example", mentor="m1", letters=("l1",), purpose="answer",
        subject="Re: x", at=NOW - timedelta(days=3), telling="I would be delighted to.",
    )  # fmt: skip
    dossier = replace(
        previewing(dossier), mails=(sent, *states, back, refused, later, apology),
        contacts=(came, replace(came, message_id="2@hospital.example", telling="")),
    )  # fmt: skip
    name = dossier.applications[0].name
    for what in ("the applicant decided: thank", f"outcome of {name}: matched"):
        dossier = dossier.noting(NOW, what, "l1")
    return dossier.noting(NOW, f"received: {dossier.mentor('m1').name}")


def forgetting(dossier: Dossier, mentor: str, days: int = 1, never: bool = False) -> Dossier:
    """The dossier with the question open whether a mentor, or everything, is to be forgotten."""
    dossier = _never(dossier) if never else dossier
    asked_at = NOW - timedelta(days=days)
    return replace(dossier, erasures=(Erasure(id="f1", mentor=mentor, asked_at=asked_at),))


Happening = tuple[Callable[[Dossier], Dossier], Event]


def asked(dossier: Dossier) -> Dossier:
    return standing(dossier, State.ASKED)


def agreed(dossier: Dossier) -> Dossier:
    return standing(dossier, State.PACKET_SENT)


def happenings() -> Iterator[Happening]:
    """What happens to each dossier, one thing at a time; together every template comes up."""
    yield from _mentor_answers()
    yield from _commands()
    yield from _answers_of_the_applicant()
    yield from _time_passes()
    yield from _deadlines()
    elsewhere = Reading(kind=Kind.HUMAN, words="Dr. Lopez asked me to handle this.")
    yield asked, SomebodyElseWrote(incoming=incoming(), mentor="m1", reading=elsewhere, letters=("l1",))
    yield from _portals_tell()
    yield sending, Failed(key="k1", permanent=True, code=550, remark="5.1.1 no such user here")
    yield sending, Lost(key="k1", remark="the connection broke")


def _mentor_answers() -> Iterator[Happening]:
    yes = "I would be delighted to write you a strong letter."
    yield asked, said(yes, Stance.YES, acts=True)
    yield asked, said(yes, Stance.YES)
    yield asked, said("I could write one, but I do not know you that well.", Stance.LUKEWARM)
    later = FoundDate(on=date(2027, 7, 1), words="the first of July")
    yield asked, said("Ask me again on the first of July.\n\nBest", Stance.UNDECIDED, dates=(later,))
    other = (Colleague(name="Dr. Rosen", email="rosen@hospital.example"), Colleague(name="my chief resident"))
    yield asked, said("I am not able to. Ask Dr. Rosen.", Stance.NO, colleagues=other)
    yield agreed, said("I am sorry, I cannot do it after all.", Stance.NO)
    yield asked, said("Hm.")
    yield asked, said("Yes, gladly.", Stance.YES, genuine=False)
    yield agreed, said("Uploaded!", Stance.NONE, Signal.SUBMITTED, acts=True)
    yield agreed, said("I think it went through?", Stance.NONE, Signal.SUBMITTED)
    yield asked, said("Write it and I will sign.", Stance.NONE, Signal.DRAFT_REQUEST)
    yield agreed, said("The link is dead.", Stance.NONE, Signal.PROBLEM)
    yield agreed, said("I need two more weeks.", Stance.NONE, Signal.NEEDS_MORE_TIME)
    yield asked, said("Come by my office? And when is it due?", Stance.NONE, Signal.MEET, Signal.ASKS_DEADLINE)
    yield from _what_a_mentor_asks()
    yield asked, said("You have the wrong address.", Stance.NONE, Signal.WRONG_PERSON)
    yield agreed, said("Here it is.", Stance.NONE, Signal.LETTER_ATTACHED)
    yield agreed, said("Here it is.", Stance.NONE, Signal.LETTER_ATTACHED, genuine=False)
    yield asked, said("Please stop writing to me.", Stance.NONE, Signal.STOP)
    yield agreed, said("I have begun, it will be ready soon.", Stance.NONE, Signal.PROGRESS)
    yield asked, said("I am away.", kind=Kind.AUTO_REPLY, back_on=date(2027, 6, 28))
    late = date(2027, 10, 28)
    yield asked, said("On sabbatical.", kind=Kind.AUTO_REPLY, back_on=late)
    note = {"kind": Kind.AUTO_REPLY, "evidence": (Evidence(label="absence", sentence="I am away until fall."),)}
    both = lambda d: _second(standing(d, State.PACKET_SENT))  # noqa: E731
    yield both, said("On sabbatical.", back_on=late, away_from=date(2027, 7, 1), colleagues=other, **note)
    yield asked, said("On leave.", back_on=date(2027, 7, 28), away_from=date(2027, 7, 1), colleagues=other, **note)
    yield asked, said("On leave.", absence=Absence.AWAY, colleagues=other, **note)
    for prepare in (asked, agreed):
        yield prepare, said("I have retired.", absence=Absence.GONE, **note)


def _second(dossier: Dossier) -> Dossier:
    """The first mentor writes another letter, where there is another application."""
    other = dossier.applications[-1].id
    return dossier.with_letter(Letter(id="l9", mentor="m1", application=other, state=State.PACKET_SENT))


def _portals_tell() -> Iterator[Happening]:
    for told in Told:
        for genuine, writer in ((True, "LOPEZ, ELENA"), (True, "Harold Chen"), (False, "Elena Lopez, MD")):
            notice = Notice(
                portal="ERAS", services=("*",), domains=("aamc.org",), told=told, writers=(writer,),
                sentence="A letter of recommendation from Elena Lopez, MD has been received.",
            )  # fmt: skip
            doubt = "" if genuine else "no DKIM signature of aamc.org"
            yield agreed, PortalWrote(incoming=incoming(), notice=notice, genuine=genuine, doubt=doubt)
            forwarded = Forwarded(sender=Address(email="no-reply@aamc.org"), subject="Letter received", notice=notice)
            yield agreed, command("Fwd: Letter received", forwarded=forwarded)
            received = lambda d: standing(d, State.RECEIVED)  # noqa: E731
            yield received, command("Fwd: Letter received", forwarded=forwarded)


def _what_a_mentor_asks() -> Iterator[Happening]:
    """Facts, help, time, copies; and a yes that comes too late or after a no."""
    july, october = (FoundDate(on=date(2027, m, 1), words=f"{m}/1") for m in (7, 10))
    every = (Signal.ASKS_DEADLINE, Signal.ASKS_HOW, Signal.WANTS_MATERIALS)
    yield asked, said("Your CV? When is it due, and how is it sent?", Stance.NONE, *every)
    yield agreed, said("Your CV? When is it due, and how is it sent?", Stance.NONE, *every)
    for when in (july, october):
        yield agreed, said("I need longer.", Stance.NONE, Signal.NEEDS_MORE_TIME, dates=(when,))
        yield asked, said("Ask me then.", Stance.UNDECIDED, Signal.REMIND_LATER, dates=(when,))
        yield asked, said("Gladly, but only after that day.", Stance.LUKEWARM, dates=(when,))
    yield asked, said("Ask me then.", Stance.UNDECIDED, Signal.REMIND_LATER, dates=(july,), genuine=False)
    office = "The clerkship office does these: office@hospital.example"
    yield asked, said(office, Stance.NONE, Signal.REDIRECT)
    yield agreed, said("My assistant uploads it.", Stance.NONE, Signal.REDIRECT)
    rosen = (Colleague(name="Rosen", email="rosen@hospital.example"), Colleague(name="Stein"))
    yield asked, said("I am not able to. Ask Dr. Rosen or Stein.", Stance.NO, Signal.REDIRECT, colleagues=rosen)
    for state in (State.CANCELLED, State.DECLINED):
        yield partial(standing, state=state), said("I can, after all.", Stance.YES, acts=True)


EVERY_DOUBT = """email: ada@college.example
closeness: she is my aunt and knows me a little
known since: May 2027
role: community
title: PhD
observed: once, for an hour
last worked together: 2022
load: too many letters
worked together: one week in your clinic
for: ERAS"""

EVERY_GOOD = """email: ada@college.example
closeness: knows me very well
known since: 2024
role: clinical
specialty: internal medicine
observed: yes, daily
last worked together: still
worked together: On 5 West I presented Mr. H. at morning report. In May I taught the interns.
for: ERAS"""


def _together(dossier: Dossier, words: str) -> Dossier:
    ready = replace(dossier.application("a1"), deadline=DEADLINE)
    return dossier.with_application(ready).with_mentor(replace(dossier.mentor("m1"), worked_together=words))


def _commands() -> Iterator[Happening]:
    unchanged: Callable[[Dossier], Dossier] = lambda dossier: dossier  # noqa: E731
    yield unchanged, command("profile", "shoe size: 43\nstage: fourth-year medical student")
    yield unchanged, command("profile", "waiver: no\ntime zone: CT\ngoal: rural family medicine\nschool: Lakeside")
    yield unchanged, command("cv", attached="my cv.pdf")
    again = Material(**{**vars(material("cv")), "sha256": "1" * 64, "version": 2})
    yield lambda d: replace(d, materials=(*d.materials, again)), command("cv", attached="my cv.pdf")
    big = Attachment(name="cv.pdf", media_type="application/pdf", sha256="2" * 64, size=31_000_000)
    yield unchanged, command("statement", too_large=(big,), limit_mb=20)
    yield unchanged, command("help", too_large=(big,), limit_mb=20)
    yield unchanged, command("application Rhodes", "deadline: 1 Oct 2027\nportal: https://rhodes.example")
    yield unchanged, command("application ERAS 2028", "service: eras\ndeadline: 1 Sept 2027, 11:59 pm ET")
    yield unchanged, command("application ERAS 2028", "deadline: 1 Aug 2027\nprogrammes: 24\npreferred: 20 July 2027")
    yield unchanged, command("application ERAS 2029", "service: eras\ndeadline: 20 June 2027\ninstructions: by post")
    yield unchanged, command("application New one")
    yield unchanged, command("mentor Dr. Ada Byron", "email: ada@college.example\nrole: clinical\nfor: nothing known")
    yield unchanged, command("mentor Maria", "email: maria.lopez@hospital.example\nin person: yes")
    yield unchanged, command("mentor Dr. Ada Byron", "email: ada@college.example\nbackup for: Maria\nhow: together")
    yield unchanged, command("mentor Dr. Ada Byron", EVERY_DOUBT)
    yield unchanged, command("mentor Dr. Ada Byron", EVERY_GOOD)
    yield lambda d: replace(d, mentors=d.mentors[:1], letters=d.letters[:1]), command("mentor Maria", "observed: no")
    yield lambda d: standing(d, State.DECLINED), command("mentor Maria", "closeness: well")
    for together in ("", "two years in your lab", "I presented well", "I led the family meeting of Mr. H. in March"):
        yield partial(_together, words=together), command("ask Maria for grant")
        yield partial(_together, words=together), command("ask Dr. Lopez for ERAS")
    yield unchanged, command("ask Nobody")
    yield unchanged, command("ask Maria", "hello\nfor whom: me")
    yield unchanged, command("ask Dr. Lopez", "I hope that your sabbatical was good.\nIt is a year since we spoke.")
    for body in ("", "pin: Lopez for ERAS as specialty\nnot: Kim for ERAS", "pin: Maria", "unpin: Nobody"):
        yield unchanged, command("plan", body)
        yield asked, command("plan ERAS", body)
    yield lambda d: replace(d, applications=(), letters=()), command("plan")
    yield from _calendars()
    yield previewing, command("status")
    yield asking, command("status")
    yield lambda d: replace(asked(d), paused=True), command("status")
    yield lambda d: replace(d, applications=(), letters=()), command("status")
    yield lambda d: standing(d, State.PACKET_SENT), command("received Maria")
    yield lambda d: standing(d, State.PACKET_SENT), command("received Lopez")
    yield from _outside_mail()
    for how in ("matched", "not this time", "accepted"):
        for news in ("", "I matched at Lakeside, my first choice.", "Lakeside, my first choice", "I start in July"):
            yield lambda d: standing(d, State.THANKED), command("outcome Garden", f"outcome: {how}\nnews: {news}")
            yield lambda d: standing(d, State.THANKED), command("outcome ERAS", f"outcome: {how}\nnews: {news}")
    yield _told_of, command("outcome ERAS", "outcome: matched")
    for state in (State.THANKED, State.PACKET_SENT):
        yield partial(standing, state=state), command("update", "I have eleven interviews.\n\nOne is in Chicago.")
        yield partial(_twice, state=state), command("update", "I have eleven interviews.")
    yield _with_two_who_wrote, command("update", "I have eleven interviews.")
    yield _with_two_who_wrote, command("outcome ERAS", "outcome: matched")
    yield _with_news_waiting, command("update", "I have twelve interviews.")
    yield unchanged, command("update", "I have eleven interviews.")
    yield unchanged, command("update Maria and Lopez", "I have eleven interviews.")
    yield unchanged, command("outcome Garden", "outcome: matched")
    yield unchanged, command("outcome ERAS", "outcome: matched")
    yield from _documents_and_lists()
    yield from _own_data()
    yield from _programmes()
    yield unchanged, command("pause")
    yield unchanged, command("go on")
    yield lambda d: replace(d, paused=True), command("go on")
    yield unchanged, command("help")
    yield unchanged, command("help mentor")
    yield unchanged, command("help ask")
    yield unchanged, command("help dance")
    yield unchanged, command("", "Could you do the thing?\n\nThanks")
    yield unchanged, command("status", "pause\n\nask Nobody\n\nWhat a day, with Dr. Lopez.")
    yield unchanged, command("", "Please stop everything for now. I like this town.\n\nask Dr. Lopez")
    yield unchanged, command("", "How are things going?")
    yield unchanged, command("received Lopex")
    yield unchanged, command("ask Lopes and Kim")
    yield unchanged, command("received Lopez?")
    for sender in (Address(email="ada@college.example", name="Byron, Ada"), Address(email="ada@college.example")):
        yield unchanged, command("FW: Letter?", forwarded=Forwarded(sender=sender, text="I am glad to."))
    for guess in ("", "lukewarm"):
        mail = Forwarded(sender=Address(email="lopez@hospital.example"), text="I could." if guess else "", guess=guess)
        yield agreed, command("FW: Letter?", forwarded=mail)
    private = Forwarded(sender=Address(email="me@home.example", name="Dr. Elena Lopez"), text="Yes.", guess="yes")
    yield agreed, command("FW: Letter?", forwarded=private)
    yield unchanged, command("ask Dr. Lopez", "please", genuine=False)
    yield unchanged, command("", "", genuine=False)


def _programmes() -> Iterator[Happening]:
    table = (
        ("Program", "City", "Deadline", "Letters", "Must have", "Distance", "Minimum Step 2"),
        ("Lakeside Hospital", "Boston", "9/30/2027", "3", "chair", "12 miles", "230"),
        ("Northern Center", "Dallas", "1 May 2027", "", "", "900 miles", ""),
        ("Bay Hospital", "Boston", "rolling", "", "", "", ""),
    )
    seen = Examined(sha256="1" * 64, kind=Kind_.SHEET, rows=table)
    fine = replace(seen, rows=table[:3])
    unchanged: Callable[[Dossier], Dossier] = lambda dossier: dossier  # noqa: E731
    for name in ("ERAS", "Garden"):
        for examined in (seen, fine):
            for words in (
                "",
                "weight distance: -2\nprefer city: Boston\nmy step 2: 245",
                "weight size: 3\nremove: Bay",
            ):
                yield unchanged, command(f"programs {name}", words, attached="p.xlsx", examined=(examined,))
        yield unchanged, command(f"programs {name}")
    yield agreed, command("programs", attached="p.xlsx", examined=(fine,))


def _calendars() -> Iterator[Happening]:
    """At every stage of the way, with dates and without, and once something is called off."""
    for stage in ("", "premed", "third-year medical student", "PGY-2, finishing 2029", "fellow", "M4, class of 2026"):
        yield partial(_at_stage, stage=stage), command("calendar")
    for prepare in (asked, agreed, lambda d: replace(agreed(d), paused=True)):
        yield prepare, command("calendar")
    yield lambda d: standing(_given_out(d), State.RECEIVED), command("calendar")
    yield lambda d: replace(_given_out(d), letters=(), applications=()), command("calendar")
    yield lambda d: replace(d, applicant=replace(d.applicant, calendar_holds=True)), command("agreed Maria")
    yield lambda d: replace(d, applicant=replace(d.applicant, calendar_holds=True)), command("agreed Lopez")
    yield lambda d: d, command("profile", "calendar holds: yes")
    yield lambda d: d, command("profile", "calendar holds: whatever")


def _at_stage(dossier: Dossier, stage: str) -> Dossier:
    well = tuple(replace(m, closeness="knows me well", observed="daily") for m in dossier.mentors)
    applicant = replace(dossier.applicant, stage=stage)
    return replace(dossier, applicant=applicant, mentors=well, applications=dossier.applications[:1])


def _given_out(dossier: Dossier) -> Dossier:
    return _after(dossier, command("calendar"))


def _own_data() -> Iterator[Happening]:
    unchanged: Callable[[Dossier], Dossier] = lambda dossier: dossier  # noqa: E731
    for which in ("history", "history Lopez", "history Maria"):
        yield unchanged, command(which)
        yield corresponded, command(which)
    yield lambda d: replace(d, mentors=(), letters=()), command("history")
    for limit in (10, 0):
        yield unchanged, command("export", limit_mb=limit)
        yield corresponded, command("export", limit_mb=limit)
    for whom in ("me", "Lopez", "Maria", "Kim"):
        yield unchanged, command(f"forget {whom}")
        yield lambda d: _never(corresponded(d)), command(f"forget {whom}")
    for words in ("yes, forget", "no", "perhaps"):
        for whom in ("", "m1"):
            yield partial(forgetting, mentor=whom), command("Re: forget", words, answers="f1")
            yield partial(forgetting, mentor=whom, never=True), command("Re: forget", words, answers="f1")
    yield lambda d: forgetting(d, "m1", days=9), command("Re: forget", "yes, forget", answers="f1")
    yield lambda d: forgetting(d, "", days=9), command("Re: forget", "yes, forget", answers="f1")
    yield _never, command("mentor Maria", "role: clinical")
    yield _never, command("mentor Dr. Elena Lopez", "role: clinical")


def _outside_mail() -> Iterator[Happening]:
    """The commands that tell what happened, or steer one letter; Maria is the bare dossier's Lopez."""
    unchanged: Callable[[Dossier], Dossier] = lambda dossier: dossier  # noqa: E731
    held = partial(standing, state=State.HELD, waiting=True)
    for name in ("Maria", "Lopez"):
        for prepare in (unchanged, previewing, asked, agreed, _never, _no_address):
            yield prepare, command(f"agreed {name}", "note: in the corridor")
            yield prepare, command(f"declined {name}", "note: on leave")
            yield prepare, command(f"talked {name}", "wait until: July 9")
            yield prepare, command(f"cancel {name}")
            yield prepare, command(f"drop {name}")
            yield prepare, command(f"remind {name}")
        yield partial(standing, state=State.ASKED, done=("nudge1",), unanswered=2), command(f"remind {name}")
        yield partial(due, state=State.PACKET_SENT, in_days=20), command(f"remind {name}")
        yield partial(due, state=State.PACKET_SENT, in_days=20, unanswered=2), command(f"remind {name}")
        yield held, command(f"talked {name}", "note: a good talk")
        yield partial(standing, state=State.RECEIVED), command(f"assigned {name}", "to: all of them")
        yield partial(standing, state=State.RECEIVED), command(f"thank {name}")
        yield partial(standing, state=State.DECLINED), command(f"thank {name}")
        yield partial(standing, state=State.REPORTED), command(f"cancel {name}")
        for prepare in (previewing, partial(standing, state=State.BOUNCED)):
            yield prepare, command(f"change email of {name} to new.one@hospital.example")
            yield prepare, command(f"change {name} to Dr. Ada Byron")
            yield prepare, command(f"change {name}", "greeting: Dr. Byron\nhow: we met")
        yield previewing, command(f"drop {name} for nothing known")
    for name in ("ERAS", "Garden"):
        yield previewing, command(f"change deadline of {name} to 20 September 2027")
        yield previewing, command(f"change {name} to Rhodes")
        yield previewing, command(f"drop {name}")
    yield unchanged, command("drop cv")
    yield unchanged, command("drop transcript")
    yield previewing, command("change my school to Harborview")


def _documents_and_lists() -> Iterator[Happening]:
    def unchanged(dossier: Dossier) -> Dossier:
        return dossier

    flaws = Examined(sha256="1" * 64, kind=Kind_.PDF, pages=2, paper="A4", flaws=tuple(Flaw), fonts=("Garamond",))
    yield unchanged, command("cv", attached="my cv.pdf", examined=(flaws,))
    yield _has_packet, command("cv", "changed: my second paper", attached="my cv.pdf", examined=(flaws,))
    yield _has_packet, command("cv", attached="my cv.pdf")
    yield _has_packet, command("cv", "changed: my second paper was accepted")
    yield lambda d: standing(_has_packet(d), State.RECEIVED), command("cv", attached="my cv.pdf")
    yield (
        unchanged,
        command("cv", "\n".join(f"{n} years of this and that, here and there, as it was" for n in range(9))),
    )
    for body in ("", "changed: my second paper was accepted", "changed: a poster; a new job"):
        yield partial(_has_older, body=body), command("send new")
    both = replace(command("cv"), incoming=replace(incoming("", "cv"), attachments=_two_files()))
    yield unchanged, both
    yield unchanged, command("mentors")
    yield lambda d: replace(d, mentors=(), letters=()), command("mentors")
    for rows in (
        (("name", "email", "shoe size"), ("Dr. Ada Byron", "ada@college.example"), ("Boris", "no"), ("Boris", "no")),
        (("name",), ("Dr. Ada Byron",)),
        (("name", "email"), ("", "x@y.example"), ("", "z@y.example")),
        (("name",),),
        tuple((f"Dr. Name{n} Other{n}", str(n)) if n else ("name", "role") for n in range(200)),
    ):
        seen = Examined(sha256="1" * 64, kind=Kind_.SHEET, rows=rows)
        yield unchanged, command("mentors", attached="m.xlsx", examined=(seen,))


def _two_files() -> tuple[Attachment, ...]:
    names = ("cv.pdf", "personal statement.pdf", "scan.pdf")
    return tuple(
        Attachment(name=name, media_type="application/pdf", sha256=str(at) * 64, size=81_000)
        for at, name in enumerate(names, 2)
    )


def _has_packet(dossier: Dossier) -> Dossier:
    """The first mentor has the CV, and writes."""
    dossier = standing(replace(dossier, materials=(material("cv"),)), State.PACKET_SENT)
    mail = writing.to_mentor(dossier, Purpose.PACKET, [dossier.letter("l1")], policy=POLICY, now=NOW)
    return dossier.with_mail(replace(mail_of(mail), progress=Progress.SENT, sent_at=NOW))


def _has_older(dossier: Dossier, body: str) -> Dossier:
    """... and there is a newer one."""
    return _after(_has_packet(dossier), command("cv", body, attached="a.pdf"))


def _after(dossier: Dossier, event: Event) -> Dossier:
    return decide(dossier, event, NOW, POLICY).dossier


def _answers_of_the_applicant() -> Iterator[Happening]:
    for words in ("waiver: I waive my right", "waiver: no"):
        yield previewing, command("Re: Shall I", words, answers="p1")
    for words in ("send", "skip", "later 3 days", "edit Dear you,\n\nmy text.", "well, perhaps", ""):
        yield previewing, command("Re: Shall I", words, answers="p1")
    yield lambda d: replace(previewing(d), paused=True), command("Re: Shall I", "send", answers="p1")
    yield lambda d: _never(previewing(d)), command("Re: Shall I", "send", answers="p1")
    yield lambda d: _no_address(previewing(d)), command("Re: Shall I", "send", answers="p1")
    for words in ("thank", "packet", "wait 10 days", "thank, backup", "hm", "write: Dear all,\n\nso it is.\n\n\nMe"):
        yield asking, command("Re: Please decide", words, answers="q1")
    yield lambda d: d.with_mail(mail_of(question_mail(d))), command("Re: old", "thank", answers="old")
    for words in ("pause", "send. And please remind me of the status.", "send. And what's the status?"):
        yield previewing, command("Re: Shall I", words, answers="p1")
    yield asking, command("Re: Please decide", "pause", answers="q1")
    yield waiting_for_a_name, command("Re: which", "whoever", answers="w-1")
    yield lambda d: _outdated(previewing(d)), command("Re: Shall I", "send", answers="p1")
    yield previewing, command("Re: Shall I", "send", answers="p1", between_markers="")
    yield _expired, command("Re: Shall I", "send", answers="p1")
    for words in ("send all", "skip all", "send all but Okafor", "send all but Nobody"):
        yield _with_news_waiting, command("Re: Shall I", words, answers="p-l1")
        yield lambda d: replace(_outdated(_with_news_waiting(d)), paused=True), command("Re: x", words, answers="r-1")
        yield lambda d: _never(_with_news_waiting(d)), command("Re: x", words, answers="r-1")


def waiting_for_a_name(dossier: Dossier) -> Dossier:
    """The dossier with a question open about who of two is meant."""
    meanings = (
        Meaning(label="Dr. Ada Byron", detail="research", line="ask Byron"),
        Meaning(label="Sam", line="ask Sam"),
    )
    waiting = OpenCommand(id="w-1", said="ask Byron", incoming=incoming(), body="", meanings=meanings, asked_at=NOW)
    return replace(dossier, open_commands=(waiting,))


def _told_of(dossier: Dossier) -> Dossier:
    return standing(dossier, State.TOLD)


def _twice(dossier: Dossier, state: State) -> Dossier:
    """The mentor has two letters."""
    first = standing(dossier, state)
    dossier = first.with_application(Application(id="a9", name="Fulbright", service="custom"))
    return dossier.with_letter(replace(first.letter("l1"), id="l9", application="a9"))


def _with_two_who_wrote(dossier: Dossier) -> Dossier:
    kim = Mentor(id="m9", name="Sam Okafor, MD", email="okafor@hospital.example")
    letter = Letter(id="l9", mentor="m9", application="a1", state=State.THANKED)
    return standing(dossier, State.THANKED).with_mentor(kim).with_letter(letter)


def _with_news_waiting(dossier: Dossier) -> Dossier:
    """Two mails with news wait, shown together."""
    dossier = _with_two_who_wrote(dossier)
    waiting = []
    for letter in (dossier.letter("l1"), dossier.letter("l9")):
        draft = writing.to_mentor(dossier, Purpose.UPDATE, [letter], policy=POLICY, now=NOW, more={"news": "Hm."})
        key = f"p-{letter.id}"
        waiting.append(Preview(id=key, mail=mail_of(draft), step="update", shown_at=NOW, batch="r-1"))
    return replace(dossier, previews=tuple(waiting))


def _outdated(dossier: Dossier) -> Dossier:
    first, *others = dossier.previews
    return replace(dossier, previews=(replace(first, mail=replace(first.mail, outdated=True)), *others))


def _expired(dossier: Dossier) -> Dossier:
    dossier = previewing(dossier)
    return replace(dossier, previews=(), put_away=dossier.previews)


def _approved(dossier: Dossier) -> Dossier:
    """The ask was approved, and something it says has changed since."""
    dossier = previewing(dossier)
    mail = replace(dossier.previews[0].mail, automatic=False, outdated=True)
    return replace(dossier, previews=()).with_mail(mail)


def _asked_before(dossier: Dossier) -> Dossier:
    dossier = asking(dossier)
    old = tuple(replace(q, asked_at=NOW - timedelta(days=6)) for q in dossier.questions)
    dossier = replace(dossier, questions=old)
    more = {"quote": "Hm.", "telling": "Hm.", "genuine": True, "signals": [], "dates": [], "colleagues": []}
    asked_for = writing.question(
        dossier, "lukewarm", dossier.letter("l1"), ("thank",), policy=POLICY, now=NOW, key="x", more=more
    )
    mail = replace(mail_of(replace(asked_for.mail, context=asked_for.mail.context | {"prepared": None})), key="q1")
    return dossier.with_mail(mail)


def _never(dossier: Dossier) -> Dossier:
    return dossier.with_mentor(replace(dossier.mentor("m1"), never=True))


def _no_address(dossier: Dossier) -> Dossier:
    return dossier.with_mentor(replace(dossier.mentor("m1"), email=""))


def question_mail(dossier: Dossier) -> Draft:
    return writing.to_applicant(dossier, Purpose.QUESTION, "applicant/done", key="old", more={"said": ["x"]} | {
        "mentor": view.of_mentor(dossier.mentor("m1"))})  # fmt: skip


def _time_passes() -> Iterator[Happening]:
    for days in (8, 15, 17):
        yield partial(standing, state=State.ASKED, asked_at=NOW - timedelta(days=days)), Ticked()
    for left in (0.3, 1, 2, 7, 14, -1):
        yield partial(due, state=State.PACKET_SENT, in_days=left), Ticked()
    yield lambda d: standing(d, State.REPORTED, last_heard_at=NOW - timedelta(days=4)), Ticked()
    yield lambda d: standing(d, State.RECEIVED, received_at=NOW - timedelta(days=4)), Ticked()
    yield _approved, Ticked()
    yield _asked_before, Ticked()
    yield lambda d: standing(d, State.HELD, last_sent_at=NOW - timedelta(days=8)), Ticked()
    for days in (5, 15):
        yield partial(_shown_before, days=days), Ticked()
        yield partial(_shown_before, days=days, due_in=20), Ticked()


def _with_programmes(dossier: Dossier, state: State, *days: float) -> Dossier:
    """Programmes alone have deadlines, so many days from now, the first two on the same."""
    named = [("Lakeside University Hospital", days[0])]
    named += zip(("Mercy Hospital", "Stone Hill", "St. Ann"), days, strict=False)
    programmes = tuple(
        Programme(id=f"p{n}", application="a1", name=name, deadline=NOW + timedelta(days=ahead))
        for n, (name, ahead) in enumerate(named)
    )
    none = replace(dossier.application("a1"), deadline=None)
    asked_at = None if state is State.PLANNED else NOW - timedelta(days=9)
    return replace(standing(dossier.with_application(none), state, asked_at=asked_at), programmes=programmes)


def _deadlines() -> Iterator[Happening]:
    """Dates of programmes, dates that are not the letters', and the time to ask."""
    for left in (85, 70, 30, 5):
        yield partial(due, state=State.PLANNED, in_days=left, asked_at=None), Ticked()
        yield lambda d, left=left: _with_programmes(d, State.PLANNED, left, left + 9), Ticked()
    for days in ((-0.1, 20), (-3, -1), (7, 20, 40)):
        prepare = lambda d, days=days: _with_programmes(d, State.PACKET_SENT, *days)  # noqa: E731
        yield prepare, Ticked()
        yield prepare, command("status")
        yield prepare, command("application ERAS")
        yield prepare, command("application Garden")
    unchanged: Callable[[Dossier], Dossier] = lambda dossier: dossier  # noqa: E731
    for kind in ("verified", "submit", "complete", "letters"):
        yield unchanged, command("application CASPA 2028", f"deadline: 1 Oct 2027\ndeadline is: {kind}")
    yield (
        unchanged,
        command("application CASPA 2028", "deadline: 1 Oct 2027, verified\nletters by: 1 Sept 2027, 5 pm AoE"),
    )
    yield unchanged, command("application ERAS 2028", "deadline: 1 Oct 2027, AoE\npreferred: 20 June 2027")
    yield unchanged, command("application ERAS 2028", "deadline: 1 July 2027, 5 pm")
    yield _another_clock, Ticked()


def _another_clock(dossier: Dossier) -> Dossier:
    dossier = due(dossier, State.PACKET_SENT, 14)
    return dossier.with_mentor(replace(dossier.mentor("m1"), time_zone="Asia/Tokyo"))


def _shown_before(dossier: Dossier, days: int, due_in: int = 0) -> Dossier:
    dossier = previewing(due(dossier, State.PLANNED, due_in) if due_in else dossier)
    old = tuple(replace(p, shown_at=NOW - timedelta(days=days)) for p in dossier.previews)
    return replace(dossier, previews=old)


# -- how it reads -------------------------------------------------------------------------------------------------


def mail_of(draft: Draft) -> Mail:
    """The mail a draft becomes, as far as a preview shows it."""
    done = RENDERER.render(draft.template, draft.context)
    return Mail(
        key=draft.key, purpose=draft.purpose, to=draft.to, subject=done.subject, text=done.text, decided_at=NOW,
        letters=draft.letters, mentor=draft.mentor, enclosures=draft.enclosures, template=draft.template,
        more=draft.more,
    )  # fmt: skip


def drafts_of(written: Written) -> Iterator[Draft]:
    """The mails of one decision, what a preview shows and a question offers included."""
    if isinstance(written, PreviewDraft):
        shown = {"mail": writing.shown_mail(mail_of(written.mail))}
        yield from (written.mail, replace(written.shown_as, context=written.shown_as.context | shown))
    elif isinstance(written, QuestionDraft):
        offered = {"prepared": writing.shown_mail(mail_of(written.prepared)) if written.prepared else None}
        yield from ((written.prepared,) if written.prepared else ())
        yield replace(written.mail, context=written.mail.context | offered)
    else:
        yield written


def several(dossier: Dossier) -> Iterator[Draft]:
    """Mails about two letters of one mentor at once."""
    dossier = due(dossier, State.PACKET_SENT, 14)
    second = replace(dossier.application("a2"), deadline=NOW + timedelta(days=14))
    letters = [dossier.letter("l1"), Letter(id="l9", mentor="m1", application="a2")]
    dossier = dossier.with_application(second).with_letter(letters[1])
    for purpose in (Purpose.PACKET, Purpose.REMINDER, Purpose.THANKS):
        yield writing.to_mentor(dossier, purpose, letters, policy=POLICY, now=NOW)
    yield writing.to_mentor(dossier, Purpose.NUDGE, letters, policy=POLICY, now=NOW, more={"last": True})


@lru_cache(maxsize=1)
def all_drafts() -> tuple[tuple[str, Draft], ...]:
    found: list[tuple[str, Draft]] = []
    for name, made in DOSSIERS.items():
        for prepare, event in happenings():
            decision = decide(prepare(made()), event, NOW, POLICY)
            found += [(name, d) for written in decision.mails for d in drafts_of(written)]
    return (*found, *(("full", d) for d in several(full())))


@lru_cache(maxsize=1)
def all_mails() -> tuple[tuple[str, Rendered], ...]:
    """Every mail, named by dossier and template; equal ones once."""
    mails = ((f"{name}: {d.template}", RENDERER.render(d.template, d.context)) for name, d in all_drafts())
    return tuple({(name, mail.text): (name, mail) for name, mail in mails}.values())


def test_every_template_is_shown_here() -> None:
    """Each with the full dossier; with the bare one, all that it can come to."""
    shown = {draft.template for _, draft in all_drafts()}
    assert shown == set(RENDERER.names())


_BROKEN: dict[str, re.Pattern[str]] = {
    "nothing stands for nothing": re.compile(r"\bNone\b|\bTrue\b|\bFalse\b|\bundefined\b"),
    "no unfilled braces": re.compile(r"[{}]|%\}"),
    "no gap between words": re.compile(r"\S  +\S"),
    "no lone punctuation": re.compile(r" [.,;:](?:\s|$)|(?<!\.)\.\.(?!\.)|,,|\(\)|“”"),
    "no promise of a list that is empty": re.compile(r":\n\n(?=[A-Z*(]|$)|: *\Z"),
    "no half a greeting": re.compile(r"Dear ?,|Dear Dr\.,|Dr\. Maria"),
    "no hole of blank lines": re.compile(r"\n\n\n"),
    "no trailing blanks": re.compile(r"[ \t]$", re.MULTILINE),
    "no exclamation marks": re.compile(r"!"),
}


@pytest.mark.parametrize("rule", _BROKEN)
def test_no_mail_reads_as_if_a_machine_had_stumbled(rule: str) -> None:
    pattern = _BROKEN[rule]
    found = [(name, hit.group()) for name, mail in all_mails() for hit in pattern.finditer(_prose(mail.text))]
    assert found == []


def _prose(text: str) -> str:
    """A mail without quotes, tables and examples, whose words are not the template's."""
    lines = ["x" if line.startswith((">", "|", "    ")) else line for line in text.split("\n")]
    return "\n".join(lines).replace("so it is.\n\n\nMe", "x").replace("Uploaded!", "x")


def test_every_mail_has_a_subject_a_person_can_read() -> None:
    odd = [
        m.subject for _, m in all_mails() if not 6 <= len(m.subject) <= 110 or re.search(r"  | [.,:;]|\.$", m.subject)
    ]
    assert odd == []


def test_the_ask_is_short() -> None:
    asks = [mail.text for name, mail in all_mails() if name == "full: mentor/ask"]
    assert asks
    assert max(len(text.split()) for text in asks) < 220


def test_a_mail_to_a_mentor_ends_with_signature_and_the_quiet_line() -> None:
    quiet = "\n\n(An assistant program sends this for me; I read every answer myself.)"
    for name, mail in all_mails():
        if "mentor/" in name and not name.endswith("applicant/mentor"):
            assert mail.text.endswith(quiet), name
            signed = "\n\nWith best regards,\nNadia Rahman" in mail.text
            assert signed == (not name.endswith("own_words")), name


def test_own_words_go_word_for_word() -> None:
    mine = [mail.text for name, mail in all_mails() if name.endswith("own_words")]
    quiet = "(An assistant program sends this for me; I read every answer myself.)"
    assert mine == [f"Dear all,\n\nso it is.\n\n\nMe\n\n{quiet}"] * len(DOSSIERS)


def test_who_is_asked_for_something_reads_that_no_is_fine() -> None:
    asking_ones = {"ask", "nudge", "packet", "reminder", "last_call", "stray_letter"}
    texts = [(name, mail.text) for name, mail in all_mails() if name.rpartition("mentor/")[2] in asking_ones]
    assert {name.rpartition("/")[2] for name, _ in texts} == asking_ones
    assert [name for name, text in texts if '"no" is' not in text.lower() and "that is fine" not in text] == []


def test_the_preferred_date_is_never_called_the_deadline() -> None:
    dated = [m.text for name, m in all_mails() if "mentor/" in name and "August 20, 2027" in m.text]
    assert dated
    assert [t for t in dated if not re.search(r"[Pp]referred date[^.]*August 20|Preferred date \|", t)] == []


def test_silence_is_promised_only_where_something_keeps_it() -> None:
    promising = {name.split(": ")[1] for name, m in all_mails() if _PROMISE.search(_prose(m.text))}
    said_of_mentor = {
        "applicant/unfit",
        "applicant/agreed",
        "applicant/preview_gone",
        "applicant/preview",
        "applicant/preview_all",
        "applicant/mistake",
        "applicant/done",
    }
    assert promising - said_of_mentor == set(PROMISES) - {"applicant/told_expired"}


@pytest.mark.parametrize(
    ("template", "prepared"),
    [
        ("mentor/nudge", lambda: standing(full(), State.ASKED, asked_at=NOW, done=("nudge1", "nudge2"))),
        ("mentor/last_call", lambda: due(full(), State.PACKET_SENT, 2, done=("reminder14", "reminder7", "last call"))),
    ],
)
def test_a_promise_of_silence_is_kept(template: str, prepared: Callable[[], Dossier]) -> None:
    """After the last nudge and the last reminder, the clock writes to the mentor no more, for half a year."""
    dossier, to_mentor = prepared(), []
    for days in range(180):
        decision = decide(dossier, Ticked(), NOW + timedelta(days=days), POLICY)
        dossier = decision.dossier
        to_mentor += [m for m in decision.mails if isinstance(m, PreviewDraft) or _to_mentor(m)]
    assert to_mentor == [], template


def _to_mentor(written: Written) -> bool:
    return isinstance(written, Draft) and written.template.startswith("mentor/")


def test_a_preview_shows_the_mail_byte_for_byte_between_its_marks() -> None:
    for _, draft in all_drafts():
        if draft.template == "applicant/preview":
            text = RENDERER.render(draft.template, draft.context).text
            between = text.split(previews.MARK_BEGIN + "\n")[1].split("\n" + previews.MARK_END)[0]
            assert between == draft.context["mail"]["text"]


def test_an_edited_mail_keeps_its_blank_lines_in_the_preview() -> None:
    mail = {"to": "x@y.example", "subject": "s", "text": "One.\n\n\n\nTwo: 1 | 2\n - three", "enclosures": [], "cc": ""}
    dossier = full()
    letter = dossier.letter("l1")
    ask = writing.ask_preview(dossier, letter, policy=POLICY, now=NOW, because="edited")
    context = ask.shown_as.context
    seen = {"applicant": view.of_applicant(dossier.applicant), **context, "mail": mail}
    text = RENDERER.render("applicant/preview", seen).text
    assert f"{previews.MARK_BEGIN}\n{mail['text']}\n{previews.MARK_END}" in text


def test_every_question_names_its_words_each_on_a_line_of_its_own() -> None:
    questions = [d for _, d in all_drafts() if d.template.startswith("applicant/needs_")]
    for draft in questions:
        text = RENDERER.render(draft.template, draft.context).text
        explained = re.findall(r"^- \*\*(.+?)\*\*:? \S", text, re.MULTILINE)
        assert explained == draft.context["choices"], draft.template


def test_the_text_that_thank_would_send_is_shown() -> None:
    offered = [d for _, d in all_drafts() if d.context.get("prepared")]
    assert {d.template for d in offered} >= {"applicant/needs_lukewarm", "applicant/needs_wrong_person"}
    for draft in offered:
        text = RENDERER.render(draft.template, draft.context).text
        assert "\n".join(f"> {line}".rstrip() for line in draft.context["prepared"]["text"].split("\n")) in text


def test_a_question_without_a_prepared_text_in_its_context_is_still_asked() -> None:
    draft = next(d for _, d in all_drafts() if d.template == "applicant/needs_silent")
    context = {key: value for key, value in draft.context.items() if key != "prepared"}
    assert RENDERER.render(draft.template, context).text == RENDERER.render(draft.template, draft.context).text


def test_the_form_of_a_mistake_is_understood_again() -> None:
    draft = next(d for _, d in all_drafts() if d.template == "applicant/mistake" and d.context["form"])
    text = RENDERER.render(draft.template, draft.context).text
    lines = [line[4:] for line in text.split("\n") if line.startswith("    ")]
    given = {line["key"]: line["value"] for line in draft.context["form"] if line["value"]}
    assert lines[0] == f"Subject: {draft.context['subject_line']}"
    assert [f"{key}: {words}" in lines for key, words in given.items()] == [True] * len(given)
    assert parse("\n".join(lines), ()).unknown == ()


def test_no_value_can_start_a_header() -> None:
    """Every text of a full dossier, with a header of its own behind it."""
    for name, draft in all_drafts():
        mail = RENDERER.render(draft.template, _poisoned(draft.context))
        assert not re.search(r"[\r\n\x0b\x0c\x85\u2028\u2029]", mail.subject), name


def _poisoned(given: Any) -> Any:
    if isinstance(given, dict):
        return {key: v if key in _MEANINGFUL else _poisoned(v) for key, v in given.items()}
    if isinstance(given, list):
        return [_poisoned(item) for item in given]
    return f"{given}\r\nBcc: x@evil.example" if isinstance(given, str) and given else given


_MEANINGFUL = frozenset(
    {"purpose", "what", "choices", "when", "because", "outcome", "template", "shown"}
)  # words a template looks up


def test_html_shows_a_mentors_markup_as_text() -> None:
    draft = next(d for _, d in all_drafts() if d.template == "applicant/needs_lukewarm")
    context = draft.context | {"quote": "<img src=x onerror=alert(1)> [click](http://evil.example) </div>"}
    html = RENDERER.render(draft.template, context).html
    assert "<img" not in html
    assert "href" not in html
    assert "&lt;img src=x" in html


def test_no_template_names_a_person() -> None:
    sources = {path: path.read_text("utf-8") for path in builtin_folder().rglob("*.txt")}
    assert [(str(p), n) for p, text in sources.items() for n in PEOPLE if re.search(rf"\b{n}\b", text)] == []


def test_the_readme_lists_every_template() -> None:
    readme = (builtin_folder() / "README.md").read_text("utf-8")
    assert [name for name in RENDERER.names() if f"`{name}`" not in readme] == []


@pytest.mark.parametrize(
    ("dossier", "promise"),
    [
        (full(), "everything in one message: my documents, my goals and how to submit the letter."),
        (bare(), "I will send you the details in one message."),
    ],
)
def test_the_ask_promises_only_what_there_is_to_send(dossier: Dossier, promise: str) -> None:
    ask = writing.to_mentor(dossier, Purpose.ASK, [dossier.letters[0]], policy=POLICY, now=NOW, more={"personal": ""})
    text = RENDERER.render(ask.template, ask.context).text
    assert promise in text
    assert ("my documents" in text) is bool(dossier.materials)
