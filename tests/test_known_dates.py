"""The dates of a service: proposed where the applicant gave none, said to be of another cycle, never taken."""

from typing import Any

import pytest
from dossiers import NOW, POLICY, answer, decided, problems, small
from test_deadlines import serving

from lorbot.core import deadlines, known_dates
from lorbot.core.application import Application
from lorbot.core.services import Dates, Rule

LAST = Dates(
    cycle="2027",
    zone="America/New_York",
    visible_from="2026-09-24T09:00",
    letters_by="2026-11-15",
    advised_by="2026-09-01",
)
OURS = Dates(
    cycle="2028",
    zone="America/New_York",
    visible_from="2027-09-29T09:00",
    letters_by="2027-11-15",
    advised_by="2027-09-01",
)


@pytest.mark.parametrize(
    ("cycle", "name", "year"),
    [
        ("2028", "Casper", "2028"), ("", "Casper 2028", "2028"), ("2027-2028", "", "2028"), ("2027-28", "", "2028"),
        ("2027/28 season", "Casper 2025", "2028"), ("", "Casper", ""), ("", "2027 and 2029", ""),
        ("soon", "C 2028", "2028"),
    ],
)  # fmt: skip
def test_the_cycle_of_an_application(cycle: str, name: str, year: str) -> None:
    assert known_dates.cycle_of(Application(id="a1", name=name, cycle=cycle)) == year


def told(body: str = "", name: str = "Casper 2028", **more: Any) -> str:
    return " ".join(answer(decided(small(), f"application {name}", body, **more)).split())


def test_the_dates_of_the_cycle_are_proposed_with_the_line_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    serving(monkeypatch, dates=(LAST, OURS))
    text = told()
    assert (
        "- CASPER takes letters until Monday, November 15, 2027, in the 2028 cycle; to have it so, write: "
        "deadline: 15 November 2027, America/New_York" in text
    )
    assert (
        "- CASPER: schools begin to see applications on Wednesday, September 29, 2027, 9:00 AM (New York time), in the "
        "2028 cycle; to have it so, write: deadline: 29 September 2027, 09:00, America/New_York" in text
    )
    assert (
        "- Schools advise writers to be done by Wednesday, September 1, 2027, in the 2028 cycle; that is advice and no "
        "deadline; to have it so, write: preferred: 1 September 2027" in text
    )
    assert "I take none of these as your deadline until you write it" in text
    assert "- deadline (the day the letter must be there, with time and zone)" in text
    dossier = decided(small(), "application Casper 2028").dossier
    assert deadlines.due_of(dossier, dossier.applications[0], POLICY) is None


def test_each_line_that_is_proposed_is_understood_as_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    serving(monkeypatch, dates=(OURS,))
    dossier = decided(small(), "application Casper 2028").dossier
    lines = known_dates.seen(dossier, dossier.applications[0], POLICY, NOW)
    assert [line["write"].partition(":")[0] for line in lines] == ["deadline", "deadline", "preferred"]
    for line in lines:
        decision = decided(small(), "application Casper 2028", line["write"])
        assert problems(decision) == []
        (application,) = decision.dossier.applications
        said = application.deadline or application.preferred
        assert said is not None
        assert f"{said:%B}" in line["on"]


def test_a_date_of_an_earlier_cycle_is_said_to_be_one_and_is_not_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    serving(monkeypatch, dates=(LAST,), stage="residency")
    text = told()
    assert (
        "- CASPER: programs began to see applications on Thursday, September 24, 2026, 9:00 AM (New York time), in the "
        "2027 cycle." in text
    )
    assert "to have it so" not in text
    assert "on a line such as: deadline: 1 September 2027, 11:59 pm ET" in text
    assert told("deadline: 1 Oct 2027, 5 pm ET").count("2027 cycle") == 0


def test_of_a_later_cycle_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    serving(monkeypatch, dates=(OURS,))
    assert "cycle" not in told(name="Casper 2027")


def test_beside_the_applicants_own_deadline_stand_the_advice_and_an_earlier_one_of_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serving(monkeypatch, dates=(LAST, OURS))
    early, late = told("deadline: 1 Oct 2027, 5 pm ET"), told("deadline: 1 Dec 2027, 5 pm ET")
    assert ("Schools advise" in early, "takes letters until" in early) == (True, False)
    assert ("Schools advise" in late, "takes letters until" in late) == (True, True)
    assert "begin to see" not in late
    assert "I take none of these" not in early


def test_what_is_no_date_in_the_data_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    serving(
        monkeypatch, rule=Rule.PROGRAMME, dates=(Dates(cycle="2028", letters_by="mid-June", advised_by="2027-09-01"),)
    )
    assert "mid-June" not in told()
    assert "Schools advise writers to be done by Wednesday, September 1, 2027" in told()
