"""`forget me` and `forget NAME` on a real mail server: asked, confirmed, erased, and nothing of it left on the disk."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from stage import CV, LOPEZ, MENTOR, NADIA, Received, Stage, Style, apple, gmail, outlook, top_posted

from lorbot import dossiers as dossiers_module
from lorbot.enrolment import dossier_id
from lorbot.eraser import Eraser
from lorbot.errors import SendingError
from lorbot.mail import thread
from lorbot.sandbox.people import File
from lorbot.sandbox.server import MailServer
from lorbot.shell.forgotten import Forgotten
from lorbot.shell.sender import Sender
from lorbot.shell.spool import Spool
from lorbot.shell.state import StateFolder
from lorbot.shell.store import TinyStore

STOP = "Dear Nadia,\n\nPlease do not write to me again about this. Remove me from your list.\n\nElena Lopez"
HEDGE = "I could write you a letter, but the zebrafish took most of my attention, so it would be fairly general."
OTHERS_MENTOR = """email: lopez@hospital.example
worked together: The quokka project, all of last year, in her laboratory and on the ward."""

OF_LOPEZ = ("lopez@", "Lopez", "Elena", "5 West", "zebrafish")
OF_NADIA = ("nadia@", "Nadia", "Rahman", "Lakeside", "safety-net", "14789321", "Harold", "kim@", *OF_LOPEZ)


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    """An office with two applicants. What the second one has must never change."""
    people = [{"name": "Nadia Rahman", "email": NADIA}, {"name": "Harold Kim", "email": "kim@hospital.example"}]
    return Stage(tmp_path, mail_server, applicants=people)


@pytest.fixture
def alone(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


def left(stage: Stage, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Which words are still in which file of the state folder, names of files included."""
    found = []
    for path in sorted(stage.daemon.parts.state.path.rglob("*")):
        content = path.read_bytes().lower() if path.is_file() else b""
        said = path.name.lower().encode() + b"\n" + content
        found += [(path.name, word) for word in words if word.lower().encode() in said]
    return found


def season(stage: Stage) -> None:
    """Everything there can be: letters, an answer, a CV, a preview that waits, and mail that nobody could read."""
    ask = stage.asked()
    stage.lopez.answers(ask, HEDGE)
    stage.turn()
    stage.nadia.writes("status")
    stage.nadia.writes("history")
    stage.turn()
    stage.nadia.reads()
    spool = Spool(stage.daemon.parts.state.spool)
    for number, sender in enumerate((NADIA, LOPEZ), 900):
        raw = f"From: {sender}\r\nSubject: the platypus {number}\r\n\r\nA broken mail of Nadia Rahman to Elena Lopez"
        spooled = spool.put("INBOX", 1, number, raw.encode())
        spool.quarantine(spooled, f"it could not be read: {sender}")


def confirmed(stage: Stage, subject: str, style: Style = top_posted) -> Received:
    """Asked, answered with "yes, forget", and the last mail read."""
    stage.nadia.writes(subject)
    stage.turn()
    question = stage.nadia.reads_one("forget")
    stage.nadia.answers(question, "yes, forget", style)
    stage.turn()
    return stage.nadia.reads_one("forget")


# -- forget me ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", [gmail, outlook, apple])
def test_forget_me_asks_first_and_then_leaves_nothing_behind(alone: Stage, style: Style) -> None:
    season(alone)
    assert left(alone, OF_NADIA)

    alone.nadia.writes("forget me")
    alone.turn()
    question = alone.nadia.reads_one("forget me")
    assert "answer this mail with: yes, forget" in question.text
    assert "- your mentor: Dr. Elena Lopez" in question.text
    assert "- Rahman_CV.pdf, version 1" in question.text
    assert len(alone.dossier.mentors) == 1

    alone.nadia.answers(question, "yes, forget", style)
    alone.turn()

    last = alone.nadia.reads_one("forget me")
    assert "Everything I knew about you is erased" in last.text
    assert left(alone, (*OF_NADIA, "platypus", "Whitfield")) == []
    state = alone.daemon.parts.state
    assert [list(folder.iterdir()) for folder in (state.dossiers, state.spool, state.quarantine, state.files)] == [
        []
    ] * 4
    assert (state.path / "forgotten.json").stat().st_mode & 0o777 == 0o600


