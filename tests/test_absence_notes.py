"""Notes of absence as people write them: the day of return, the first day away, and what is no absence at all."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core.message import Origin
from lorbot.core.reading import Absence, Stage
from lorbot.reading.absence import MOST_AHEAD, absence_in, back_on, days_away
from lorbot.reading.reader import RuleReader, Said

ON = date(2027, 6, 3)  # a Thursday

NOTES: list[tuple[str, date | None]] = [
    ("I am out of the office until Monday.", date(2027, 6, 7)),
    ("I'll be back on Monday.", date(2027, 6, 7)),
    ("Back Monday, June 14.", date(2027, 6, 14)),
    ("I am returning 12 January.", date(2028, 1, 12)),
    ("Out of office until 6/15.", date(2027, 6, 15)),
    ("Out through Jun 11.", date(2027, 6, 14)),
    ("I am away through Aug 3.", date(2027, 8, 4)),
    ("I am away the week of June 7.", date(2027, 6, 14)),
    ("I will be away for the week of June 7th and will reply when I am back.", date(2027, 6, 14)),
    ("I am out of the office this week.", date(2027, 6, 7)),
    ("I am on vacation this week and next.", date(2027, 6, 14)),
    ("I am out of the office all next week.", date(2027, 6, 14)),
    ("I am out of the office today.", date(2027, 6, 4)),
    ("Out of office until tomorrow.", date(2027, 6, 4)),
    ("I am out of the office June 1-11.", date(2027, 6, 14)),
    ("I am out of the office from June 1 to June 11, 2027.", date(2027, 6, 14)),
    ("I am away June 1st – 11th with limited access to email.", date(2027, 6, 14)),
    ("On leave 5/24/2027 - 6/18/2027.", date(2027, 6, 21)),
    ("I will be out from Thursday, June 3 until Tuesday the 15th.", date(2027, 6, 15)),
    ("Out until Tuesday the 15th", date(2027, 6, 15)),
    ("I will return to the office on the 21st.", date(2027, 6, 21)),
    ("I am on leave until further notice.", None),
    ("I am on sabbatical until fall 2027.", date(2027, 9, 1)),
    ("I am on sabbatical through spring 2028.", date(2028, 6, 1)),
    ("I am on sabbatical for the 2026-27 academic year.", None),
    ("I am on sabbatical and will return in August.", date(2027, 8, 1)),
    ("I am on maternity leave, returning in March.", date(2028, 3, 1)),
    ("I am on parental leave until mid-September.", date(2027, 9, 15)),
    ("I am on medical leave until early July.", date(2027, 7, 1)),
    ("I am on leave through June.", date(2027, 7, 1)),
    ("I am on leave until the end of July.", date(2027, 8, 2)),
    ("I'll be back in two weeks.", date(2027, 6, 17)),
    ("I will be out of the office for two weeks.", None),
    ("I am out of the office for the next 10 days.", None),
    ("I will respond to your email after June 14.", date(2027, 6, 15)),
    ("I will reply upon my return on June 14th, 2027.", date(2027, 6, 14)),
    ("I expect to be back at work on 14 June.", date(2027, 6, 14)),
    ("I will be back at my desk 6/14.", date(2027, 6, 14)),
    ("I am out of office returning Mon 14 June", date(2027, 6, 14)),
    ("Return date: 2027-06-14", date(2027, 6, 14)),
    ("Out of office: 3 June 2027 to 13 June 2027 inclusive", date(2027, 6, 14)),
    ("I am attending a conference and will not be checking email until 10 June.", date(2027, 6, 10)),
    ("I am on service and slow to answer until June 20.", date(2027, 6, 20)),
    ("I am traveling without access to e-mail between May 30 and June 9.", date(2027, 6, 10)),
    ("I am out of the office 1/6 to 12/6.", date(2027, 6, 14)),
    ("Back on 14/06.", date(2027, 6, 14)),
    ("I am away 01/06/2027 - 11/06/2027.", date(2027, 6, 14)),
    ("I am away until 07/06/2027.", date(2027, 7, 6)),
    ("I am away 28/05 to 07/06.", date(2027, 6, 8)),
    ("I am out of the office from December 20 to January 3.", date(2028, 1, 4)),
    ("Out of office until 1/4.", date(2028, 1, 4)),
    ("I was away until May 1.", None),
    ("I am out of the office until May 1.", None),
    ("I am out until June 3.", date(2027, 6, 3)),
    ("Due to a high volume of email I may be slow to answer.", None),
    ("For urgent matters call the clinic before June 20.", None),
    ("My assistant is away until June 20.", None),
    ("I have limited access to email.", None),
    ("I am on leave until 2031.", None),
    ("I am on leave until June 20, 2029.", None),
    ("I am no longer with the university.", None),
    ("I retired on May 1, 2027.", None),
    ("Ich bin bis 13. Juni nicht im Büro.", date(2027, 6, 14)),
    ("Ich bin ab dem 14.06.2027 wieder erreichbar.", date(2027, 6, 14)),
    ("Ich bin vom 1.6. bis 11.6. im Urlaub.", date(2027, 6, 14)),
    ("Ich bin bis einschließlich Freitag im Urlaub.", date(2027, 6, 7)),
    ("Je suis absente jusqu'au 11 juin.", date(2027, 6, 14)),
    ("Je serai de retour le lundi 14 juin.", date(2027, 6, 14)),
    ("Je suis en congé de maternité jusqu'en septembre.", date(2027, 9, 1)),
    ("Estoy fuera de la oficina hasta el 11 de junio.", date(2027, 6, 14)),
    ("Estaré de vacaciones del 1 al 11 de junio y regreso el lunes 14 de junio.", date(2027, 6, 14)),
    ("I'm OOO until 6/10!", date(2027, 6, 10)),
    ("I am currently out of the office and will be back Thursday the 10th of June.", date(2027, 6, 10)),
    ("I will be unavailable from June 5 to June 12.", date(2027, 6, 14)),
    ("I am out of the office until after Labor Day.", date(2027, 9, 7)),
    ("I am on vacation until the new year.", date(2028, 1, 1)),
    ("I am out of the office for the holidays and will return January 3rd.", date(2028, 1, 3)),
    ("I will be out of the office starting June 10 and returning June 21.", date(2027, 6, 21)),
    ("I will be back online the morning of June 9.", date(2027, 6, 9)),
    ("I'll be OOO 6/7-6/11.", date(2027, 6, 14)),
    ("Away until Wed 9/6.", date(2027, 6, 9)),
    ("I am out of the office until 06.15.2027.", date(2027, 6, 15)),
    ("I am away until 10 a.m. on June 8.", date(2027, 6, 8)),
    ("I am out on Fridays. I am back on Monday.", date(2027, 6, 7)),
    ("I shall be back in the office w/c 14 June.", date(2027, 6, 14)),
    ("I will be out of office effective June 1; normal service resumes June 14.", date(2027, 6, 14)),
    ("Office closed until June 14", date(2027, 6, 14)),
    ("I am out until 15-Jun-2027", date(2027, 6, 15)),
    ("Out of Office (back 15 Jun)", date(2027, 6, 15)),
]  # fmt: skip


@pytest.mark.parametrize(("note", "day"), NOTES, ids=[note[:60] for note, _ in NOTES])
def test_the_day_of_return_is_read_as_people_write_it(note: str, day: date | None) -> None:
    assert back_on(note, ON) == day


COMING = [
    ("I will be out of the office from June 10 to June 20.", date(2027, 6, 10)),
    ("I will be out of the office starting June 10 and returning June 21.", date(2027, 6, 10)),
    ("I'll be OOO 6/7-6/11.", date(2027, 6, 7)),
    ("I will be unavailable from June 5 to June 12.", date(2027, 6, 5)),
    ("Ich bin vom 10.6. bis 18.6. im Urlaub.", date(2027, 6, 10)),
    ("I am out of the office from June 1 to June 11.", None),
    ("I am out of the office until June 11.", None),
    ("The course begins on June 7. I am back on June 14.", None),
]


@pytest.mark.parametrize(("note", "day"), COMING)
def test_an_absence_that_is_still_to_come_has_a_first_day(note: str, day: date | None) -> None:
    assert days_away(note, ON)[0] == day


KINDS = {
    "I am out of the office until June 14.": Absence.AWAY,
    "I am on leave until further notice.": Absence.AWAY,
    "I am on sabbatical this year.": Absence.AWAY,
    "I am currently on maternity leave.": Absence.AWAY,
    "I have limited access to email.": Absence.AWAY,
    "Ich bin zurzeit im Urlaub.": Absence.AWAY,
    "Je suis absente du bureau.": Absence.AWAY,
    "Estoy de vacaciones.": Absence.AWAY,
    "I am no longer with the university.": Absence.GONE,
    "Dr. Lopez is no longer at Lakeside Hospital.": Absence.GONE,
    "I have retired. Please write to the department.": Absence.GONE,
    "I retired on May 1, 2027.": Absence.GONE,
    "As of May I have left the university.": Absence.GONE,
    "This mailbox is no longer monitored.": Absence.GONE,
    "Ich bin nicht mehr an der Universität tätig.": Absence.GONE,
    "Ya no trabajo en el hospital.": Absence.GONE,
    "I am away until June 14. My assistant is no longer with us.": Absence.AWAY,
    "My assistant is no longer with us; please write to me.": Absence.NONE,
    "Thank you for your message. I answer within two days.": Absence.NONE,
    "Your ticket has been received.": Absence.NONE,
    "Due to a high volume of mail I may be slow to answer.": Absence.NONE,
    "My clinic is on Mondays; for urgent matters call the office.": Absence.NONE,
}


@pytest.mark.parametrize("note", KINDS)
def test_an_absence_is_for_a_time_or_for_good_or_none(note: str) -> None:
    assert absence_in(note, "Automatic reply: a letter", back_on(note, ON)) is KINDS[note]


def test_the_sentence_that_names_the_return_is_what_the_applicant_sees() -> None:
    note = "Thank you for your message. I am on vacation. I return on Monday, June 14. Have a good week."
    read = RuleReader().read(Said(words=note, stage=Stage.ASKED, written_on=ON, origin=Origin.AUTO_REPLY))
    assert read.sentence_for("absence") == "I return on Monday, June 14."
    assert (read.back_on, read.absence, read.acts) == (date(2027, 6, 14), Absence.AWAY, True)


def test_a_person_who_says_no_and_is_away_says_no() -> None:
    note = "Can't, sorry. On parental leave until February and staying off the laptop on purpose."
    read = RuleReader().read(Said(words=note, stage=Stage.ASKED, written_on=ON))
    assert (read.acts, read.back_on) == (False, None)


WORDS = st.sampled_from([
    "until", "through", "back on", "returning", "from", "to", "the week of", "out of the office", "next week", "Monday",
    "the 15th", "June", "January 3", "12/6", "6/12/2027", "31.12.", "fall 2029", "in March", "2020-01-01", "this week",
    "spring", "end of", ".", ",", "-", "I am away", "after", "2031", "99/99", "February 30", "Tuesday the 5th", "bis",
    "jusqu'en septembre", "hasta el 5 de mayo", "w/c", "10 a.m. on",
])  # fmt: skip


@given(st.lists(WORDS, max_size=9), st.dates(date(2020, 1, 1), date(2034, 12, 31)))
def test_no_return_lies_before_the_mail_or_too_far_ahead(words: list[str], written_on: date) -> None:
    begins, back = days_away(" ".join(words), written_on)
    assert back is None or written_on <= back <= written_on + timedelta(days=MOST_AHEAD)
    assert begins is None or (back is not None and written_on < begins < back)


@pytest.mark.parametrize("written_on", [date.min, date.max])
def test_the_ends_of_the_calendar_raise_nothing(written_on: date) -> None:
    for note, _ in NOTES:
        days_away(note, written_on)


@pytest.mark.parametrize(
    "note", ["until June 5 " * 3_000, "out this " * 4_000, "week of " * 5_000, "1/2 " * 8_000, "in the fall " * 3_000]
)
def test_no_crafted_note_takes_long(note: str) -> None:
    began = time.process_time()
    days_away(note, ON)
    absence_in(note, "", None)
    assert time.process_time() - began < 1.0
