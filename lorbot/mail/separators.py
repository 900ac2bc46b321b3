"""The lines that divide a reply from the mail below it: "-----Original Message-----", and a header copied as text.

A test looks at no more than a few lines, so a text is read in time proportional to its length.
"""

import re
from collections.abc import Sequence

from lorbot.mail.attribution import unquoted

_LONGEST = 300  # characters of a line that are looked at
_HEADER_LINES = 10

_ORIGINAL = frozenset(
    {
        *("original message", "original appointment", "forwarded message", "begin forwarded message", "reply message"),
        *("ursprüngliche nachricht", "weitergeleitete nachricht", "originalnachricht", "original-nachricht"),
        *("antwort nachricht", "antwortnachricht"),
        *("anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail"),
        *(
            "message d'origine",
            "message original",
            "message transféré",
            "message initial",
            "début du message transféré",
        ),
        *("mensaje original", "mensaje reenviado", "mensagem original", "mensagem encaminhada"),
        *("messaggio originale", "messaggio inoltrato", "oorspronkelijk bericht", "origineel bericht"),
        *("doorgestuurd bericht", "ursprungligt meddelande", "vidarebefordrat meddelande", "oprindelig meddelelse"),
        *("opprinnelig melding", "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość"),
        *("исходное сообщение", "пересылаемое сообщение", "原始邮件", "原始郵件"),
    }
)
_HEADER = re.compile(r"[*\s]{0,4}(?P<name>[^\W\d][\w .-]{0,24}?)\*?\s?[:：]\*?(?:\s|$)")
_FROM_WORDS = "from von de da van från fra lähettäjä od от 发件人 寄件者 差出人 kimden feladó"
_OTHER_WORDS = """
    sent date to subject cc bcc reply-to importance
    gesendet datum an betreff envoyé date à a objet enviado fecha para asunto data assunto inviato oggetto
    verzonden aan onderwerp skickat till ämne sendt til emne dato lähetetty vastaanottaja aihe päivämäärä
    wysłano do temat дата отправлено кому тема копия 发送时间 收件人 主题 日期 gönderilme kime konu
"""
_FROM = frozenset(_FROM_WORDS.split())
_OTHERS = frozenset(_OTHER_WORDS.split())
_WHEN = frozenset(
    ("date", "sent", "gesendet", "datum", "envoyé", "enviado", "inviato", "verzonden", "skickat", "sendt")
)
_TIME = re.compile(r"\d{1,2}[:.]\d\d")
_TOBIT = re.compile(r"\[?original message processed by \S{1,20}", re.IGNORECASE)  # the program "david"
_RULE = re.compile(r"\s{0,3}[-_=*—–]{5,}\s{0,3}$")


def header_block_end(lines: Sequence[str], at: int) -> int:
    """The index after a block of "From: / Sent: / To: / Subject:" lines begun at `at`; `at` if there is none.

    A line such as "-----Original Message-----" or a rule may stand before it, and the first alone is enough.
    """
    if not lines[at].strip():
        return at
    original, start = is_original(lines[at]), at
    if original or is_rule(lines[at]):
        start = _next_words(lines, at + 1)
        if start < len(lines) and is_original(lines[start]):
            start = _next_words(lines, start + 1)
    end = _fields_end(lines, start)
    if end > start:
        return end
    return at + 1 if original else at


def is_from(line: str) -> bool:
    """Whether a line is the "From:" of a header copied as text, in any of the languages."""
    return field_of(line) in _FROM


def is_rule(line: str) -> bool:
    """Whether a line only draws a line."""
    return bool(_RULE.match(line[:_LONGEST]))


def is_original(line: str) -> bool:
    """Whether the words stand between dashes or before a colon, as programs write them and people do not."""
    bare = line[:_LONGEST].strip()
    if _TOBIT.match(bare):
        return True
    if bare[:2] not in {"--", "__", "==", "**"} and not bare.endswith(":"):
        return False
    words = bare.strip("-_=*: \t\xa0").casefold()
    return words in _ORIGINAL or words.startswith("forwarded by ")


def _fields_end(lines: Sequence[str], start: int) -> int:
    """The index after a From field with two other fields near it; `start` where they are not."""
    if start >= len(lines):
        return start
    if field_of(lines[start]) in _WHEN and _is_dated_block(lines, start):
        start_of_rest = _fields_end(lines, start + 1)
        return start_of_rest if start_of_rest > start + 1 else start + 2
    if field_of(lines[start]) not in _FROM:
        return start
    seen, end = {"from"}, start + 1
    for index in range(start + 1, min(start + _HEADER_LINES, len(lines))):
        name = field_of(lines[index])
        if name in _FROM:
            break
        if name in _OTHERS:
            seen.add(name)
            end = index + 1
        elif not lines[index].strip() and len(seen) > 2:
            break
    return end if len(seen) > 2 else start


def _is_dated_block(lines: Sequence[str], start: int) -> bool:
    """Whether a field of date and time stands right above one with an address, as Outlook.com and GMX write them."""
    if start + 1 >= len(lines) or not _TIME.search(lines[start][:_LONGEST]):
        return False
    below = lines[start + 1][:_LONGEST]
    return "@" in below and (
        field_of(below) in _FROM or field_of(below) in {"to", "an", "à", "para", "a", "aan", "til"}
    )


def field_of(line: str) -> str:
    """The name of a header field copied as text, in lower case; "" for any other line."""
    if ":" not in line[:60] and "：" not in line[:60]:
        return ""
    found = _HEADER.match(unquoted(line)[:60])
    return found["name"].strip().lower() if found else ""


def _next_words(lines: Sequence[str], at: int) -> int:
    """The index of the next line with words, at most three lines on."""
    return next((i for i in range(at, min(at + 3, len(lines))) if lines[i].strip()), len(lines))
