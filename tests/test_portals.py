"""Notices of application portals: what they are read as, and what must not be taken for one.

The mails are written for these tests or stand as samples beside the patterns; each sample says where it comes from.
"""

import time
from dataclasses import replace

import pytest

from lorbot.core.message import Address, Forwarded, Incoming, Origin
from lorbot.core.notice import Notice, Told
from lorbot.core.reading import Evidence, Kind, Reading
from lorbot.reading.notices import notice, notice_passed_on, portal_reading
from lorbot.reading.portals import Sample, all_portals, compiled, may_tell

SAMPLES = [(portal, sample) for portal in all_portals() for sample in portal.sample]


def mail(sender: str, subject: str, text: str = "") -> Incoming:
    return Incoming(
        message_id="n@portal.example", content_hash="", sender=Address(email=sender), subject=subject, text=text
    )


def told(sender: str, subject: str, text: str = "") -> tuple[str, str, tuple[str, ...]]:
    found = notice(mail(sender, subject, text))
    return (found.portal, found.told, found.writers) if found else ("", "", ())


@pytest.mark.parametrize(("portal", "sample"), SAMPLES, ids=lambda x: x.subject if isinstance(x, Sample) else x.name)
def test_every_sample_is_read_as_it_says(portal: object, sample: Sample) -> None:
    domain = next(p for p in all_portals() if p is portal).domains[0]
    found = notice(mail(f"no-reply@{domain}", sample.subject, sample.text))
    assert found is not None
    called = sample.called or next(p.name for p in all_portals() if p is portal)
    assert (found.told, found.writers, found.letter_ids, found.portal) == (
        sample.told, sample.writers, sample.letter_ids, called,
    )  # fmt: skip


NOTICES = [
    ("no-reply@aamc.org", "AMCAS Letter Received", "", "AMCAS", Told.RECEIVED, ""),
    ("no-reply@aamc.org", "Letter status update", "A letter of evaluation has been received from LOPEZ, ELENA.", "AAMC",
     Told.RECEIVED, "LOPEZ, ELENA"),
    ("no-reply@aamc.org", "Letter received", "The letter you requested from Dr. Lopez was received on May 3.", "AAMC",
     Told.RECEIVED, "Dr. Lopez"),
    ("no-reply@aamc.org", "Letter received", "Status: received\nLetter Author: de la Cruz, Ana M.D.", "AAMC",
     Told.RECEIVED, "la Cruz, Ana M.D."),
    ("help@interfolio.com", "Recommendation completed", "Your letter by Elena M. Lopez, MD, PhD has been uploaded.",
     "Interfolio", Told.RECEIVED, "Elena M. Lopez, MD, PhD"),
    ("help@interfolio.com", "Letter request accepted: status", "Elena Lopez has accepted your request.", "Interfolio",
     Told.ACCEPTED, ""),
    ("x@aacomas.liaisoncas.com", "Evaluation completed", "Elena Lopez has completed your evaluation request.",
     "AACOMAS", Told.RECEIVED, "Elena Lopez"),
    ("applicantsupport@residencycas.com", "Recommendation submitted", "Your reference was submitted by Elena Lopez.",
     "ResidencyCAS", Told.RECEIVED, "Elena Lopez"),
    ("noreply@liaisoncas.com", "Evaluation status", "Your evaluation request was not successfully sent.", "Liaison",
     Told.UNDELIVERED, ""),
    ("info@tmdsas.com", "Letter status", "One letter has been received.\n\nAnother letter has been rejected.", "TMDSAS",
     Told.REJECTED, ""),
    # what is not the letter
    ("no-reply@aamc.org", "Letter notification", "Your letter request to Elena Lopez has been submitted.", "AAMC",
     Told.UNCLEAR, ""),
    ("no-reply@aamc.org", "Letter update", "A letter entry has been added.\nLetter Author: Elena Lopez", "AAMC",
     Told.UNCLEAR, "Elena Lopez"),
    ("no-reply@aamc.org", "Letter status", "Your letter of evaluation has not been received.", "AAMC", Told.UNCLEAR,
     ""),
    ("no-reply@liaisoncas.com", "Evaluation update", "Once your evaluation has been submitted, we will write.",
     "Liaison", Told.UNCLEAR, ""),
    ("no-reply@aamc.org", "Letter notification", "Something new about the letter of Elena Lopez.", "AAMC",
     Told.UNCLEAR, ""),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "subject", "text", "portal", "event", "writer"), NOTICES)
