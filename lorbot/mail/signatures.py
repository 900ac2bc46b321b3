"""What stands under a mail and is not what the writer says: signatures, device lines, notices, banners.

A closing ("Best,") and the name below it stay; a block under them goes only when every line of it is plainly a
title or an address. In doubt the words stay.
"""

import re
from collections.abc import Sequence

_LONGEST = 200
_LONGEST_SIGNATURE = 15  # lines with words under a "--" without its trailing space

_DEVICE_OPENINGS = (
    *(
        "sent from my ",
        "sent from mail for",
        "sent from outlook",
        "sent from yahoo",
        "sent from gmail",
        "sent from proton",
    ),
    *("sent from a mobile", "sent from mobile", "sent from the all-new", "sent from iphone", "sent from ipad"),
    *("sent from samsung", "sent from workspace one", "sent from blackberry", "sent from android", "sent from nine"),
    *(
        "sent via ",
        "sent with ",
        "sent using ",
        "get outlook for ",
        "download outlook",
        "von meinem ",
        "gesendet von ",
        "gesendet mit ",
    ),
    *("diese nachricht wurde von meinem ", "envoyé de ", "envoyé depuis ", "enviado desde ", "enviado do meu "),
    *("inviato da iphone", "inviato da ipad", "inviato dal mio ", "verzonden vanaf ", "verstuurd vanaf "),
    *(
        "sendt fra min",
        "skickat från min",
        "lähetetty iphone",
        "lähetetty outlook",
        "wysłane z ",
        "отправлено с ",
        "发自我的",
    ),
)
_EXCUSE = re.compile(r"(?:please )?(?:excuse|pardon|forgive) (?:any |the |my )?(?:typos|brevity|autocorrect|spelling)")
_SAYS = re.compile(r"\b(?:is|are|was|were|am|i|i'm|we|will|can|but|because)\b")
_LINK = re.compile(r"<[^<>\s]{1,180}>|https?://\S{1,180}")

_BANNERS = re.compile(
    r"\W{0,6}(?:\[?external\]?(?: e-?mail| sender| message)?\W{0,3}$|external e-?mail\b"
    r"|caution\W{0,3}(?:external|this (?:e-?mail|message))"
    r"|warning\W{0,3}(?:external|this (?:e-?mail|message) (?:originated|came))"
    r"|this (?:e-?mail|message) (?:originated|came) from outside|you don.t often get email from)"
)
_BANNER_WORDS = ("external", "outside", "caution", "often get email")

_NOTICE_OPENINGS = (
    *("this e-mail", "this email", "this message", "this communication", "this electronic", "this transmission"),
    *("the information ", "the contents of this", "the materials in this", "confidential", "notice", "disclaimer"),
    *("important notice", "privileged", "if you are not the", "if you have received", "please notify", "hipaa"),
    *(
        "please consider the environment",
        "diese e-mail",
        "diese nachricht",
        "ce message",
        "ce courriel",
        "este mensaje",
    ),
    *("este correo", "esta mensagem", "il presente messaggio", "dit bericht"),
)
_NOTICE_WORDS = re.compile(
    r"intended (?:recipient|only|solely|for)|privileged|confidential (?:information|and|or|health|communication)"
    r"|unauthori[sz]ed|received this (?:e-?mail|message|communication) in error|protected (?:health|by law)"
    r"|before printing|vertraulich|confidentiel|confidencial|riservat|vertrouwelijk"
)

_CLOSING = re.compile(
    r"(?:(?:with|all|my|very|kind|warm|best|many) ){0,4}(?:best|regards|wishes|sincerely|cheers|warmly|cordially"
    r"|respectfully|thanks|thank you|yours|take care|gratefully|all the best)"
    r"(?: (?:regards|wishes|truly|sincerely|always|so much|very much|again|yours)){0,2}\s?[,.!–-]{0,2}$"
    r"|(?:mit freundlichen grüßen|viele grüße|cordialement|saludos|cordiali saluti|met vriendelijke groet)\W{0,2}$",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"@|https?://|www\.|\+?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}|\b[A-Z]{2}\.? \d{5}\b|pronouns|she/her|he/him|they/them"
    r"|\b(?:tel|phone|ph|fax|pager|cell|mobile|office|direct|o|m|t|p|f|c)\s?[:.]\s?\+?\(?\d",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:professor|director|chair|chief|dean|department|division|school|university|college|hospital"
    r"|medical cent(?:er|re)|clinic|faculty|program|fellowship|residency|institute|attending|physician"
    r"|surgeon|coordinator|administrator|instructor|laboratory|m\.?d|ph\.?d|mph|facp|facs|mba)\b",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"p\.?\s?s\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{4,40}")


def is_device_line(line: str) -> bool:
    """Whether a program added the line: "Sent from my iPhone". A second sentence on it is the writer's."""
    bare = line.strip().lstrip("[(*_-— ").casefold()
    if bare.startswith(_DEVICE_OPENINGS) and len(bare) <= _LONGEST:
        told = _LINK.sub("", bare).rstrip(".])*_ ")
        if any(sign in told for sign in (". ", "! ", "? ", "; ")):
            return False
        return not _SAYS.search(told) or bool(_EXCUSE.search(told))
    return len(bare) < 100 and bool(_EXCUSE.match(bare))


def is_banner(line: str) -> bool:
    """Whether the receiving side put the line over the mail: "CAUTION: External email"."""
    bare = line[:_LONGEST].casefold()
    return any(word in bare for word in _BANNER_WORDS) and bool(_BANNERS.match(bare))


def is_notice(paragraph: str) -> bool:
    """Whether a paragraph is a confidentiality notice: it begins like one and says what they all say."""
    bare = paragraph[:1000].lstrip("*_-[( \t").casefold()
    return bare.startswith(_NOTICE_OPENINGS) and bool(_NOTICE_WORDS.search(bare))


def is_delimiter(lines: Sequence[str], at: int, end: int) -> bool:
    """Whether a line divides text and signature (RFC 3676 section 4.3); without its trailing space only a short one."""
    line = lines[at]
    if line == "-- ":
        return True
    if line.rstrip() != "--":
        return False
    return 0 < sum(1 for below in lines[at + 1 : end] if below.strip()) <= _LONGEST_SIGNATURE


def block_start(lines: Sequence[str]) -> int:
    """The index where a block of titles and addresses under the closing begins; len(lines) where not sure."""
    whole = len(lines)
    closing = next((i for i in range(whole - 1, max(whole - 25, 0) - 1, -1) if _CLOSING.match(lines[i].strip())), -1)
    if closing < 0:
        return whole
    below = [i for i in range(closing + 1, whole) if lines[i].strip()]
    if len(below) < 2:
        return whole
    block = below[1:]  # the first line below is the name
    sure = any(_CONTACT.search(lines[i][:_LONGEST]) or _TITLE.search(lines[i][:_LONGEST]) for i in block)
    return block[0] if sure and all(_is_signature_line(lines[i]) for i in block) else whole


def _is_signature_line(line: str) -> bool:
    bare = line.strip()
    if len(bare) > 100 or _POSTSCRIPT.match(bare) or "?" in bare:
        return False
    if _CONTACT.search(bare) and len(bare.split()) <= 8:
        return True
    # A title has capitals where a sentence has small words, and no full stop.
    words = _WORD.findall(bare)
    capitals = sum(1 for w in words if w[0].isupper())
    return not bare.endswith((".", "!", ":")) and capitals * 3 >= len(words) * 2