def test_forgetting_one_applicant_leaves_the_other_untouched(stage: Stage) -> None:
    stage.kim.writes("application ERAS 2028", "service: eras\ndeadline: 1 September 2027")
    stage.kim.writes("mentor Dr. Elena Lopez", OTHERS_MENTOR)
    stage.kim.writes("cv", "The same file.", files=(CV,))
    stage.kim.writes("material transcript", "Mine.", files=(File(name="t.pdf", content=b"%PDF kim"),))
    nadia = of(stage, NADIA)
    stage.nadia.writes("mentor Dr. Elena Lopez", OTHERS_MENTOR.replace("quokka", "wombat"))
    stage.nadia.writes("cv", "Here.", files=(CV,))
    stage.turn()
    stage.nadia.reads(), stage.kim.reads()
    his = of(stage, "kim@hospital.example")
    before = (stage.daemon.parts.state.dossiers / f"{his}.json").read_bytes()

    confirmed(stage, "forget me")

    assert left(stage, ("wombat", "nadia@")) == []
    assert (stage.daemon.parts.state.dossiers / f"{his}.json").read_bytes() == before
    assert stage.daemon.parts.store.ids() == (his,)
    assert nadia != his
    for material in stage.daemon.parts.store.load(his).materials:
        assert stage.daemon.parts.state.content(material.sha256)


def of(stage: Stage, email: str) -> str:
    store = stage.daemon.parts.store
    return next(i for i in store.ids() if store.load(i).applicant.email == email)


@pytest.mark.parametrize("answer", ["yes", "yes, but not my CV", "forget Dr. Kim", "hm", "Yes, forget the other one"])
def test_only_yes_forget_erases(alone: Stage, answer: str) -> None:
    alone.prepared()
    alone.nadia.writes("forget me")
    alone.turn()
    alone.nadia.answers(alone.nadia.reads_one(), answer)
    alone.turn()

    again = alone.nadia.reads_one()
    assert "Nothing was erased" in again.text
    assert len(alone.dossier.mentors) == 1

    alone.nadia.answers(again, "Yes, please forget me.\n\nThanks,\nNadia")
    alone.turn()
    assert "is erased" in alone.nadia.reads_one().text


def test_no_keeps_everything_and_a_late_yes_does_nothing(alone: Stage) -> None:
    alone.prepared()
    alone.nadia.writes("forget me")
    alone.turn()
    question = alone.nadia.reads_one()
    alone.nadia.answers(question, "No, don't")
    alone.turn()
    assert "nothing was erased, and all goes on as before" in alone.nadia.reads_one().text
    assert alone.dossier.erasures == ()

    alone.nadia.writes("forget me")
    alone.turn()
    question = alone.nadia.reads_one()
    alone.passes(days=8)
    alone.nadia.reads()
    alone.nadia.answers(question, "yes, forget")
    alone.turn()
    assert "has lapsed" in alone.nadia.reads_one().text
    assert len(alone.dossier.mentors) == 1


def test_nobody_else_can_have_an_applicant_forgotten(alone: Stage) -> None:
    alone.prepared()
    alone.nadia.writes("forget me", login=False)
    alone.turn()
    assert "Was this you?" in alone.nadia.reads_one().subject
    alone.passes(days=1)
    assert len(alone.dossier.mentors) == 1


def test_the_forgotten_are_not_enrolled_again_until_they_write(alone: Stage) -> None:
    season(alone)
    last = confirmed(alone, "forget me")
    alone.restart()
    alone.turn()
    assert alone.daemon.parts.store.ids() == ()

    alone.now += timedelta(minutes=5)
    alone.nadia.answers(last, "thanks")
    alone.nadia.answers(last, "forget me")
    alone.nadia.writes("help", login=False)  # anybody could have written that
    alone.passes(minutes=5)
    assert (alone.daemon.parts.store.ids(), alone.nadia.reads()) == ((), [])

    alone.nadia.writes("profile", "stage: intern")
    alone.turn()
    assert "intern" in alone.nadia.reads_one("profile").text
    assert alone.dossier.applicant.stage == "intern"
    assert alone.dossier.mentors == ()
    alone.restart()
    alone.nadia.writes("status")
    alone.turn()
    assert alone.nadia.reads_one("status")


def test_mail_from_before_the_forgetting_brings_nobody_back(alone: Stage) -> None:
    """The server numbers its mails anew, and everything is fetched once more."""
    season(alone)
    alone.passes(minutes=5)
    confirmed(alone, "forget me")
    (alone.daemon.parts.state.path / "mailbox.json").unlink()
    alone.restart()
    alone.turn()
    assert alone.daemon.parts.store.ids() == ()
    assert alone.nadia.reads() == []
    assert left(alone, OF_NADIA) == []


def test_who_comes_back_has_other_message_ids_than_before(alone: Stage) -> None:
    ask = alone.asked()
    confirmed(alone, "forget me")
    alone.passes(minutes=5)
    alone.nadia.writes("help")
    alone.turn()
    alone.nadia.reads()

    again = alone.asked()

    assert again.incoming.message_id != ask.incoming.message_id
    alone.lopez.answers(ask, "I would be delighted to write you a strong letter.")
    alone.turn()
    assert alone.lopez.reads() == []  # no packet: it answers what is forgotten
    assert [x.state.value for x in alone.dossier.letters] == ["asked"]


