"""The writer's own words, out of replies as mail programs really write them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorbot.mail.quotes import Words, between_markers, own_words

SENT = """Dear Dr. Lopez,

I am a fourth-year medical student, and we worked together on the wards in March last year.

Would you feel able to write me a strong letter of recommendation for residency?

Thank you,
Jane Okafor
"""
QUOTED = "\n".join(f"> {line}".rstrip() for line in SENT.splitlines())

OWN = "Yes, I would be glad to.\n\nSend me your CV."

JANE = "Jane Okafor <jane@example.org>"
WROTE = "On 3/3/26 9:14 AM, Jane Okafor wrote:"

REPLIES = {
    "Gmail": f"{OWN}\n\nOn Tue, Mar 3, 2026 at 9:14 AM {JANE} wrote:\n\n{QUOTED}",
    "Gmail, the introduction wrapped": (
        f"{OWN}\n\nOn Tue, Mar 3, 2026 at 9:14 AM Jane via lorbot <\nlorbot+a1b2c3@example.org> wrote:\n\n{QUOTED}"
    ),
    "Apple Mail": f"{OWN}\n\n> On Mar 3, 2026, at 9:14 AM, {JANE} wrote:\n> \n{QUOTED}",
    "iPhone": f"{OWN}\n\nSent from my iPhone\n\n> On Mar 3, 2026, at 09:14, {JANE} wrote:\n{QUOTED}",
    "Thunderbird": f"{OWN}\n\n{WROTE}\n{QUOTED}",
    "Thunderbird, answer below": f"{WROTE}\n{QUOTED}\n\n{OWN}",
    "Outlook desktop": (
        f"{OWN}\n\nFrom: {JANE}\nSent: Tuesday, March 3, 2026 9:14 AM\n"
        f"To: Lopez, Elena <elopez@example.edu>\nSubject: A letter?\n\n{SENT}"
    ),
    "Outlook on the web": (
        f"{OWN}\n\n________________________________\nFrom: {JANE}\n"
        f"Sent: Tuesday, March 3, 2026 9:14 AM\nTo: Lopez, Elena\nSubject: A letter?\n\n{SENT}"
    ),
    "Outlook mobile": (
        f"{OWN}\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n"
        f"From: {JANE}\nSent: Tuesday, March 3, 2026 9:14 AM\nTo: Lopez\nSubject: A?\n\n{SENT}"
    ),
    "Outlook of old": (
        f"{OWN}\n\n-----Original Message-----\nFrom: Jane Okafor\nSent: Tuesday, March 3, 2026 9:14 AM\n"
        f"To: Lopez\nSubject: A letter?\n\n{SENT}"
    ),
    "Outlook in German": (
        f"{OWN}\n\nVon: {JANE}\nGesendet: Dienstag, 3. März 2026 09:14\nAn: Lopez\nBetreff: Brief\n\n{SENT}"
    ),
    "Outlook in French": (
        f"{OWN}\n\nDe : {JANE}\nEnvoyé : mardi 3 mars 2026 09:14\nÀ : Lopez\nObjet : Lettre\n\n{SENT}"
    ),
    "German Thunderbird": f"{OWN}\n\nAm 03.03.26 um 09:14 schrieb Jane Okafor:\n{QUOTED}",
    "French Gmail": f"{OWN}\n\nLe mar. 3 mars 2026 à 09:14, {JANE} a écrit :\n\n{QUOTED}",
    "Spanish Gmail": f"{OWN}\n\nEl mar, 3 mar 2026 a las 9:14, Jane Okafor (<jane@example.org>) escribió:\n\n{QUOTED}",
    "Italian Gmail": f"{OWN}\n\nIl giorno mar 3 mar 2026 alle ore 09:14 {JANE} ha scritto:\n\n{QUOTED}",
    "Yahoo": f"{OWN}\n\n    On Tuesday, March 3, 2026 at 09:14:00 AM EST, {JANE} wrote:\n\n{SENT}",
    "Zoho": f"{OWN}\n\n---- On Tue, 03 Mar 2026 09:14:00 -0500 {JANE} wrote ----\n\n{SENT}",
    "a signature": f"{OWN}\n\n-- \nElena Lopez\nMedicine\n(555) 123-4567\n\n{WROTE}\n{QUOTED}",
    "a banner above": f"CAUTION: This email originated from outside of it.\n\n{OWN}\n\n{WROTE}\n{QUOTED}",
    "a notice below": (
        f"{OWN}\n\nCONFIDENTIALITY NOTICE: This e-mail is for the intended recipient(s) and may contain "
        "confidential and\nprivileged information. Any unauthorized review is prohibited.\n"
    ),
    "quoted with bars": f"{OWN}\n\n2026/3/3 Jane via Forum <forum@example.org>\n\n| Can you write?\n| By June?",
    "bars, answer below": f"{WROTE}\n| Can you write?\n| By June?\n\n{OWN}",
    "no empty line above the introduction": f"{OWN}\n{WROTE}\n{QUOTED}",
    **{
        f"introduced in {language}": f"{OWN}\n\n{introduction}\n\n{QUOTED}"
        for language, introduction in {
            "Finnish": "ti 3. maalisk. 2026 klo 9.14 Jane (jane@example.org) kirjoitti:",
            "Czech": "Dne 3. března 2026 9:14 Jane <jane@example.org> napsal(a):",
            "Polish": "Dnia 3 marca 2026 09:14 Jane Okafor <jane@example.org> napisał(a):",
            "Korean": "2026년 3월 3일 (화) 오전 9:14, Jane <jane@example.org>님이 작성:",
            "Japanese": "2026年3月3日(火) 9:14 Jane <jane@example.org>:",
            "Chinese": "Jane <jane@example.org> 于2026年3月3日周二 09:14写道：",
            "Turkish": "Jane <jane@example.org>, 3 Mar 2026 Sal, 09:14 tarihinde şunu yazdı:",
            "Hungarian": "Jane <jane@example.org> ezt írta (időpont: 2026. márc. 3., K, 9:14):",
            "Greek": "Στις Τρί 3 Μαρ 2026 στις 9:14 π.μ., ο χρήστης Jane <jane@example.org> έγραψε:",
            "Hebrew": "בתאריך יום ג׳, 3 במרץ 2026 ב-9:14 מאת Jane <jane@example.org>:",
            "Russian, without a verb": "вт, 3 мар. 2026 г. в 09:14, Jane <jane@example.org>:",
            "English, without a space": "On Tue, Mar 3, 2026 at 9:14 AM, Jane\n<jane@example.org>wrote:",
            "English, as sent": "On 3-Mar-2026, at 9:14 AM, Jane <jane@example.org> sent:",
            "English, between dashes": "---- Jane Okafor wrote ----",
        }.items()
    },
    "GMX": f"{OWN}\n\nGesendet: Dienstag, 03. März 2026 um 09:14 Uhr\nVon: {JANE}\nAn: x@y.de\nBetreff: B\n\n{SENT}",
    "Outlook.com of old": f"{OWN}\n\nDate: Tue, 3 Mar 2026 09:14:00 -0500\nTo: elopez@example.edu\n\n{SENT}",
    "german answer": f"{OWN}\n\n-----Antwort Nachricht-----\n\n{SENT}",
    "david": f"{OWN}\n\nOriginal Message processed by david®\n\nBrief 3. März 2026, 09:14 Uhr\n\n{SENT}",
    "the introduction on the writer's last line": f"{OWN} {WROTE}\n{QUOTED}",
    "no marks, but what was sent is known": f"{OWN}\n\n{SENT.partition('Thank you')[0]}",
    "what was sent is wrapped anew": (
        f"{OWN}\n\n> I am a fourth-year medical student, and we worked together on the\nwards in March last year.\n"
        "> Would you feel able to write me a strong letter of recommendation for\nresidency?"
    ),
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES.keys())
def test_only_what_the_writer_newly_wrote_is_kept(reply: str) -> None:
    words = own_words(reply, sent=SENT)
    assert (words.kept, words.unsure) == (OWN, False)


def test_what_is_cut_and_what_is_kept_are_the_whole_reply() -> None:
    reply = REPLIES["iPhone"]
    words = own_words(reply)
    assert sorted((words.kept + "\n" + words.cut).split()) == sorted(reply.split())


def test_answers_between_quoted_lines_are_kept_in_order() -> None:
    reply = (
        "On 3/3/26 9:14 AM, Jane wrote:\n> Can you write?\n\nYes.\n\n> By June 1?\n\nThat is tight. July 1?\n\n> Thanks"
    )
    assert own_words(reply).kept == "Yes.\n\nThat is tight. July 1?"


OWN_WORDS = {
    "a sentence that begins like an introduction": "On this day\n\nI wrote something\n\nwhich was good.",
    "what the writer says he wrote": "On 3 May 2024 I wrote:\n\nyou may use that letter.",
    "what somebody wrote": "On days like these your teacher wrote:\n\nbe kind.",
    "a few words of ours": "Yes:\n\na strong letter of recommendation",
    "a colon and a list": "Please send me:\n- your CV\n- the deadline\n\nFrom: what I know, June works.",
    "a rule in the middle": "First part.\n\n----------\n\nSecond part.",
    "a closing and a name": "Yes.\n\nBest,\nElena Lopez",
    "a postscript below the name": "Yes.\n\nBest,\nElena\n\nP.S. Call my office at 555-123-4567.",
    "a question below the name": "Yes.\n\nThanks,\nElena\nDepartment chair\nWhen is it due, and to which program?",
    "a question that looks like a title": "Yes.\n\nThanks,\nElena\nDepartment Chair\nSchool of What?",
    "a sentence after the telephone": "Yes.\n\nSent from my phone. I can only do it after June 1.",
    "what was sent": "On June 1, 2026 the clerk sent:\n\na form I cannot open.",
    "when and to whom": "Sure.\n\nDate: Tuesday at 3:00\nTo: the committee\nBring it.",
    "a time and an address": "Call at 9:30, or write\nto Jane <jane@example.org>:\nshe knows.",
    "a sentence about the desk": "Yes.\n\nSent from my desk, which is easier than my phone is.",
    "marks for show": "Congratulations!\n>>> well done <<<\nI will write.",
    "our words taken up": "I feel able to write you a strong letter of recommendation for residency, gladly.",
    "a bar": "Yes | no\n| one bar alone\nwritten by me",
    "a single word": "no",
    "a name that is a weekday": "Sun Li will write it: she knows you.",
    "the word confidential": "Confidential letters are better, so please waive your right to see it.",
}


@pytest.mark.parametrize("text", OWN_WORDS.values(), ids=OWN_WORDS.keys())
def test_the_writers_own_words_are_never_lost(text: str) -> None:
    assert own_words(text, sent=SENT) == Words(kept=text)


def test_a_sentence_that_begins_like_an_introduction_is_kept_above_one() -> None:
    own = "I can. On Friday\nOn June 1, 2026 I leave"
    assert own_words(f"{own}\n{WROTE}\n{QUOTED}") == Words(kept=own, cut=f"{WROTE}\n{QUOTED}")


def test_a_time_on_the_line_above_an_introduction_stays() -> None:
    assert own_words(f"Let us meet at 9:30\n3/3/2026 9:14, {JANE}:\n{QUOTED}").kept == "Let us meet at 9:30"
    assert own_words(f"Call 555-1234 by 9:30 in 2026\n{WROTE}\n{QUOTED}").kept == "Call 555-1234 by 9:30 in 2026"


def test_a_block_of_titles_goes_and_the_name_stays() -> None:
    text = "Yes.\n\nBest regards,\nElena Lopez\nAssociate Professor of Medicine\nUniversity Hospital\nTel: 555-123-4567"
    assert own_words(text) == Words(
        kept="Yes.\n\nBest regards,\nElena Lopez",
        cut="Associate Professor of Medicine\nUniversity Hospital\nTel: 555-123-4567",
    )


UNSURE = {
    "nothing but a quotation": "> All of it quoted.",
    "an answer below an unmarked quotation": "On 3/3/26 9:14 AM, Jane wrote:\n\nCan you write?\n\nYes.",
    "answers among an unmarked quotation": (
        "See my answers below in red.\n\nFrom: Jane\nSent: Tuesday\nTo: Lopez\nSubject: A letter?\n\nCan you write? YES"
    ),
    "a signature alone": "Sent from my iPhone",
}


@pytest.mark.parametrize("text", UNSURE.values(), ids=UNSURE.keys())
def test_a_reply_that_cannot_be_divided_says_so_and_keeps_words(text: str) -> None:
    words = own_words(text)
    assert words.unsure
    assert words.kept


def test_a_quotation_marked_only_in_the_html_is_found() -> None:
    text = f"{OWN}\n\nI am a fourth-year medical student, and we worked together on the wards in March last year."
    html = (
        "<div>Yes, I would be glad to.<br>Send me your CV.</div><blockquote type='cite'><p>I am a fourth-year medical "
        "student, and we worked together on the wards in March last year.</p></blockquote>"
    )
    assert own_words(text, html=html).kept == OWN
    assert own_words(text).kept == text


BEGIN, END = "----- the mail begins below this line -----", "----- the mail ends above this line -----"
MARKED = {
    "as sent": f"ok\n{BEGIN}\nDear X,\n\nnew words\n{END}\nmore",
    "quoted": f"edited\n\n> {BEGIN}\n> Dear X,\n>\n> new words\n> {END}\n> more",
    "quoted twice": f"> > {BEGIN}\n> > Dear X,\n> >\n> > new words\n> > {END}",
    "quoted with bars": f"| {BEGIN}\n| Dear X,\n|\n| new words\n| {END}",
    "dashes trimmed": "the mail begins below this line\nDear X,\n\nnew words\n--- The mail ends above this line —",
    "broken in two": "> ----- the mail begins below\n> this line -----\n> Dear X,\n>\n> new words\n" + f"> {END}",
    "partly quoted": f"> {BEGIN}\nDear X,\n\nnew words\n> {END}",
}


@pytest.mark.parametrize("text", MARKED.values(), ids=MARKED.keys())
def test_the_text_between_markers_comes_back_without_quoting(text: str) -> None:
    assert between_markers(text, BEGIN, END) == "Dear X,\n\nnew words"


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END}\nx\n{BEGIN}", f"{BEGIN} and {END}"])
def test_without_both_markers_there_is_nothing_between_them(text: str) -> None:
    assert between_markers(text, BEGIN, END) is None


CRAFTED = {
    "On On On": "On " * 333_000,
    "empty lines": "\n" * 100_000,
    "dashes": "-" * 50_000,
    "introductions without an end": "On 1 Jan 2020\n" * 10_000,
    "headers": "From: a\nTo: b\n" * 5_000,
    "quote signs": ">" * 1_000_000,
    "signatures": "a\n-- \n" * 20_000,
    "brackets": "On <" * 100_000,
    "times and addresses": "9:30 2026 <a@b.c\n" * 10_000,
    "times and colons": "9:30 2026 a@b.c:\n" * 10_000,
    "shared lines": "a On Mon, 1 2026\n> b\n" * 10_000,
}


@pytest.mark.parametrize("text", CRAFTED.values(), ids=CRAFTED.keys())
def test_no_crafted_reply_takes_long(text: str) -> None:
    began = time.process_time()
    own_words(text, sent=SENT)
    between_markers(text, BEGIN, END)
    assert time.process_time() - began < 1.5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*REPLIES.values(), *OWN_WORDS.values()]) | st.text(), max_size=3), st.text())
def test_any_text_can_be_divided(texts: list[str], other: str) -> None:
    text = "\n".join(texts)
    words = own_words(text, html=other, sent=other)
    assert bool(words.kept.strip()) == bool(Words(kept=text).kept.strip())
    between_markers(text, other, BEGIN)


def test_a_list_that_outlook_marks_with_stars_is_known_as_ours() -> None:
    sent = "Please decide.\n\n- **packet**: takes it as a yes\n- **nothing**: nothing is sent\n\nWhy it matters: time."
    back = "thank\n\n" + sent.replace("- **", "  * ").replace("**", "")
    assert own_words(back, sent=sent).kept == "thank"
