"""What a returned mail says: who was not reached, why, for how long, and which mail it was (RFC 3464, RFC 3461).

Half of all bounces are free text; for those flufl.bounce is asked, with the mail cut short: it needs a second for
two megabytes. Only what looks like a bounce is looked into at all.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from flufl.bounce import all_failures

from lorbot.core.message import Bounce
from lorbot.mail.body import part_bytes
from lorbot.mail.charset import decode
from lorbot.mail.headers import Headers, message_ids, read_headers
from lorbot.mail.limits import PARSER_FAULTS

MOST_SCANNED = 64_000  # bytes
MOST_RECIPIENTS = 50
MOST_IDS = 20

_DAEMONS = re.compile(r"mailer-?daemon|mail-?daemon|post_?master|mdaemon|bounces?\b|ndr@|mail delivery (?:sub)?system")
_PERHAPS_DAEMONS = re.compile(
    r"(?:system|mail|e-?mail) administrator\b|interscan\b|transmail|e-?mail delivery|mail server\b"
)
_SUBJECT = re.compile(
    r"undeliver(?:able|ed)|returned mail|delivery status notification|mail delivery failed|delivery (?:has )?fail"
    r"|failure notice|delivery failure|mail system error|returned to sender|message not delivered|delivery error"
    r"|could not be delivered|unzustellbar|delivery (?:notification|report)|warning: could not send"
    r"|mail delivery problem|error sending your mail|non-?delivery|nondeliverable|mail error\b|failed mail\b"
    r"|(?:can ?not|can't|unable to|not) (?:be )?deliver|delivery (?:delayed|suspended|status)|delayed (?:mail|delivery)"
    r"|(?:e-?mail|message) (?:was |has been )?rejected|rejected (?:e-?mail|message)|automatically rejected"
    r"|non remis|non distribuable|no se p(?:uede|udo) entregar|no entregado|non recapitabile|mancato recapito"
    r"|não entregue|falha na entrega|onbestelbaar|kunde inte levereras|kunne ikke leveres|niedostarczon|недоставлен"
    r"|配信(?:できません|に失敗)|送信できません|退信|无法投递|系统退信",
    re.IGNORECASE,
)
_REPORT_TYPE = re.compile(r"report-type\s{0,5}=\s{0,5}\"?([a-z-]{1,40})")
_MESSAGE_ID = re.compile(rb"^[ \t>|]{0,20}message-id:\s{0,20}<([^<>\s]{1,400})>", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY_LINE = re.compile(r"^.{0,200}(?<![\d.])[45]\d\d[ -].{0,300}$", re.MULTILINE)
_RAW_OCTETS = re.compile(rb"[\x80-\xff]")
_DELAYED = re.compile(r"delayed|will (?:be retried|keep trying)|warning|still trying|temporar", re.IGNORECASE)
_RETURNED = re.compile(r"^[ \t>|]{0,20}(?:received|return-path|message-id|mime-version):", re.IGNORECASE | re.MULTILINE)
_NOTICE = re.compile(
    r"created automatically by mail|(?:your|the following|the attached|a|this) (?:e-?mail |mail |message )"
    r"(?:message )?(?:\S{1,100} |that you sent |you sent |below |was ){0,2}(?:could not|can ?not|not) be delivered"
    r"|(?:your|the) (?:e-?mail|mail|message) (?:\S{1,100} ){0,6}was (?:automatically )?(?:rejected|returned|undeliver)"
    r"|delivery (?:to the following \S{1,20} )?(?:has )?(?:failed|been delayed)|(?:message|mail) of failed delivery"
    r"|unable to deliver (?:your|the|this) (?:e-?mail|mail|message)|did not reach the following recipient"
    r"|the following (?:address(?:es)?|recipients?) (?:had|failed|could not)|non-?delivery report",
    re.IGNORECASE,
)
_NOTICE_WITHIN = 4_000  # characters of the text in which a notice says what it is
_DISPOSED = re.compile(r"automatic-action\s{0,5}/[^;]{0,60};\s{0,5}deleted", re.IGNORECASE)
_NOT_FAILED = frozenset({"delivered", "relayed", "expanded"})
_ADDRESS = re.compile(r"[^\s<>;,\"()\[\]]{1,64}@[^\s<>;,\"()\[\]:]{1,255}")


def report_kind(headers: Headers) -> str:
    """The report-type of a multipart/report (RFC 6522); "" where it is another kind of mail."""
    content_type = headers.first("content-type").lower()
    if not content_type.startswith("multipart/report"):
        return ""
    found = _REPORT_TYPE.search(content_type)
    return found[1] if found else "unnamed"


def bounce_sign(headers: Headers) -> str:
    """The header that says this is a returned mail, or ""."""
    kind = report_kind(headers)
    if kind == "delivery-status":
        return "Content-Type: multipart/report; report-type=delivery-status"
    if kind in {"feedback-report", "disposition-notification"}:  # RFC 5965, RFC 8098: no bounces
        return ""
    if headers.has("x-failed-recipients"):
        return f"X-Failed-Recipients: {headers.text('x-failed-recipients')}"
    senders = [headers.text("from").strip('"<> '), *(box.email for box in headers.addresses("from"))]
    if any(_DAEMONS.match(sender.lower()) for sender in senders):
        return f"From: {headers.text('from')}"
    # A vacation answer has an empty return path, too, but not this subject.
    if _is_from_nobody(headers) and _SUBJECT.search(headers.text("subject")):
        return f"Subject: {headers.text('subject')}"
    return ""


def read(mail: Message, headers: Headers, raw: bytes) -> Bounce | None:
    """What the mail says if it is a bounce, else None. A receipt of successful delivery is none."""
    sign = bounce_sign(headers)
    blocks = list(_status_blocks(mail)) if sign or _may_be_bounce(headers) else []
    if any(block.has("action") for block in blocks):
        return _standard(blocks, _original_ids(mail, headers, raw))
    if disposed := _disposed(mail):
        return _rejected(disposed, _original_ids(mail, headers, raw))
    if not sign and not _may_be_bounce(headers):
        return None
    temporary, permanent = _second_opinion(raw[:MOST_SCANNED])
    if not sign and not temporary and not permanent and not _returns_mail(mail, headers):
        return None
    return _free_text(headers, raw, temporary, permanent, _original_ids(mail, headers, raw))


def _may_be_bounce(headers: Headers) -> bool:
    """Whether it is worth looking for returned mail although no header says so outright."""
    if report_kind(headers) in {"feedback-report", "disposition-notification"}:
        return False
    if _SUBJECT.search(headers.text("subject")):
        subject = headers.text("subject").lower()
        # A mail server that answers "RE:" names no mail it answers, and a person's program does.
        is_answer = subject.startswith("re:") and (headers.has("in-reply-to") or headers.has("references"))
        return not is_answer and not subject.startswith(("fwd:", "fw:", "wg:"))
    if _PERHAPS_DAEMONS.match(headers.text("from").strip('"<> ').lower()):
        return True
    answers_itself = headers.first("auto-submitted").lower().startswith("auto-replied")
    return _is_from_nobody(headers) and not answers_itself


def _returns_mail(mail: Message, headers: Headers) -> bool:
    """Whether the subject speaks of failed delivery, and so does the text, or the returned mail is there."""
    if not _SUBJECT.search(headers.text("subject")):
        return False
    kinds = [part.get_content_type() for part in _parts(mail)]
    if "message/rfc822" in kinds or "text/rfc822-headers" in kinds:
        return True
    opening = next((part for part in (mail, *_parts(mail)) if part.get_content_type() == "text/plain"), None)
    if opening is None:
        return False
    return bool(_NOTICE.search(" ".join(decode(part_bytes(opening))[:_NOTICE_WITHIN].split())))


def _disposed(mail: Message) -> Headers | None:
    """The fields of a disposition notification by which a filter says it deleted the mail (RFC 8098 section 3.2.6).

    So refuse Sieve's "reject" (RFC 5429) and mailboxes that are full; a person who deletes unread acts by hand.
    """
    if mail.get_content_type() != "multipart/report":
        return None
    for part in _parts(mail):
        if part.get_content_type() == "message/disposition-notification":
            payload = part.get_payload()
            first = payload[0] if isinstance(payload, list) and payload else None
            fields = read_headers(first) if isinstance(first, Message) else _fields(part_bytes(part))
            return fields if _DISPOSED.search(fields.first("disposition")) else None
    return None


def _fields(content: bytes) -> Headers:
    return read_headers(message_from_bytes(content[:MOST_SCANNED], policy=compat32))


def _rejected(fields: Headers, original_ids: tuple[str, ...]) -> Bounce:
    named = message_ids(fields.first("original-message-id"))
    return Bounce(
        recipients=_addresses(fields.first(name) for name in ("original-recipient", "final-recipient")),
        diagnostic=fields.text("failure") or fields.text("error"),
        original_ids=tuple(dict.fromkeys((*named, *original_ids)))[:MOST_IDS],
    )


def _is_from_nobody(headers: Headers) -> bool:
    """Whether no answer is possible: an empty return path (RFC 5321 section 4.5.5) or no sender at all."""
    return headers.first("return-path").strip() == "<>" or not any(box.email for box in headers.addresses("from"))


def _status_blocks(part: Message) -> Iterator[Headers]:
    """The per-message and per-recipient fields of RFC 3464 section 2, not those inside a returned mail."""
    if part.get_content_type() == "message/delivery-status":
        payload = part.get_payload()
        for block in payload if isinstance(payload, list) else []:
            if isinstance(block, Message):
                yield read_headers(block)
    elif part.get_content_maintype() == "multipart":
        for child in _parts(part):
            yield from _status_blocks(child)


def _parts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _standard(blocks: list[Headers], original_ids: tuple[str, ...]) -> Bounce | None:
    reports = [block for block in blocks if block.has("action")]
    actions = {block.first("action").split(" ")[0].strip().lower() for block in reports}
    if actions <= _NOT_FAILED:
        return None
    failed = [b for b in reports if b.first("action").split(" ")[0].strip().lower() not in _NOT_FAILED]
    diagnostic = next((b.first("diagnostic-code") for b in failed if b.has("diagnostic-code")), "")
    status = next((b.first("status") for b in failed if b.has("status")), "")
    return Bounce(
        recipients=_addresses(
            b.first(name) for b in failed for name in ("original-recipient", "final-recipient", "x-actual-recipient")
        ),
        permanent="failed" in actions or ("delayed" not in actions and not status.startswith("4")),
        code=_code(status, diagnostic),
        diagnostic=diagnostic.partition(";")[2].strip() or diagnostic,
        original_ids=original_ids,
    )


def _free_text(
    headers: Headers, raw: bytes, temporary: list[str], permanent: list[str], original_ids: tuple[str, ...]
) -> Bounce:
    short = raw[:MOST_SCANNED]
    text = decode(short.partition(b"\n\n")[2] or short.partition(b"\r\n\r\n")[2])
    named = headers.all("x-failed-recipients")
    guessed = () if named or permanent or temporary else _named_in(text, headers)
    line = _REPLY_LINE.search(text)
    return Bounce(
        recipients=_addresses([*named, *permanent, *temporary, *guessed]),
        permanent=bool(permanent or named) or not (temporary or _DELAYED.search(headers.text("subject"))),
        code=_code("", text),
        diagnostic=line[0] if line else "",
        original_ids=original_ids,
    )


def _second_opinion(raw: bytes) -> tuple[list[str], list[str]]:
    """What flufl.bounce makes of it: recipients for whom it failed for now, and for good."""
    head, gap, rest = raw.partition(b"\n\n")
    # Its detectors expect text where the parser gives an object for a header with raw octets.
    mail = message_from_bytes(_RAW_OCTETS.sub(b"?", head) + gap + rest, policy=compat32)
    if "from" not in mail:
        mail["From"] = "MAILER-DAEMON"  # one of its detectors indexes into what From holds
    try:
        temporary, permanent = all_failures(mail)
    except PARSER_FAULTS:
        return [], []
    return sorted(decode(a) for a in temporary), sorted(decode(a) for a in permanent)


def _named_in(text: str, headers: Headers) -> tuple[str, ...]:
    """The addresses in the notice itself, before the returned header; not those the bounce went between."""
    own = {box.email for box in headers.addresses("from", "to", "cc")}
    notice = _RETURNED.split(text[:10_000], maxsplit=1)[0]
    return tuple(a for a in _addresses(notice.splitlines()) if a not in own)[:5]


def _addresses(texts: Iterator[str] | list[str]) -> tuple[str, ...]:
    """The addresses in fields such as "rfc822; jane@example.org", each once."""
    found = [a.lower().rstrip(".") for text in texts for a in _ADDRESS.findall(text[:2000])]
    return tuple(dict.fromkeys(found))[:MOST_RECIPIENTS]


def _code(status: str, diagnostic: str) -> str:
    """The enhanced status code; the diagnostic's where the field only says "other" (RFC 3463 section 3.1)."""
    given = _STATUS.search(status)
    told = _STATUS.search(diagnostic)
    if told and (not given or given[1].endswith(".0.0")):
        return told[1]
    return given[1] if given else ""


def _original_ids(mail: Message, headers: Headers, raw: bytes) -> tuple[str, ...]:
    """Message-IDs anywhere below the bounce's own header, decoded parts included."""
    own = set(headers.ids("message-id"))
    found = [i for text in (raw, *_leaves(mail)) for i in _MESSAGE_ID.findall(text)]
    return tuple(i for i in dict.fromkeys(decode(i) for i in found) if i not in own)[:MOST_IDS]


def _leaves(part: Message) -> Iterator[bytes]:
    """The content of encoded text parts; the others stand in the raw mail as they are."""
    if part.is_multipart():
        for child in _parts(part):
            yield from _leaves(child)
    elif part.get("content-transfer-encoding") is not None and part.get_content_maintype() in {"text", "message"}:
        yield part_bytes(part)[:MOST_SCANNED]