def test_who_is_taken_out_of_the_configuration_and_put_in_again_is_enrolled(
    tmp_path: Path, mail_server: MailServer
) -> None:
    stage = Stage(tmp_path, mail_server)
    stage.prepared()
    confirmed(stage, "forget me")
    with_her = stage.config.read_text()
    stage.config.write_text(with_her.replace(NADIA, "other@students.example"))
    stage.restart()
    stage.config.write_text(with_her)
    stage.restart()
    assert NADIA in {stage.daemon.parts.store.load(i).applicant.email for i in stage.daemon.parts.store.ids()}


# -- forget a mentor -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", [gmail, outlook, apple])
def test_a_forgotten_mentor_is_nowhere_any_more_and_the_rest_stays(alone: Stage, style: Style) -> None:
    season(alone)
    alone.nadia.writes(
        "mentor Dr. Harold Kim", "email: kim@hospital.example\nbackup for: Dr. Lopez\nhow: two years of work"
    )
    alone.turn()
    alone.nadia.reads()

    last = confirmed(alone, "forget Dr. Lopez", style)

    assert "Dr. Elena Lopez is forgotten" in last.text
    assert left(alone, OF_LOPEZ) == []
    assert [(m.name, m.backup_for) for m in alone.dossier.mentors] == [("Dr. Harold Kim", "")]
    assert [m.name for m in alone.dossier.materials] == ["Rahman_CV.pdf"]
    assert alone.dossier.applicant.school == "Lakeside College of Medicine"
    assert left(alone, ("platypus",)) == []  # it named her
    alone.nadia.writes("status")
    alone.nadia.writes("history")
    alone.turn()
    assert [("Lopez" in m.text) for m in alone.nadia.reads()] == [False, False]


def test_mail_from_a_forgotten_mentor_is_left_alone(alone: Stage) -> None:
    ask = alone.asked()
    confirmed(alone, "forget Dr. Lopez")
    before = alone.dossier

    alone.lopez.answers(ask, "I would be delighted to write you a strong letter.")
    alone.lopez.writes("Nadia Rahman", "Where do I send it?")
    alone.passes(minutes=5)

    assert alone.dossier == before
    assert (alone.nadia.reads(), alone.lopez.reads()) == ([], [])
    assert {s: f for s, f in alone.flags().items() if "Letter of" in s or s == "Nadia Rahman"} == {
        f"Re: {ask.subject}": set(),
        "Nadia Rahman": set(),
    }
    alone.passes(days=30)
    assert (alone.lopez.reads(), list(alone.daemon.parts.state.quarantine.iterdir())) == ([], [])


def test_a_mentor_entered_anew_gets_a_mail_that_is_not_the_old_one(alone: Stage) -> None:
    ask = alone.asked()
    confirmed(alone, "forget Dr. Lopez")
    alone.nadia.writes("mentor Dr. Elena Lopez", MENTOR)
    alone.nadia.writes("ask Dr. Lopez")
    alone.turn()
    preview = next(m for m in alone.nadia.reads() if "Shall I" in m.subject)
    alone.nadia.answers(preview, "send")
    alone.turn()
    assert alone.lopez.reads_one().incoming.message_id != ask.incoming.message_id


def test_silence_that_was_asked_for_outlives_forgetting_in_every_dossier(stage: Stage) -> None:
    store = stage.daemon.parts.store
    ask = _asked_in_office(stage)
    stage.lopez.answers(ask, STOP)
    stage.turn()
    stage.nadia.reads()

    question = _question(stage, "forget Dr. Lopez")
    assert "I keep a fingerprint of the address" in question.text
    stage.nadia.answers(question, "yes, forget")
    stage.turn()
    assert "asked to get no more mail, and gets none" in stage.nadia.reads_one().text
    assert left(stage, ("lopez@", "Lopez", "Elena")) == []

    for actor in (stage.nadia, stage.kim):
        if actor is stage.kim:
            actor.writes("application ERAS 2028", "service: eras\ndeadline: 1 September 2027")
        actor.writes("mentor Dr. E. Lopez", OTHERS_MENTOR.replace("lopez@", "LOPEZ@"))
        actor.writes("ask Dr. Lopez")
        stage.turn()
        told = {m.subject: m.text for m in actor.reads()}
        assert "I write nothing to Dr. E. Lopez" in told["Re: mentor Dr. E. Lopez"]
        assert "asked to get no more mail" in told["Re: ask Dr. Lopez"]
    stage.passes(days=20)
    assert stage.lopez.reads() == []
    assert len(store.ids()) == 2


