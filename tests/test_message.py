"""Bytes of a mail as values, and nothing but values or UnparseableMailError, whatever the bytes are."""

import contextlib
import hashlib
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorbot.core.message import Address, Attachment, Incoming, Origin
from lorbot.errors import UnparseableMailError
from lorbot.mail.addresses import mailboxes
from lorbot.mail.hypertext import as_text
from lorbot.mail.message import parse, peek
from lorbot.mail.quotes import own_words
from lorbot.mail.words import decode_words

MUSEUM = Path(__file__).parent / "mail"
EVERY_MAIL = sorted(MUSEUM.glob("*.eml"))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def plain(headers: bytes, body: bytes = b"hello") -> bytes:
    return b"From: a@example.org\n" + headers + b"\n\n" + body


def test_a_reply_from_gmail_becomes_one_value() -> None:
    raw = (MUSEUM / "gmail-reply.eml").read_bytes()
    form = b"%PDF-1.4\nform\n"
    parsed = parse(raw)
    assert parsed.incoming == Incoming(
        message_id="CAB-reply-1@mail.gmail.com",
        content_hash=sha256(raw),
        sender=Address(email="elopez@example.edu", name="Elena López"),
        to=(Address(email="lorbot+a1b2c3@example.org", name="Jane Okafor via lorbot"),),
        cc=(Address(email="jane@example.org", name="Okafor, Jane"),),
        delivered_to=("lorbot@example.org",),
        subject="Re: A letter – for residency",
        date=datetime(2026, 3, 3, 15, 1, 10, tzinfo=UTC),
        in_reply_to=("ask.d1.l1@lorbot.example.org",),
        references=("ask.d1.l1@lorbot.example.org",),
        text=(
            "Yes — gladly. The form is attached.\n\nOn Tue, Mar 3, 2026 at 9:14\u202fAM Jane Okafor via lorbot <\n"
            "lorbot+a1b2c3@example.org> wrote:\n\n> Dear Dr. López,\n>\n"
            "> Would you feel able to write me a strong letter of recommendation?"
        ),
        attachments=(
            Attachment(name="Formulário.pdf", media_type="application/pdf", sha256=sha256(form), size=len(form)),
        ),
    )
    assert parsed.files == {sha256(form): form}
    assert [a.partition(";")[0] for a in parsed.authentication] == ["mx.example.org"]
    assert own_words(parsed.incoming.text, html=parsed.html).kept == "Yes — gladly. The form is attached."


def test_a_header_fetched_alone_says_the_same_without_the_text() -> None:
    raw = (MUSEUM / "gmail-reply.eml").read_bytes()
    header = raw.partition(b"\n\n")[0] + b"\n\n"
    whole, peeked = parse(raw).incoming, peek(header)
    assert (peeked.content_hash, peeked.text, peeked.attachments) == (sha256(header), "", ())
    told = ("message_id", "sender", "to", "cc", "delivered_to", "subject", "date", "references", "origin", "senders")
    assert [getattr(peeked, name) for name in told] == [getattr(whole, name) for name in told]


def test_a_html_mail_is_read_as_text_and_its_signature_image_is_no_attachment() -> None:
    parsed = parse((MUSEUM / "outlook-html-only.eml").read_bytes())
    assert own_words(parsed.incoming.text, html=parsed.html).kept == "Happy to write one – by June 1."
    assert (parsed.incoming.attachments, parsed.files) == ((), {})
    assert parsed.incoming.origin is Origin.PERSON


def test_flowed_text_is_one_line_a_paragraph() -> None:
    text = parse((MUSEUM / "apple-mail-flowed.eml").read_bytes()).incoming.text
    assert text == (
        "I am away until the tenth but can write it then, if that is not too late for you.\n\n"
        "> On Mar 3, 2026, at 9:14 AM, Jane Okafor <jane@example.org> wrote:\n>\n> Would you feel able to write?"
    )


