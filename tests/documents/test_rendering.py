"""Markdown becomes HTML that cannot harm, names colleagues, and stays quick whatever is typed."""

from __future__ import annotations

import time

import pytest

from app.documents.rendering import MOST, mentioned_ids, render
from app.organizations.models import Member

ALICE, ANNA, OTHER_ANNA, ALI = (
    Member(id=number, name=name)
    for number, name in enumerate(("Alice", "Anna Kowalski", "Anna Berg", "علي حسن"), start=1)
)
READERS = [ALICE, ANNA, OTHER_ANNA, ALI]


def test_everyday_markdown() -> None:
    html = render("# Plan\n\n- [x] buy *ink*\n- [ ] ~~sell~~\n\n| a | b |\n|---|:-:|\n| 1 | 2 |").html
    assert "<h3>Plan</h3>" in html  # below the page's own headings
    assert 'aria-label="Done"' in html
    assert 'aria-label="To do"' in html
    assert "<em>ink</em>" in html
    assert "<s>sell</s>" in html
    assert '<td align="center">2</td>' in html
    assert "style=" not in html


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "<a href='javascript:x'>x</a>",
        "![x](javascript:x)",
        '[x](https://a.test "\\" onmouseover=\\"alert(1)")',
        "<svg/onload=alert(1)>",
        "[x]: javascript:alert(1)\n[x]",
        "```<script>\n</script>\n```",
        "@<script>",
        "<style>*{}</style>",
    ],
)
def test_nothing_that_runs(body: str) -> None:
    html = render(body, READERS).html.lower()
    assert "<script" not in html
    assert "<style" not in html
    assert "<img" not in html
    assert "<svg" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert 'href="vbscript' not in html
    assert '" onmouseover' not in html


def test_bare_addresses_become_links_that_give_nothing_away() -> None:
    html = render("See https://a.test/x_y_z, or (http://b.test/). Not ftp://c.test nor www.d.test.").html
    assert '<a href="https://a.test/x_y_z" rel="noopener nofollow">https://a.test/x_y_z</a>,' in html
    assert '<a href="http://b.test/" rel="noopener nofollow">' in html
    assert html.count("<a ") == 2


def test_pictures_of_other_sites_are_links() -> None:
    assert render("![A cat](https://spy.test/1.png)").html == (
        '<p><a href="https://spy.test/1.png" rel="noopener nofollow">A cat</a></p>\n'
    )


def test_people_are_named_by_full_name_or_by_a_first_name_that_is_theirs_alone() -> None:
    assert mentioned_ids("@alice, look", READERS) == {1}
    assert mentioned_ids("@Anna is two people", READERS) == set()
    assert mentioned_ids("@Anna Kowalski and @anna berg!", READERS) == {2, 3}
    assert mentioned_ids("سؤال إلى @علي حسن", READERS) == {4}


@pytest.mark.parametrize(
    "body",
    [
        "mail@alice.test",
        "`@Alice`",
        "```\n@Alice\n```",
        "@Alicent",
        "https://x.test/@Alice",
        "[@Alice](https://x.test)",
        "@Mallory",
    ],
)
def test_these_name_nobody(body: str) -> None:
    assert mentioned_ids(body, READERS) == set()


def test_plain_text_is_what_one_would_read_aloud() -> None:
    read = render("# A *b*\n\n- [x] c `d`\n\n@alice **said** [so](https://e.test)", READERS).plain
    assert read == "A b\nc d\n@Alice said so"


@pytest.mark.parametrize(
    "body",
    [
        ">" * MOST,
        "- " * (MOST // 2),
        "[" * MOST,
        "*" * MOST,
        "a**b" * (MOST // 4),
        "[](" * (MOST // 3),
        "`" * MOST,
        "\n".join(" " * (2 * depth) + "- a" for depth in range(300)),
        "![[" * (MOST // 3),
        "|" * MOST,
        "\\" * MOST,
        "&" * MOST,
        "".join("`" * length + " " for length in range(440))[:MOST],
        "x" * (MOST + 1),
        "[a]: b\n" * (MOST // 7),
        "<a " * (MOST // 3),
    ],
    ids=str.__len__,
)
def test_bombs_fizzle(body: str) -> None:
    began = time.process_time()
    assert render(body, READERS).html is not None
    assert time.process_time() - began < 20  # a fuse for what would take minutes, no measure of speed
