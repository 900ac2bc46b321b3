"""The table that came with a command, and the tables that go with an answer. For `mentors` and `programmes`."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from lorbot.core.commands import received_files
from lorbot.core.commands.base import Request
from lorbot.core.correspondence import Enclosure
from lorbot.core.decision import Decision, Draft
from lorbot.core.documents import MOST_ROWS, Examined, Kind

_NOT_A_TABLE: dict[Kind, str] = {
    Kind.OLD_SHEET: "{name} is an Excel file of the old kind; save it as .xlsx or as CSV and send me that",
    Kind.LOCKED_OFFICE: "{name} has a password; save it without one and send me that",
    Kind.PACKED_MAIL: "{name} is how Outlook packs attachments, and only Outlook can open it; set the format of the "
    "mail to HTML and attach the table again",
}


def attached(request: Request) -> list[Examined]:
    """The tables among the attachments. A text counts by its name: a note as .txt is no table."""
    own = {a.sha256 for a in request.incoming.attachments}
    return [seen for seen in request.event.examined if seen.sha256 in own and _is_table(request, seen)]


def problems(request: Request, tables: list[Examined], most: int = MOST_ROWS) -> Iterator[str]:
    """What is wrong with the tables and with the other attachments, each with the remedy."""
    event, command = request.event, request.command
    for large in event.too_large:
        yield f"{large.name} is {large.size / 1e6:.1f} MB; attachments may have {event.limit_mb} MB"
    if len(tables) > 1:
        yield f"{len(tables)} tables were attached; please send one per mail"
    for seen in tables:
        if seen.more_rows or sum(1 for row in seen.rows if row) > most + 1:  # one row more: the headings
            yield f"the table has more than {most:,} rows; please send it in parts of at most {most:,}"
        elif seen.flaws or not seen.looked_into:
            yield "the table could not be read; save it as CSV and send me that"
        elif not any(seen.rows):
            yield f"the table is empty; write “{command}” without a file, and I send you one to fill in"
    for attachment in () if tables else event.incoming.attachments:
        found = received_files.seen_of(event, attachment.sha256)
        if found and found.kind not in {Kind.PICTURE, Kind.TEXT}:
            usual = "{name} is no table; save it as .xlsx or as CSV and send me that"
            yield _NOT_A_TABLE.get(found.kind, usual).format(name=attachment.name[:80])


def with_file(decision: Decision, name: str, content: bytes, media_type: str = "text/csv") -> Decision:
    """The answer, the one mail of the decision, with a table made here."""
    sha256 = hashlib.sha256(content).hexdigest()
    file = Enclosure(name=name, media_type=media_type, sha256=sha256)
    (mail,) = decision.mails
    assert isinstance(mail, Draft)
    mails = (replace(mail, enclosures=(*mail.enclosures, file)),)
    return replace(decision, mails=mails, files=decision.files | {sha256: content})


def _is_table(request: Request, seen: Examined) -> bool:
    if seen.kind is Kind.SHEET:
        return True
    named = [a for a in request.incoming.attachments if a.sha256 == seen.sha256]
    csv = any(a.name.lower().endswith((".csv", ".tsv", ".tab")) or "csv" in a.media_type for a in named)
    return seen.kind is Kind.TEXT and (csv or max((len(row) for row in seen.rows), default=0) > 1)