def test_flowed_lines_join_only_where_they_are_quoted_alike() -> None:
    flowed = plain(b"Content-Type: text/plain; format=flowed", b"> asked \nanswered \ntoo\n-- \nname")
    assert parse(flowed).incoming.text == "> asked \nanswered too\n-- \nname"


def test_an_inline_image_too_large_for_a_signature_is_an_attachment() -> None:
    def attached(size: int) -> int:
        headers = b"Content-Type: image/png; name=scan.png\nContent-Disposition: inline\nContent-ID: <x@y>"
        return len(parse(plain(headers, b"x" * size)).incoming.attachments)

    assert (attached(19_999), attached(20_000)) == (0, 1)


def test_of_a_long_thread_the_newest_references_are_kept() -> None:
    ids = [f"{n}@example.org" for n in range(150)]
    references = " ".join(f"<{i}>" for i in ids).encode()
    assert parse(plain(b"References: " + references)).incoming.references == tuple(ids[-100:])


def test_a_forwarded_mail_is_never_taken_for_the_senders_words() -> None:
    incoming = parse((MUSEUM / "forwarded.eml").read_bytes()).incoming
    assert incoming.text == (
        "See what the office says.\n\n---------- Forwarded message ----------\n\n"
        "From: office@example.edu\nSubject: deadline\n\nNo letters after June."
    )
    assert [(a.name, a.media_type, a.size) for a in incoming.attachments] == [("winmail.dat", "application/ms-tnef", 5)]


FROMS = {
    b"From: a@example.org": (("a@example.org", ""), 1),
    b"From: Ann <A@Example.org>": (("a@example.org", "Ann"), 1),
    b'From: "good@example.edu" <evil@example.com>': (("evil@example.com", "good@example.edu"), 1),
    b"From: good@example.edu <evil@example.com>": (("evil@example.com", "good@example.edu"), 1),
    b"From: =?utf-8?q?good=40example=2Eedu=3E=2C?= <evil@example.com>": (("evil@example.com", "good@example.edu>,"), 1),
    b"From: a@example.org, b@example.org": (("a@example.org", ""), 2),
    b"From: a@example.org\nFrom: b@example.org": (("a@example.org", ""), 2),
    b"From: <a@example.org> <b@example.org>": (("a@example.org", ""), 2),
    b"From: alice@example.org)bob@example.com": (("", ""), 1),
    b"From: <@relay.example:a@example.org>": (("a@example.org", ""), 1),
    b"From: (comment (nested) \\) still) a@example.org (Ann)": (("a@example.org", ""), 1),
    b"From: Friends: a@example.org, b@example.org;": (("a@example.org", ""), 2),
    b'From: "unclosed <a@example.org>': (("", ""), 1),
    b"From: undisclosed": (("", ""), 1),
    b"From: =?utf-8?q?A=0ABcc=3A_x=40example=2Ecom?= <a@example.org>": (("a@example.org", "A Bcc: x@example.com"), 1),
    "From: Müller <a@example.org>".encode("cp1252"): (("a@example.org", "Müller"), 1),
}


@pytest.mark.parametrize("header", FROMS, ids=repr)
def test_the_sender_is_the_address_and_never_the_name(header: bytes) -> None:
    incoming = parse(header + b"\nSubject: x\n\nhi").incoming
    assert ((incoming.sender.email, incoming.sender.name), incoming.senders) == FROMS[header]


def test_a_mail_without_any_sender_has_none() -> None:
    assert (parse(b"Subject: x\n\nhi").incoming.sender, parse(b"Subject: x\n\nhi").incoming.senders) == (
        Address(email=""),
        0,
    )


