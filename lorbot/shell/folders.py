"""Which folder of an account is which: by SPECIAL-USE (RFC 6154), else by the names that folders usually have."""

from collections.abc import Iterable
from dataclasses import dataclass

from lorbot.shell.flags import lowered


@dataclass(frozen=True, kw_only=True)
class Folders:
    """Names of folders; None where there is none, or none is known."""

    inbox: str
    junk: str | None = None
    sent: str | None = None
    all_mail: str | None = None


def _names(listed: str) -> frozenset[str]:
    return frozenset(name.strip() for name in listed.split("|"))


# The last part of a folder's name, lower case, as providers and mail programs name it.
SENT_NAMES = _names(
    """sent|sent items|sent mail|sent messages|sent-mail|gesendet|gesendete elemente|gesendete objekte
    |gesendete nachrichten|envoyés|éléments envoyés|messages envoyés|enviados|elementos enviados|mensajes enviados
    |correo enviado|itens enviados|e-mails enviados|inviati|posta inviata|verzonden|verzonden items
    |verzonden berichten|skickat|skickade objekt|sendt|sendt post|sendte elementer|lähetetyt|wysłane|elementy wysłane
    |odeslané|odeslaná pošta|gönderilmiş öğeler|отправленные|надіслані|送信済み|送信済みメール|送信済みアイテム
    |已发送|已发送邮件|寄件備份|寄件匣|보낸편지함|보낸 편지함"""
)
JUNK_NAMES = _names(
    """junk|junk email|junk e-mail|junk-e-mail|junk mail|spam|bulk mail|spamverdacht|unerwünschte werbung
    |courrier indésirable|indésirables|pourriel|correo no deseado|no deseado|lixo eletrônico|lixo eletrónico
    |posta indesiderata|ongewenste e-mail|skräppost|søppelpost|uønsket e-post|uønsket mail|roskaposti
    |wiadomości-śmieci|niechciane|nevyžádaná pošta|önemsiz e-posta|нежелательная почта|спам|迷惑メール|垃圾邮件|垃圾郵件
    |정크 메일|스팸편지함"""
)
ALL_NAMES = _names("all mail|alle nachrichten|tous les messages|tutti i messaggi|すべてのメール")
PARENTS = _names("|inbox|[gmail]|[google mail]")  # where such folders live; "Archive/2019/Sent" is somebody's own


def told_apart(listed: Iterable[tuple[Iterable[bytes], bytes | None, str]], named: Folders) -> Folders:
    """Which folder is which, of what LIST answered."""
    folders = [(lowered(flags), mark, name) for flags, mark, name in listed]
    usable = [folder for folder in folders if not folder[0] & {"\\noselect", "\\nonexistent"}]

    def find(use: str, names: frozenset[str]) -> str | None:
        by_use = [name for flags, _, name in usable if use in flags]
        by_name = [name for _, mark, name in usable if _is_called(name, mark, names)]
        return next(iter(by_use + by_name), None)

    return Folders(
        inbox=named.inbox,
        junk=named.junk or find("\\junk", JUNK_NAMES),
        sent=named.sent or find("\\sent", SENT_NAMES),
        all_mail=named.all_mail or find("\\all", ALL_NAMES),
    )


def _is_called(name: str, separator: bytes | None, names: frozenset[str]) -> bool:
    parent, _, leaf = name.casefold().rpartition(separator.decode()) if separator else ("", "", name.casefold())
    return leaf in names and parent in PARENTS
