"""A mail by itself, as `lorbot read` shows it: its own words, what was cut, and the reading."""

from dataclasses import replace
from datetime import datetime

from lorbot.core.message import Origin
from lorbot.core.reading import Reading, Stage
from lorbot.mail.message import parse
from lorbot.mail.quotes import own_words
from lorbot.reading import default_reader
from lorbot.reading.notices import portal_reading
from lorbot.reading.reader import Said


def understood(raw: bytes, stage: Stage, now: datetime) -> tuple[Said, Reading, str]:
    """What was said, how it is read, and what was cut as quoted. Without a date the mail counts as written at `now`.

    Raises UnparseableMailError for a mail that cannot be read safely.
    """
    parsed = parse(raw)
    incoming = parsed.incoming
    words = own_words(incoming.text, html=parsed.html)
    said = Said(
        words=words.kept,
        stage=stage,
        written_on=(incoming.date or now).date(),
        origin=incoming.origin,
        subject=incoming.subject,
        attachments=incoming.attachments,
        whole=incoming.text,
    )
    reading = portal_reading(incoming) or default_reader().read(said)
    if words.unsure and incoming.origin is Origin.PERSON:
        reading = replace(reading, acts=False)
    return said, reading, words.cut