def test_a_notice_is_known_by_sender_and_words(
    sender: str, subject: str, text: str, portal: str, event: Told, writer: str
) -> None:
    found = told(sender, subject, text)
    assert found[:2] == (portal, event)
    assert (found[2][:1] or ("",))[0].endswith(writer) if writer else event is not Told.RECEIVED or not found[2]


OTHERS = {
    "the same words from a person": mail("elopez@example.edu", "Letter received", "Your letter has been received."),
    "a domain that only ends alike": mail("x@notaamc.org", "AMCAS Letter Received"),
    "a portal's name as a mailbox": mail("aamc.org@example.com", "AMCAS Letter Received"),
    "a portal's newsletter": mail("news@aamc.org", "Five tips for your letters: status update", "Write early."),
    "a reminder": mail("no-reply@aamc.org", "Reminder: letter not received", "It is due."),
    "a webinar": mail("no-reply@aamc.org", "Webinar: your letter of recommendation received", ""),
    "about something else": mail("no-reply@aamc.org", "Transcript received", "Your letter has been received."),
    "a general update about something else": mail("no-reply@aamc.org", "Application status", "A transcript came."),
    "nothing": mail("no-reply@aamc.org", ""),
    "an answer from somebody who works there": replace(
        mail("elopez@aamc.org", "Re: Letter received", "Your letter has been submitted."), in_reply_to=("a@b.example",)
    ),
    "two senders": replace(mail("no-reply@aamc.org", "AMCAS Letter Received"), senders=2),
    "to a list": replace(mail("no-reply@aamc.org", "AMCAS Letter Received"), origin=Origin.BULK),
}


@pytest.mark.parametrize("incoming", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_not_a_notice_is_none(incoming: Incoming) -> None:
    assert (notice(incoming), portal_reading(incoming)) == (None, None)


def test_what_the_header_does_not_tell_is_not_opened() -> None:
    assert may_tell(mail("no-reply@aamc.org", "AMCAS Letter Received")) is not None
    assert [name for name, header in OTHERS.items() if may_tell(header)] == ["a general update about something else"]


def test_a_notice_is_a_reading_that_never_acts() -> None:
    incoming = mail("no-reply@aamc.org", "AMCAS Letter Received", "Log in to see it.")
    assert portal_reading(incoming) == Reading(
        kind=Kind.PORTAL_NOTICE,
        evidence=(Evidence(label="AMCAS: received", sentence="AMCAS Letter Received"),),
        confidence=0.9,
        words="Log in to see it.",
    )


def test_a_notice_that_is_passed_on_is_known_by_the_address_in_its_head() -> None:
    text = "A letter of evaluation from Elena Lopez, MD has been added.\nAAMC ID: 14789321\nAMCAS Letter ID: 7654321"
    passed = Forwarded(sender=Address(email="no-reply@aamc.org"), subject="Hello", text=text)
    assert notice_passed_on(passed) == Notice(
        portal="AMCAS", services=("amcas*",), domains=("aamc.org",), told=Told.RECEIVED,
        sentence="A letter of evaluation from Elena Lopez, MD has been added.", writers=("Elena Lopez, MD",),
        letter_ids=("7654321",), applicant_ids=("14789321",),
    )  # fmt: skip
    assert notice_passed_on(replace(passed, sender=Address(email="kim@hospital.example"))) is None


def test_the_data_says_where_it_comes_from_and_when_it_was_looked_at() -> None:
    assert [p.name for p in all_portals()] == ["AAMC", "CaRMS", "Interfolio", "Liaison", "TMDSAS"]
    for portal in all_portals():
        assert portal.origin
        assert Told.RECEIVED in portal.events
        assert all(source.startswith("http") for source in portal.origin)
        assert portal.checked_on.year >= 2026
        for patterns in portal.events.values():
            assert all(compiled(pattern) for pattern in patterns)
        for sample in portal.sample:
            assert sample.address in portal.origin
            assert sample.origin
            assert 2020 <= sample.year <= portal.checked_on.year


@pytest.mark.parametrize("text", ["letter " * 30_000, "has submitted " * 20_000, "a. " * 60_000, "Dr. A B, C " * 9_000])
def test_no_crafted_notice_takes_long(text: str) -> None:
    began = time.process_time()
    notice(mail("no-reply@aamc.org", f"letter received {text[:400]}", text))
    assert time.process_time() - began < 0.5