BODIES = {
    "declared": (b"Content-Type: text/plain; charset=iso-8859-2", b"\xb1", "ą"),
    "declared as latin-1, meant as windows-1252": (
        b"Content-Type: text/plain; charset=iso-8859-1",
        b"\x93x\x94",
        "“x”",
    ),
    "wrongly declared": (b"Content-Type: text/plain; charset=utf-8", b"caf\xe9", "café"),
    "undeclared": (b"X: y", "café".encode(), "café"),
    "unknown": (b"Content-Type: text/plain; charset=x-unknown", b"caf\xe9", "café"),
    "not a charset": (b"Content-Type: text/plain; charset=rot13", b"abc", "abc"),
    "slow to decode": (b"Content-Type: text/plain; charset=punycode", b"abc-", "abc-"),
    "a NUL in its name": (b'Content-Type: text/plain; charset="utf\x00-8"', b"abc", "abc"),
    "half a surrogate": (b"Content-Type: text/plain; charset=utf-7", b"a+2AA-b", "a?b"),
    "broken base64": (b"Content-Transfer-Encoding: base64", b"aGVsbG8gd29ybGQ*=!", "hello world"),
    "broken quoted-printable": (b"Content-Transfer-Encoding: quoted-printable", b"a=ZZ b=", "a=ZZ b"),
    "a multipart that never begins": (b"Content-Type: multipart/mixed; boundary=x", b"hello", "hello"),
    "controls": (b"X: y", b"a\x00\x08b", "ab"),
}


@pytest.mark.parametrize(("headers", "body", "text"), BODIES.values(), ids=BODIES.keys())
def test_a_body_is_decoded_as_well_as_it_can_be(headers: bytes, body: bytes, text: str) -> None:
    assert parse(plain(headers, body)).incoming.text == text


def alternative(first: bytes, second: bytes) -> bytes:
    body = b"--b\nContent-Type: text/plain\n\n" + first + b"\n--b\nContent-Type: text/html\n\n" + second + b"\n--b--"
    return plain(b"Content-Type: multipart/alternative; boundary=b", body)


@pytest.mark.parametrize(
    ("first", "text"),
    [(b"Yes.", "Yes."), (b"", "Yes in HTML"), (b"Your e-mail client cannot show HTML.", "Yes in HTML")],
)
def test_plain_text_is_preferred_unless_it_says_nothing(first: bytes, text: str) -> None:
    assert parse(alternative(first, b"<p>Yes in <b>HTML</b></p>")).incoming.text == text


NAMES = {
    b'filename="../../etc/passwd"': "passwd",
    b'filename="C:\\\\Users\\\\x\\\\cv.pdf"': "cv.pdf",
    b'filename="=?utf-8?q?R=C3=A9sum=C3=A9.pdf?="': "Résumé.pdf",
    b"filename*0*=utf-8''R%C3%A9; filename*1=sum.pdf": "Résum.pdf",
    b'filename="a=?utf-8?q?=0A?=b.pdf"': "a b.pdf",
    b"": "attachment",
    b"filename*=x-unknown''a%FF.pdf": "aÿ.pdf",
}


@pytest.mark.parametrize("parameter", NAMES, ids=repr)
def test_the_name_of_an_attachment_is_fit_to_be_shown(parameter: bytes) -> None:
    headers = b"Content-Type: application/pdf\nContent-Disposition: attachment; " + parameter
    assert [a.name for a in parse(plain(headers)).incoming.attachments] == [NAMES[parameter]]


def nested(depth: int) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(depth))


LIMITS = {
    "bytes": plain(b"X: y", b"x" * 25_000_001),
    "header line": plain(b"X-Long: " + b"y" * 17_000),
    "headers": plain(b"X: y\n" * 501),
    "levels": nested(61),
    "levels of message/rfc822": b"Content-Type: message/rfc822\n\n" * 1000,
    "parts": plain(b"Content-Type: multipart/mixed; boundary=b", b"--b\n\nx\n" * 301),
    "header of a part": plain(b"Content-Type: text/plain" + b";\n a=b" * 4000),
}


@pytest.mark.parametrize("raw", LIMITS.values(), ids=LIMITS.keys())
def test_a_mail_over_a_limit_is_refused_with_a_sentence_that_names_it(raw: bytes) -> None:
    with pytest.raises(UnparseableMailError, match=r"\d+"):
        parse(raw)


