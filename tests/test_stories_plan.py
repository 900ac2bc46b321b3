"""The plan by mail: what applicants are told, and how they decide. What the services want is a table of the tests."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import dossiers
import pytest
from dossiers import decided, problems
from planning import GOOD, SERVICES, application, dossier, letter, mentor, programme
from stage import Stage

from lorbot.core import services
from lorbot.core.application import Pin
from lorbot.core.dossier import Dossier, Mentor, State
from lorbot.sandbox.server import MailServer

WARD = "On 5 West I presented Mr. H. at morning report. In May you watched me lead the family meeting of Mrs. A."


@pytest.fixture(autouse=True)
def _known_services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "all_services", lambda: SERVICES)


def answer(made: Dossier, subject: str = "plan", body: str = "") -> str:
    return dossiers.answer(decided(made, subject, body))


def section(text: str, name: str) -> str:
    """What a mail says of one application."""
    return text.partition(f"## {name}")[2].partition("\n## ")[0]


def premed() -> Dossier:
    people = [
        Mentor(id="m1", name="Dr. Ruth Stein", email="stein@c.example", title="Professor of Chemistry", role="academic",
               closeness="knows me well", observed="yes, in class every week", known_since="fall 2024", growth="a lot",
               last_worked="May 2027", worked_together="On Mondays I taught the peer session. I wrote the thesis."),
        Mentor(id="m2", name="Dr. Paul Ito", email="ito@c.example", title="Professor of English", known_since="2025"),
        Mentor(id="m3", name="Alan Great, MD", email="great@h.example", role="clinical", closeness="hardly",
               renown="president of the national society", worked_together="one week in your clinic"),
        Mentor(id="m4", name="Dr. Mary Osei", email="osei@c.example", role="research", **GOOD),
        Mentor(id="m5", name="Sara Blum, DO", email="blum@h.example", role="clinical", known_since="May 2027",
               worked_together="a week of shadowing in your clinic"),
    ]  # fmt: skip
    return dossier(people, [application(1, "amcas"), application(2, "aacomas")], [letter(1, "m1", "a1", State.AGREED)])


def test_a_premed_with_amcas_and_aacomas() -> None:
    text = answer(premed())
    assert text.startswith("**Next:** answer the question at the end of this mail.")
    amcas, aacomas = section(text, "AMCAS 2028"), section(text, "AACOMAS 2028")
    assert "AMCAS usually wants 3 letters. It takes 10 at the most." in amcas
    assert "| science faculty | Dr. Ruth Stein | agreed; the packet is on its way |" in amcas
    assert "| science faculty | **nobody yet** | missing |" in amcas
    assert "| non-science faculty | Dr. Paul Ito | to be asked |" in amcas
    assert "- one letter from science faculty" in amcas
    assert "**Dr. Mary Osei** knows you well, has seen you at work (“every week”) and was there for two things" in amcas
    assert "Alan Great, MD (hardly knows you, and a name in the field does not make up for that)" in amcas
    assert "| osteopathic physician | Sara Blum, DO | to be asked |" in aacomas
    assert "known each other for less than three months" in aacomas
    assert "about one week together" in aacomas
    assert "**Dr. Mary Osei**: as above." in aacomas
    assert "- Dr. Mary Osei: would the letter be one from science faculty? “counts as: science faculty”" in text


def test_the_answer_to_its_question_closes_the_gap_and_the_next_thing_is_to_ask() -> None:
    made = decided(premed(), "mentor Dr. Mary Osei", "counts as: science").dossier
    text = answer(made)
    assert "Missing" not in text
    assert "from Wednesday, June 23, 2027 to Wednesday, July 7, 2027; earlier is fine." in text.partition("##")[0]
    later = dossiers.NOW.replace(month=7, day=1)
    text = dossiers.answer(decided(made, "plan AACOMAS", now=later), later)
    subject = "“ask Dr. Ruth Stein and Dr. Mary Osei and Sara Blum, DO for AACOMAS 2028”"
    assert text.startswith("**Next:** ask Dr. Ruth Stein, Dr. Mary Osei and Sara Blum, DO for AACOMAS 2028")
    assert subject in text
    assert "AMCAS" not in text
    asked = decided(made, subject.strip("“”"), now=later)
    assert problems(asked) == []
    assert len(asked.mails) == 3


def residency(**more: Any) -> Dossier:
    em = {"role": "clinical", "specialty": "emergency medicine"}
    people = [
        mentor(
            1, name="Dr. Elena Lopez", **em, **GOOD | {"worked_together": WARD, "observed": "yes, daily on the ward"}
        ),
        mentor(2, name="Sam Kim, MD", **em, closeness="a little", worked_together=WARD),
        mentor(3, name="Dr. Wei Chen", role="research", specialty="cardiology", **GOOD),
        mentor(4, name="Dr. Omar Aziz", role="clinical", closeness="my uncle"),
    ]
    table = [
        programme(n, "a1", 3, "chair") if n < 3 else programme(n, "a1", 4 if n < 9 else None) for n in range(1, 13)
    ]
    return dossier(people, [application(1, "eras")], [letter(1, "m1", "a1", State.PACKET_SENT)],
                   programmes=tuple(table), specialty="emergency medicine", **more)  # fmt: skip


def test_a_residency_applicant_with_a_standard_form_and_programs_of_their_own_mind() -> None:
    text = answer(residency())
    assert "At most 4 go to one program." in text
    assert "| standardized form | Dr. Elena Lopez | agreed, has the packet |" in text
    assert "| standardized form | Sam Kim, MD | to be asked |" in text
    assert "Your specialty has a standardized form, the SLOE." in text
    assert "- one letter from the department chair (required by Program 01 and Program 02)" in text
    assert "Dr. Omar Aziz (family or a family friend: readers give such letters little weight)" in text
    assert "4 of 12 programs would get all that is wanted." in text
    assert "program" in text
    assert "programme" not in text


def test_what_the_applicant_decides_is_kept_echoed_and_taken_back() -> None:
    body = "pin: Chen for ERAS\nnot: Kim"
    decision = decided(residency(), "plan", body)
    made = decision.dossier
    assert made.applications[0].pins == (Pin(mentor="m3", writes=True), Pin(mentor="m2", writes=False))
    text = dossiers.answer(decision)
    assert "- Dr. Wei Chen writes for ERAS (residency) 2028" in text
    assert "- Sam Kim, MD does not write for ERAS (residency) 2028" in text
    assert "| another letter | Dr. Wei Chen (pinned) | to be asked |" in text
    assert "Sam Kim, MD (you said not)" in text
    again = decided(made, "plan", "pin: Kim as SLOE; Lopez as specialty\nunpin: Chen")
    assert set(again.dossier.applications[0].pins) == {
        Pin(mentor="m2", writes=True, as_type="standardized form"),
        Pin(mentor="m1", writes=True, as_type="in the specialty"),
    }  # fmt: skip
    assert "- Dr. Wei Chen for ERAS (residency) 2028 is left to the plan again" in dossiers.answer(again)


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("pin: Nobody", "pin: “Nobody” is not one of your mentors"), ("not: Kim for Mars", "“Mars” is not one of your"),
        ("pin: Kim as boss", "pin: “boss” is no type of letter that I know"),
        ("unpin: Kim", "unpin: nothing is pinned"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_answered_with_the_form_and_what_was_right_is_kept(body: str, wrong: str) -> None:
    decision = decided(residency(), "plan", f"pin: Chen\n{body}")
    assert wrong in problems(decision)[0]
    assert decision.dossier.applications[0].pins == (Pin(mentor="m3", writes=True),)
    text = dossiers.answer(decision)
    assert "(this is kept: Dr. Wei Chen writes for ERAS (residency) 2028)" in text
    assert f"    {body}" in text
    assert "    pin: Chen" not in text


def test_a_plan_for_an_application_that_is_not_there_is_a_mistake() -> None:
    assert "“Mars” is not one of your applications" in problems(decided(residency(), "plan Mars"))[0]


def test_who_contributed_to_the_committee_letter_may_not_write_beside_it() -> None:
    people = [mentor(1, name="Pre-health Committee", counts_as="committee letter"),
              mentor(2, name="Dr. Ruth Stein", **GOOD, counts_as="science, contributes to the committee letter"),
              mentor(3, name="Sara Blum, DO", **GOOD)]  # fmt: skip
    made = dossier(people, [application(1, "aacomas")], [letter(1, "m1", "a1", State.AGREED)])
    text = answer(made)
    assert "| committee letter | Pre-health Committee | agreed; the packet is on its way |" in text
    assert "| science faculty | – | the committee letter stands for it |" in text
    assert "Dr. Ruth Stein | to be asked" not in text
    both = made.with_letter(letter(2, "m2", "a1", State.ASKED))
    assert "**This cannot stay:** Dr. Ruth Stein contributed to your committee letter" in answer(both)


def test_a_stored_letter_that_caspa_does_not_take() -> None:
    people = [mentor(n, **GOOD, stored_letter="Interfolio, 3 May 2027" if n == 1 else "") for n in (1, 2, 3)]
    text = answer(dossier(people, [application(1, "caspa")]))
    assert "Dr. Ada Name1 has a letter on file (“Interfolio, 3 May 2027”). It cannot be used here" in text
    assert "| physician assistant, required | **nobody yet** | missing |" in text


def test_letters_for_a_promotion_are_asked_for_by_the_institution() -> None:
    people = [mentor(1, **GOOD), mentor(2, **GOOD)]
    made = dossier(people, [application(1, "promotion")], [letter(1, "m1", "a1")])
    text = answer(made)
    assert text.startswith("**Next:** something about PROMOTION 2028 cannot stay as it is; see below.")
    assert "“drop Dr. Ada Name1 for PROMOTION 2028”" in text
    assert "to be asked" not in text
    assert problems(decided(made, "drop Dr. Ada Name1 for PROMOTION 2028")) == []


def test_the_plan_never_changes_a_letter() -> None:
    made = premed()
    after = decided(made, "plan").dossier
    assert (after.letters, after.mentors, after.applications) == (made.letters, made.mentors, made.applications)
    assert answer(replace(made, applications=(), letters=())).startswith("**Next:** tell me where you apply.")


def test_new_lines_about_a_mentor_are_kept_checked_and_shown() -> None:
    lines = (
        "counts as: science, PI\ngrowth: from notes to plans\nstanding: edits the journal\n"
        "stored letter: Interfolio, May 2027"
    )
    decision = decided(premed(), "mentor Dr. Mary Osei", lines)
    osei = decision.dossier.mentor("m4")
    assert (osei.counts_as, osei.growth, osei.renown, osei.stored_letter) == (
        "science, PI", "from notes to plans", "edits the journal", "Interfolio, May 2027",
    )  # fmt: skip
    text = dossiers.answer(decision)
    for line in lines.split("\n"):
        assert f"- {line}" in text
    wrong = decided(premed(), "mentor Dr. Mary Osei", "counts as: science, boss")
    assert "counts as “boss” is no type of letter that I know" in problems(wrong)[0]
    assert wrong.dossier.mentor("m4").counts_as == ""


def test_by_mail_with_a_table_that_reads_well_in_a_mail_program(mail_server: MailServer, tmp_path: Path) -> None:
    stage = Stage(tmp_path, mail_server)
    stage.nadia.writes("application AMCAS 2028", "service: amcas\ndeadline: 1 September 2027")
    stage.nadia.writes("mentor Dr. Elena Lopez", "email: lopez@hospital.example\ncounts as: science\ncloseness: well")
    stage.turn()
    stage.nadia.reads()
    stage.nadia.writes("plan", "not: Lopez")
    stage.turn()
    mail = stage.nadia.reads_one("plan")
    assert "- Dr. Elena Lopez does not write for AMCAS 2028" in mail.text
    stage.nadia.answers(mail, "unpin: Lopez")
    stage.nadia.writes("what's the plan?")
    stage.turn()
    assert any("| Dr. Elena Lopez | to be asked |" in m.text and "<table" in m.html for m in stage.nadia.reads())
