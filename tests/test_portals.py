"""Notices of application portals, and what must not be taken for one. The mails are written for these tests."""

import time
from dataclasses import replace

import pytest

from lorbot.core.message import Address, Incoming
from lorbot.core.reading import Evidence, Kind, Reading
from lorbot.reading.portals import Notice, Told, all_portals, notice, portal_reading


def mail(sender: str, subject: str, text: str = "") -> Incoming:
    return Incoming(
        message_id="n@portal.example", content_hash="", sender=Address(email=sender), subject=subject, text=text
    )


NOTICES = [
    ("no-reply@aamc.org", "AMCAS Letter Received", "", "AAMC", Told.RECEIVED),
    ("support@eras.aamc.org", "ERAS: LoR update", "Dr. Lopez has uploaded a letter of recommendation for you.", "AAMC",
     Told.RECEIVED),
    ("no-reply@aamc.org", "Update", "A letter of evaluation from Elena Lopez, MD has been received by AMCAS.", "AAMC",
     Told.RECEIVED),
    ("no-reply@aamc.org", "Update", "Elena Lopez has declined your letter of recommendation request.", "AAMC",
     Told.DECLINED),
    ("help@interfolio.com", "Your letter of recommendation has been received", "", "Interfolio", Told.RECEIVED),
    ("help@interfolio.com", "Dossier", "Elena Lopez has submitted a confidential letter of recommendation.",
     "Interfolio", Told.RECEIVED),
    ("help@interfolio.com", "Request declined", "Elena Lopez declined your request for a letter.", "Interfolio",
     Told.DECLINED),
    ("noreply@aacomas.liaisoncas.com", "AACOMAS: Evaluation Completed", "", "Liaison", Told.RECEIVED),
    ("noreply@caspa.liaisoncas.com", "CASPA", "Elena Lopez has completed and submitted your evaluation.", "Liaison",
     Told.RECEIVED),
    ("noreply@liaisoncas.com", "ResidencyCAS", "Your recommendation has been submitted by Elena Lopez.", "Liaison",
     Told.RECEIVED),
    ("noreply@liaisoncas.com", "CAS", "Your evaluation request was not successfully sent.", "Liaison",
     Told.UNDELIVERED),
    ("info@tmdsas.com", "TMDSAS", "Your letter of evaluation from Dr. Lopez has been received.", "TMDSAS",
     Told.RECEIVED),
    ("info@tmdsas.com", "TMDSAS", "The letter of evaluation from Dr. Lopez was rejected: it is not signed.", "TMDSAS",
     Told.REJECTED),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "subject", "text", "portal", "told"), NOTICES, ids=lambda x: str(x)[:40])
def test_a_portals_notice_is_known_by_sender_and_words(
    sender: str, subject: str, text: str, portal: str, told: Told
) -> None:
    assert notice(mail(sender, subject, text)) == Notice(portal=portal, told=told, sentence=text or subject)


OTHERS = {
    "the same words from a person": mail("elopez@example.edu", "Letter received", "Your letter has been received."),
    "a domain that only ends alike": mail("x@notaamc.org", "AMCAS Letter Received"),
    "a portal's name as a mailbox": mail("aamc.org@example.com", "AMCAS Letter Received"),
    "a portal's newsletter": mail("news@aamc.org", "Five tips for your personal statement", "Write early."),
    "not yet": mail("no-reply@aamc.org", "Reminder", "Your letter of evaluation has not been received."),
    "a condition": mail("no-reply@liaisoncas.com", "CAS", "Once your evaluation has been submitted, we will write."),
    "the request to a writer": mail(
        "help@interfolio.com", "Letter request", "Jane Okafor requests that you submit a letter of recommendation."
    ),
    "two things at once": mail(
        "info@tmdsas.com", "TMDSAS", "One letter has been received.\n\nAnother letter has been rejected."
    ),
    "nothing": mail("no-reply@aamc.org", ""),
    "an answer from somebody who works there": replace(
        mail("elopez@aamc.org", "Re: A letter?", "Your letter has been submitted."), in_reply_to=("ask@example.org",)
    ),
    "two senders": replace(mail("no-reply@aamc.org", "AMCAS Letter Received"), senders=2),
}


@pytest.mark.parametrize("incoming", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_not_surely_a_notice_is_none(incoming: Incoming) -> None:
    assert (notice(incoming), portal_reading(incoming)) == (None, None)


def test_a_notice_is_a_reading_that_never_acts() -> None:
    incoming = mail("no-reply@aamc.org", "AMCAS Letter Received", "Log in to see it.")
    assert portal_reading(incoming) == Reading(
        kind=Kind.PORTAL_NOTICE,
        evidence=(Evidence(label="AAMC: received", sentence="AMCAS Letter Received"),),
        confidence=0.9,
        words="Log in to see it.",
    )


def test_every_portal_says_where_its_mail_is_described_and_how_a_letter_arrives() -> None:
    assert [p.name for p in all_portals()] == ["AAMC", "Interfolio", "Liaison", "TMDSAS"]
    for portal in all_portals():
        assert portal.origin
        assert all(source.startswith("https://") for source in portal.origin)
        assert Told.RECEIVED in {told for told, _ in portal.phrases}


@pytest.mark.parametrize("text", ["letter " * 30_000, "has submitted " * 20_000, "a. " * 60_000])
def test_no_crafted_notice_takes_long(text: str) -> None:
    began = time.process_time()
    notice(mail("no-reply@aamc.org", text[:400], text))
    assert time.process_time() - began < 0.5
