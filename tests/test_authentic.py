"""Whether From can be believed, by what our own server says and nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core.message import Address
from lorbot.mail.authentic import NAMELESS, Verdict, verdict
from lorbot.mail.results import read_results

OURS = "mx.example.org"
JANE = Address(email="jane@school.edu")

GMAIL = (
    f"{OURS};       dkim=pass header.i=@school.edu header.s=google header.b=Yx1/a=;"
    "       spf=pass (google.com: domain of jane@school.edu designates 192.0.2.4 as permitted sender)"
    " smtp.mailfrom=jane@school.edu;       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=school.edu"
)
MICROSOFT = (
    "spf=pass (sender IP is 192.0.2.4) smtp.mailfrom=school.edu; dkim=pass (signature was verified)"
    " header.d=school.edu;dmarc=pass action=none header.from=school.edu;compauth=pass reason=100"
)
FAILED = f"{OURS}; dmarc=fail header.from=school.edu; dkim=none; spf=softfail smtp.mailfrom=jane@school.edu"

GENUINE = {
    "Gmail": [GMAIL],
    "another name in capitals": [GMAIL.replace(OURS, "MX.Example.ORG")],
    "a version after the name": [GMAIL.replace(OURS, f"{OURS} 1", 1)],
    "DMARC alone": [f"{OURS}; dmarc=pass header.from=School.EDU"],
    "DKIM alone": [f"{OURS}; dkim=pass header.d=school.edu"],
    "DKIM of a domain below": [f"{OURS}; dkim=pass header.d=mail.school.edu header.i=@mail.school.edu"],
    "a second signature": [f"{OURS}; dkim=fail header.d=school.edu; dkim=pass header.d=school.edu"],
    "SPF alone": [f"{OURS}; spf=pass smtp.mailfrom=bounce@school.edu"],
    "a version and a reason": [f'{OURS}; dkim/1=pass reason="good (1024-bit; strong)" header.d=school.edu'],
    "spaces about the signs": [f"{OURS} ; dkim = pass header.d = school.edu"],
    "findings in several headers": [f"{OURS}; dmarc=none", f"{OURS}; dkim=pass header.d=school.edu"],
    "somebody else's header above": ["relay.example.net; dkim=fail header.d=school.edu", GMAIL],
    "somebody else's header below": [GMAIL, "relay.example.net; dkim=fail header.d=school.edu"],
}

NOT_GENUINE = {
    "no header": [],
    "somebody else's header": [GMAIL.replace(OURS, "evil.example.com")],
    "a name that only begins like ours": [GMAIL.replace(OURS, f"{OURS}.evil.example.com")],
    "our name in a comment": [f"evil.example.com ({OURS}); dkim=pass header.d=school.edu"],
    "our name quoted with more": [f'"{OURS}; x"; dkim=pass header.d=school.edu'],
    "written by the sender, below ours": [FAILED, GMAIL],
    "written by the sender, below one with several findings": [
        f"{OURS}; spf=softfail smtp.mailfrom=x@example.com; dkim=none",
        f"{OURS}; dmarc=pass header.from=school.edu",
    ],
    "written by the sender, below somebody else's": [FAILED, "other.example.net; none", GMAIL],
    "written by the sender, with a method of its own": [
        FAILED.replace("dkim=none; ", ""),
        f"{OURS}; dkim=pass header.d=school.edu",
    ],
    "DMARC failed, another domain signed": [
        f"{OURS}; dmarc=fail header.from=school.edu; dkim=pass header.d=evil.example.com"
    ],
    "DMARC failed although a signature is in line": [f"{OURS}; dmarc=fail; dkim=pass header.d=school.edu"],
    "DMARC passed for another domain": [f"{OURS}; dmarc=pass header.from=evil.example.com"],
    "DMARC passed, in a comment": [f"{OURS}; dmarc=none (dmarc=pass header.from=school.edu)"],
    "DMARC passed, in a quoted string": [f'{OURS}; spf=none reason="; dmarc=pass header.from=school.edu"'],
    "an escaped quote": [f'{OURS}; spf=none reason="\\"; dmarc=pass header.from=school.edu"'],
    "a comment in a comment": [f"{OURS}; spf=none (a (b) ; dmarc=pass header.from=school.edu )"],
    "an escaped bracket": [f"{OURS}; spf=none (a \\) ; dmarc=pass header.from=school.edu )"],
    "a comment left open": [f"{OURS}; dmarc=pass header.from=school.edu (x"],
    "a quote left open": [f'{OURS}; dmarc=pass header.from=school.edu reason="x'],
    "another domain signed": [f"{OURS}; dkim=pass header.d=evil.example.com"],
    "a domain that only ends like it": [f"{OURS}; dkim=pass header.d=notschool.edu"],
    "a top-level domain": [f"{OURS}; dkim=pass header.d=edu"],
    "two signing domains": [f"{OURS}; dkim=pass header.d=evil.example.com header.d=school.edu"],
    "signed by one for another": [f"{OURS}; dkim=pass header.d=evil.example.com header.i=@school.edu"],
    "SPF for another domain": [f"{OURS}; spf=pass smtp.mailfrom=jane@evil.example.com"],
    "SPF for the greeting": [f"{OURS}; spf=pass smtp.helo=school.edu"],
    "an address with two signs": [f"{OURS}; spf=pass smtp.mailfrom=school.edu@evil.example.com"],
    "a failed signature": [f"{OURS}; dkim=fail header.d=school.edu"],
    "none": [f"{OURS}; none"],
    "too long": [GMAIL + "; x=y" * 1000],
    "Microsoft 365, which leaves its name out": [MICROSOFT],
}


@pytest.mark.parametrize("headers", GENUINE.values(), ids=GENUINE.keys())
def test_our_servers_aligned_pass_is_believed(headers: list[str]) -> None:
    found = verdict(headers, JANE, senders=1, authserv_id=OURS)
    assert found.genuine
    assert found.why


@pytest.mark.parametrize("headers", NOT_GENUINE.values(), ids=NOT_GENUINE.keys())
def test_nothing_else_is_believed(headers: list[str]) -> None:
    found = verdict(headers, JANE, senders=1, authserv_id=OURS)
    assert not found.genuine
    assert found.why


def test_without_our_servers_name_nothing_is_believed_and_the_setting_is_named() -> None:
    found = verdict([GMAIL], JANE, senders=1, authserv_id=" ")
    assert found == Verdict(
        genuine=False, why="authserv_id is not set in the configuration, so no Authentication-Results can be believed"
    )


@pytest.mark.parametrize("senders", [0, 2, 3])
def test_several_senders_are_never_believed(senders: int) -> None:
    assert verdict([GMAIL], JANE, senders=senders, authserv_id=OURS) == Verdict(
        genuine=False, why=f"From holds {senders} addresses"
    )


def test_a_server_without_a_name_is_believed_in_its_topmost_header_only_where_that_is_set() -> None:
    def genuine(*headers: str) -> bool:
        return verdict(headers, JANE, senders=1, authserv_id=NAMELESS).genuine

    assert genuine(MICROSOFT)
    assert genuine(MICROSOFT, GMAIL)
    assert not genuine(GMAIL, MICROSOFT)
    assert not genuine(MICROSOFT.replace("=pass", "=fail"), MICROSOFT)


def test_a_subdomain_of_the_senders_is_in_line_both_ways() -> None:
    below = Address(email="jane@med.school.edu")
    assert verdict([f"{OURS}; dkim=pass header.d=school.edu"], below, senders=1, authserv_id=OURS).genuine
    assert not verdict([f"{OURS}; dkim=pass header.d=law.school.edu"], below, senders=1, authserv_id=OURS).genuine


def test_a_property_given_twice_has_no_value() -> None:
    twice = read_results(f"{OURS}; dkim=pass header.d=a.example header.d=b.example header.s=x header.s=x")
    assert twice is not None
    assert [twice.statements[0].value(name) for name in ("header.d", "header.s", "header.i")] == ["", "x", ""]


@given(st.lists(st.text(alphabet='ab.;=()"\\ @\n') | st.text(), max_size=4), st.text(max_size=20))
def test_any_header_gives_a_verdict(headers: list[str], email: str) -> None:
    assert not verdict([f"{OURS};{h}" for h in headers], Address(email=email), senders=1, authserv_id="other").genuine
    verdict([f"{OURS};{h}" for h in headers], Address(email=email), senders=1, authserv_id=OURS)
