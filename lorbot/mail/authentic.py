"""Whether a mail is really from the address in its From header, as far as our own mail server says so.

Only the receiving server is believed, by the name it signs with (RFC 8601 section 5): anybody can write the same
header into a mail. A pass counts only for the domain of From or one in line with it (RFC 7489 section 3.1).
"""

from collections.abc import Iterable, Sequence

from lorbot.core.message import Address
from lorbot.core.value import Line, value
from lorbot.mail.results import Results, Statement, read_results

NAMELESS = "-"
"""The setting for a server that writes no authserv-id (Microsoft 365): only the topmost header is believed then."""

_MOST_HEADERS = 20
_METHODS = frozenset(("dkim", "dmarc", "spf"))


@value
class Verdict:
    genuine: bool
    why: Line  # fit for the journal


def verdict(authentication: Sequence[str], sender: Address, *, senders: int, authserv_id: str) -> Verdict:
    """Whether From can be believed. `authentication`: the Authentication-Results, top first; `senders`: how many
    addresses From holds; `authserv_id`: the name our server signs them with.
    """
    if senders != 1:
        return Verdict(genuine=False, why=f"From holds {senders} addresses")
    domain = _domain(sender.email)
    if not domain:
        return Verdict(genuine=False, why="From holds no address that can be read")
    if not authserv_id.strip():
        why = "authserv_id is not set in the configuration, so no Authentication-Results can be believed"
        return Verdict(genuine=False, why=why)
    statements = _believed(authentication[:_MOST_HEADERS], authserv_id.strip().lower())
    if not statements:
        why = f"no Authentication-Results of {authserv_id} (authserv_id in the configuration)"
        return Verdict(genuine=False, why=why)
    return _judge(statements, domain)


def _believed(authentication: Sequence[str], authserv_id: str) -> list[Statement]:
    """What our server states: the first run of headers that carry its name.

    A server should take such headers out of what it receives (RFC 8601 section 5); not all do. One that spreads its
    findings over several headers states one method in each: after a header with two of them, and before one that
    states a method again, the run is over.
    """
    found: list[Statement] = []
    run_began = False
    for header in authentication:
        results = read_results(header)
        if results is None or not _is_ours(results, authserv_id):
            if run_began or authserv_id == NAMELESS:
                break
            continue
        if {s.method for s in found} & {s.method for s in results.statements}:
            break
        run_began = True
        found += results.statements
        if authserv_id == NAMELESS or len(_METHODS & {s.method for s in results.statements}) > 1:
            break
    return found


def _is_ours(results: Results, authserv_id: str) -> bool:
    return results.server == ("" if authserv_id == NAMELESS else authserv_id)


def _judge(statements: Sequence[Statement], domain: str) -> Verdict:
    dmarc = [s for s in statements if s.method == "dmarc"]
    if any(s.result == "fail" for s in dmarc):
        return Verdict(genuine=False, why=f"DMARC failed for {domain}")
    if any(s.result == "pass" and s.value("header.from") == domain for s in dmarc):
        return Verdict(genuine=True, why=f"DMARC passed for {domain}")
    signed = _first_aligned(statements, "dkim", ("header.d", "header.i"), domain)
    if signed:
        return Verdict(genuine=True, why=f"signed by {signed} (DKIM)")
    allowed = _first_aligned(statements, "spf", ("smtp.mailfrom",), domain)
    if allowed:
        return Verdict(genuine=True, why=f"sent from a server of {allowed} (SPF)")
    told = ", ".join(f"{s.method}={s.result}" for s in statements)
    return Verdict(genuine=False, why=f"nothing passed for {domain}: {told}")


def _first_aligned(statements: Iterable[Statement], method: str, names: Sequence[str], domain: str) -> str:
    """The domain a method passed for, if it is in line with `domain`; else ""."""
    for statement in statements:
        if statement.method != method or statement.result != "pass":
            continue
        given = [
            _domain(statement.value(name)) for name in names if any(name == key for key, _ in statement.properties)
        ]
        if given and all(_are_aligned(one, domain) for one in given):
            return given[0]
    return ""


def _are_aligned(one: str, other: str) -> bool:
    """Whether two domains are the same or one lies below the other; a single label such as "edu" is nobody's."""
    shorter, longer = sorted((one.split("."), other.split(".")), key=len)
    return len(shorter) >= 2 and all(shorter) and longer[-len(shorter) :] == shorter


def _domain(address: str) -> str:
    """The domain of an address, or of "@domain", or a bare domain."""
    return address.rpartition("@")[2].strip().strip(".").lower()
