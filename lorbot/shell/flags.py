"""IMAP flags and keywords as text: capitals make no difference in them (RFC 3501 section 2.3.2)."""

from collections.abc import Iterable


def flag_text(flag: bytes | int) -> str:
    """A flag as the server wrote it; IMAPClient makes a number of one that looks like it."""
    return flag.decode(errors="replace") if isinstance(flag, bytes) else str(flag)


def lowered(flags: Iterable[bytes | int]) -> frozenset[str]:
    """Flags, for comparing."""
    return frozenset(flag_text(flag).lower() for flag in flags)


def lasts(keyword: str, permanent: frozenset[str] | None) -> bool:
    """Whether a folder with these PERMANENTFLAGS, lower case, keeps `keyword` (RFC 3501 section 7.1).

    None is a server that did not say: then every flag lasts.
    """
    return permanent is None or bool(permanent & {"\\*", keyword.lower()})