def test_silence_holds_where_the_mentor_was_entered_before_it_was_promised(stage: Stage) -> None:
    stage.kim.writes("application ERAS 2028", "service: eras\ndeadline: 1 September 2027")
    stage.kim.writes("mentor Dr. Elena Lopez", OTHERS_MENTOR)
    ask = _asked_in_office(stage)
    stage.kim.reads()
    stage.lopez.answers(ask, STOP)
    stage.turn()
    stage.nadia.reads()
    confirmed(stage, "forget me")

    stage.restart()
    stage.kim.writes("ask Dr. Lopez")
    stage.turn()
    assert "asked to get no more mail" in stage.kim.reads_one().text
    assert stage.lopez.reads() == []


def _asked_in_office(stage: Stage) -> Received:
    stage.prepared()
    stage.nadia.writes("ask Dr. Lopez")
    stage.turn()
    stage.nadia.answers(stage.nadia.reads_one("Shall I"), "send")
    stage.turn()
    stage.nadia.reads()
    return stage.lopez.reads_one()


def _question(stage: Stage, subject: str) -> Received:
    stage.nadia.writes(subject)
    stage.turn()
    return stage.nadia.reads_one()


# -- the process is killed ------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here, as by SIGKILL."""


STEPS: list[tuple[type, str, int]] = [
    (dossiers_module.Dossiers, "settle", 1),
    (Eraser, "work", 1),
    (Forgotten, "promise_silence", 1),
    (Forgotten, "leave", 1),
    (Spool, "erase", 1),
    (StateFolder, "drop", 1),
    (dossiers_module.Dossiers, "keep", 1),
    (dossiers_module.Dossiers, "keep", 2),
    (dossiers_module.Dossiers, "keep", 3),
    (TinyStore, "delete_copies", 1),
    (TinyStore, "delete_copies", 2),
    (Sender, "send", 1),
    (TinyStore, "delete", 1),
]
"""Where the process is killed, and at which call."""


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("subject", ["forget me", "forget Dr. Lopez"])
@pytest.mark.parametrize(("where", "step", "nth"), STEPS, ids=[f"{s}{n}" for _, s, n in STEPS])
def test_killed_in_the_middle_the_next_start_finishes_it(
    alone: Stage, monkeypatch: pytest.MonkeyPatch, subject: str, where: type, step: str, nth: int, after: bool
) -> None:
    ask = alone.asked()
    alone.lopez.answers(ask, STOP)
    alone.turn()
    alone.nadia.reads()
    question = _question(alone, subject)
    alone.nadia.answers(question, "yes, forget")
    real: Callable[..., object] = getattr(where, step)
    calls = count(1)

    def kill(*args: object, **more: object) -> object:
        number = next(calls)
        done = real(*args, **more) if after or number != nth else None
        if number == nth:
            raise Killed
        return done

    with monkeypatch.context() as patch:
        patch.setattr(where, step, kill)
        with suppress(Killed):
            alone.turn()
    with alone.daemon.parts.state.lock():  # a new process clears what a killed one left half written
        alone.restart()
    alone.turn()
    alone.turn()

    assert left(alone, OF_NADIA if subject == "forget me" else OF_LOPEZ) == []
    assert len(alone.nadia.reads()) <= 1
    assert Forgotten(alone.daemon.parts.state.path / "forgotten.json").wants_silence(LOPEZ)
    assert len(alone.daemon.parts.store.ids()) == (0 if subject == "forget me" else 1)


def test_while_no_mail_can_be_sent_only_the_last_mail_is_kept(alone: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    season(alone)
    question = _question(alone, "forget me")
    alone.nadia.answers(question, "yes, forget")
    with monkeypatch.context() as patch:
        patch.setattr(Sender, "send", lambda *_: (_ for _ in ()).throw(SendingError("the server is away")))
        alone.turn()
    assert left(alone, ("Lopez", "Lakeside", "zebrafish", "platypus")) == []
    assert len(alone.dossier.mails) == 1
    alone.nadia.writes("profile", "school: Hogwarts")  # too late: it is being forgotten
    alone.passes(hours=1)
    assert "is erased" in alone.nadia.reads_one().text
    assert alone.daemon.parts.store.ids() == ()


def test_the_id_after_a_forgetting_is_another_one(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    first = dossier_id(state, NADIA)
    assert first == thread.dossier_id(state.key(), NADIA)
    state.forgotten.leave(NADIA, datetime(2027, 1, 1, tzinfo=UTC))
    state.forgotten.leave(NADIA, datetime(2027, 1, 1, tzinfo=UTC))
    second = dossier_id(state, NADIA)
    state.forgotten.leave(NADIA, datetime(2027, 2, 1, tzinfo=UTC))
    assert len({first, second, dossier_id(state, NADIA)}) == 3
