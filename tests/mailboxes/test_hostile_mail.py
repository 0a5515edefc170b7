"""Mail as attackers and broken programs write it. None of it runs or is lost; what cannot be read is listed."""

from __future__ import annotations

import random
from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters import files
from app.mailboxes.html import mail_page, sanitise_mail
from app.mailboxes.models import Fate
from app.mailboxes.parsing import Parsed, Unreadable, parse_mail, peek
from tests.mailboxes.mails import Desk, mail
from tests.world import Person

SCRIPT = '<script>alert(1)</script><img src=x onerror="alert(2)">'
HEAD = b"From: Eve <eve@evil.test>\r\nSubject: Hi\r\nMessage-ID: <1@evil.test>\r\n"


def _nested(depth: int) -> bytes:
    inner = b"\r\nThe core."
    for level in range(depth):
        inner = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n%s\r\n--b%d--" % (
            level,
            level,
            inner,
            level,
        )
    return HEAD + inner


def _multipart(*parts: bytes) -> bytes:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body + b"--b--\r\n"


READABLE = {
    "unknown charset": (HEAD + b"Content-Type: text/plain; charset=x-klingon\r\n\r\nna\xc3\xafve", "naïve"),
    "charset that is none": (HEAD + b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\x41", "\\x41"),
    "charset that is slow": (HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a-" * 20_000, "a-a-"),
    "a lie about latin": (HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\ncaf\xe9", "café"),
    "a lie about base64": (HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!aGVsbG8=\xff", "hello"),
    "no line ends": (b"From: eve@evil.test\nSubject: Hi\n\nlf only", "lf only"),
    "zero bytes": (HEAD + b"\r\nbefore\x00after", "beforeafter"),
    "html only": (
        HEAD + b"Content-Type: text/html\r\n\r\n<p>One</p><style>x{}</style><p>Two <b>bold</b></p>",
        "Two bold",
    ),
    "5,000 links": (
        HEAD + b"Content-Type: text/html\r\n\r\n" + b'<a href="https://x.test/">l</a> ' * 5_000,
        "<https://x.test/>",
    ),
    "tags without end": (HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 150_000 + b"deep", "deep"),
    "nested a few times": (_nested(10), "The core."),
    "10,000 parts": (
        _multipart(b"\r\nfirst", *[b'Content-Disposition: attachment; filename="a"\r\n\r\nx'] * 10_000),
        "first",
    ),
    "a boundary that never comes": (HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhalf", "half"),
    "a multipart that is none": (HEAD + b"Content-Type: multipart/mixed\r\n\r\njust text", ""),
    "a header of megabytes": (b"X-Long: " + b"a" * 3_000_000 + b"\r\n" + HEAD + b"\r\nstill here", "still here"),
    "right to left": (HEAD + "\r\nevil \u202egnp.exe שלום 🔥".encode(), "evil gnp.exe שלום 🔥"),
    "a winmail.dat": (
        _multipart(b"\r\nsee", b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f"),
        "see",
    ),
}
UNREADABLE = {
    "empty": b"",
    "white space": b"\r\n\r\n  ",
    "no sender": b"Subject: Hi\r\n\r\nWho am I?",
    "a sender that is none": b"From: nobody\r\nSubject: Hi\r\n\r\nWho am I?",
    "nested for ever": _nested(40),
    "noise": bytes(random.Random(7).randrange(256) for _ in range(5_000)),
}


@pytest.mark.parametrize("name", READABLE)
def test_it_is_read_for_what_it_is(name: str) -> None:
    raw, said = READABLE[name]
    assert said in parse_mail(raw).text


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_kept_and_listed(name: str, desk: Desk, alice: Person) -> None:
    raw = UNREADABLE[name]
    taken = desk.take(raw)
    assert taken.fate is Fate.UNREADABLE
    assert taken.reason
    with files.open_file(taken.file or "") as file:
        assert file.read() == raw
    assert f'id="mail-{taken.id}"' in alice.get("/acme/settings/mail/incoming?only=trouble").text
    shown = alice.get(f"/acme/settings/mail/incoming/{taken.id}")
    assert shown.status_code == 200
    assert taken.reason in shown.text.replace("&#39;", "'")
    assert desk.tickets() == []


@pytest.mark.parametrize("name", [name for name in READABLE if name != "a multipart that is none"])
def test_it_becomes_a_ticket_all_the_same(name: str, desk: Desk) -> None:
    assert desk.take(READABLE[name][0]).fate is Fate.FILED
    assert len(desk.tickets()) == 1


def test_line_ends_and_zeros_in_headers_add_no_header() -> None:
    raw = (
        b"From: =?utf-8?b?" + b64encode(b"Eve\r\nBcc: x@y.test\x00") + b"?= <eve@evil.test>\r\n"
        b"Subject: =?utf-8?q?Hi=0D=0ABcc:_x=40y.test=00?= \x01\x02 there\r\n\r\nHello"
    )
    found = parse_mail(raw)
    assert (found.sender_name, found.subject) == ("Eve Bcc: x@y.test", "Hi Bcc: x@y.test there")


def test_an_encoded_name_is_no_address() -> None:
    raw = b"From: =?utf-8?q?boss=40acme.test=2C?= <eve@evil.test>, second@evil.test\r\n\r\nHello"
    assert parse_mail(raw).sender_address == "eve@evil.test"


def test_nothing_in_names_subject_or_text_runs_or_is_filled_in(desk: Desk, anna: Person) -> None:
    sender = f'"{SCRIPT.replace(chr(34), chr(39))}" <eve@evil.test>'
    template = "{{ config }} {% raw %} ${7*7} %(secret)s"
    taken = desk.take(mail(f"{SCRIPT}\r\n\r\n{template}", sender=sender, subject=f"{SCRIPT} {template}"))
    assert taken.fate is Fate.FILED
    (ticket,) = desk.tickets()
    for path in (f"/acme/tickets/{ticket.number}", "/acme/tickets"):
        page = anna.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "{{ config }}" in page.text


def test_the_raw_mail_is_only_text(desk: Desk, alice: Person) -> None:
    taken = desk.take(mail(SCRIPT, sender=""))
    page = alice.get(f"/acme/settings/mail/incoming/{taken.id}")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(
    st.binary(max_size=2_000),
    st.lists(st.sampled_from(sorted(_raw for _raw, _ in READABLE.values() if len(_raw) < 2_000))),
)
def test_parsing_never_raises_anything_but_unreadable(noise: bytes, known: list[bytes]) -> None:
    raw = b"".join(known)
    middle = len(raw) // 2
    for each in (noise, raw[:middle] + noise + raw[middle:]):
        peek(each)
        try:
            found = parse_mail(each)
        except Unreadable:
            continue
        for text in (found.text, found.reply, found.subject, found.sender_name, found.html or ""):
            text.encode()
            assert "\x00" not in text


ATTACKS = [
    SCRIPT,
    '<a href="javascript:alert(1)">x</a><a href="data:text/html,<script>alert(1)">y</a><a href=" jAvascript:x">z</a>',
    '<form action="https://evil.test"><input name="password"><button>Sign in</button></form>',
    '<style>@import url(https://evil.test/a.css)</style><link rel="stylesheet" href="https://evil.test/a.css">',
    '<meta http-equiv="refresh" content="0;url=https://evil.test"><base href="https://evil.test/">',
    '<div style="background:url(https://evil.test/a.png);width:expression(alert(1));-moz-binding:url(x)">x</div>',
    '<div style="background:u\\72l(https://evil.test/a)">x</div><div style="position:fixed;inset:0;z-index:9">x</div>',
    '<img src="https://evil.test/pixel.gif"><img srcset="https://evil.test/a 1x"><video poster="https://evil.test/b">',
    '<td background="https://evil.test/a.png">x</td><svg><image href="https://evil.test/a"/></svg>',
    "<math><mtext></table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></mtext></math>",
    '<iframe src="https://evil.test"></iframe><object data="https://evil.test"></object><embed src="https://evil.test">',
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
    '<img src="cid:unknown@x"><a href="//evil.test/x">rel</a><a href="/acme/settings">own</a>',
]


@pytest.mark.parametrize("html", ATTACKS)
def test_cleaned_html_acts_on_nothing_and_asks_nobody(html: str) -> None:
    clean = sanitise_mail(html, images=False).lower()
    words = ("<script", "onerror", "javascript:", "<form", "<input", "<style", "<link", "<meta", "<base", "<iframe")
    more = ("<object", "<embed", "<svg", "<math", "url(", "expression", "position", "z-index", "srcset", "poster")
    for word in (*words, *more, 'src="http', "background=", "svg+xml", 'href="/', "data:text", "u\\72l"):
        assert word not in clean
    assert "evil.test" not in clean.replace("//evil.test/x", "")


def test_remote_images_are_there_when_asked_for_and_links_leave_the_frame() -> None:
    html = '<img src="https://x.test/a.png" alt="A"><img src="cid:logo@x"><a href="https://x.test/">Go</a>'
    inline = {"logo@x": "data:image/png;base64,AAAA"}
    closed, opened = (sanitise_mail(html, images=images, inline=inline) for images in (False, True))
    assert "https://x.test/a.png" not in closed
    assert 'src="https://x.test/a.png"' in opened
    assert 'src="data:image/png;base64,AAAA"' in closed
    assert 'target="_blank"' in closed
    assert "noopener" in closed


def test_the_frame_has_its_own_policy(app: object) -> None:
    closed, opened = (mail_page("<p>Hi</p>", images=images) for images in (False, True))
    policy = closed.headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "img-src data:;", "form-action 'none'", "sandbox allow-popups"):
        assert rule in policy
    for rule in ("allow-scripts", "allow-same-origin", "allow-forms", "https:"):
        assert rule not in policy
    assert "https:" in opened.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("New.\n\nOn Mon, 2 Nov 2026 at 10:00, Acme <a@acme.test> wrote:\n> Old.", "New."),
        ("Neu.\n\nAm 02.11.2026 um 10:00 schrieb Acme <a@acme.test>:\n> Alt.", "Neu."),
        ("New.\n\n--\nCarol\nHead of Fires", "New."),
        ("> Only what was quoted.", "> Only what was quoted."),
    ],
)
def test_quotes_and_signatures_are_left_out(text: str, reply: str) -> None:
    found: Parsed = parse_mail(HEAD + b"\r\n" + text.encode())
    assert found.reply == reply
    assert found.text == text