def test_the_size_limit_can_be_set() -> None:
    with pytest.raises(UnparseableMailError, match="the limit is 10"):
        parse(plain(b"X: y"), most_bytes=10)


def test_a_mail_to_thousands_is_read_and_cut() -> None:
    incoming = parse(
        b"From: a@example.org\nTo: " + b"b@example.org, " * 5000 + b"\nSubject: " + b"s" * 20_000 + b"\n\nhi"
    ).incoming
    assert (incoming.sender.email, len(incoming.to), len(incoming.subject), incoming.text) == (
        "a@example.org",
        500,
        500,
        "hi",
    )


def test_a_from_too_long_to_be_read_whole_is_never_one_sender() -> None:
    assert parse(b"From: " + b"x" * 20_000 + b" <a@example.org>\n\nhi").incoming.senders > 1


SLOW = {
    "quotes in From": b"From: " + b'",' * 10_000 + b"\n\nx",
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nx",
    "open boundaries": nested(59) + b"a\n" * 400_000,
    "HTML": plain(b"Content-Type: text/html", b"<div>" * 100_000),
    "brackets": plain(b"Content-Type: text/html", b"<" * 500_000),
}


@pytest.mark.parametrize("raw", SLOW.values(), ids=SLOW.keys())
def test_no_crafted_mail_takes_long(raw: bytes) -> None:
    began = time.process_time()
    with contextlib.suppress(UnparseableMailError):
        parse(raw)
    assert time.process_time() - began < 3


def test_html_is_read_with_its_quotations_marked() -> None:
    older = '<blockquote type="cite">Older</blockquote>'
    html = f'<p>Yes.</p><blockquote type="cite">Can you?{older}</blockquote><p>By June.</p>'
    assert [line for line in as_text(html).split("\n") if line.strip()] == [
        "Yes.",
        "> Can you?",
        "> > Older",
        "By June.",
    ]
    assert as_text("<blockquote style='border-left:1px solid'>Can you?</blockquote>") == "> Can you?"
    assert ">" not in as_text("<blockquote style='margin:0 0 0 40px'>indented</blockquote>")


def test_an_encoded_word_split_inside_a_character_is_put_together() -> None:
    assert decode_words("=?utf-8?q?caf=C3?= =?utf-8?q?=A9?= x =?utf-8*en?b?w6k=?= =?x-unknown?q?_y?=") == "café x é y"


@pytest.mark.parametrize("path", EVERY_MAIL, ids=lambda path: path.stem)
@settings(max_examples=10, deadline=None)
@given(cut=st.floats(0, 1), junk=st.binary(max_size=40), turned=st.booleans())
def test_a_damaged_mail_is_a_value_or_unparseable(path: Path, cut: float, junk: bytes, turned: bool) -> None:
    raw = path.read_bytes()
    at = int(cut * len(raw))
    tail = raw[at + len(junk) :]
    assert_read(raw[:at] + junk + (tail[::-1] if turned else tail))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                b"From: ",
                b"Content-Type: ",
                b"multipart/mixed; boundary=b",
                b"message/rfc822",
                b"\n\n",
                b"\n",
                b"--b\n",
                b"text/html",
                b"; charset=",
                b"Subject: =?utf-8?q?",
                b"Date: ",
                b"1 Jan 0001 00:00 +2359",
                b"Message-ID: <",
                b"Content-Disposition: attachment; filename*",
            ]
        )
        | st.binary(max_size=20),
        max_size=30,
    ).map(b"".join)
)
def test_any_bytes_are_a_value_or_unparseable(raw: bytes) -> None:
    assert_read(raw)


def assert_read(raw: bytes) -> None:
    for read in (parse, peek):
        with contextlib.suppress(UnparseableMailError):
            assert read(raw)


@given(st.text())
def test_any_header_text_has_mailboxes_or_none(text: str) -> None:
    assert all("\n" not in box.email + box.name for box in mailboxes(text))
