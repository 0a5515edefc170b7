"""Files that are not what they say, names that are more than names, and hands that reach for other people's files."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from app.adapters.files import name_for_people
from app.discussions.commands import NotAttached, Remark, Upload, add_comments, attach_files, upload_files
from app.discussions.models import Attachment, Comment
from app.discussions.queries import attachment_by_id, attachments_of, files_under
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.events import _nouns, noun_of
from app.kernel.tenancy import organization
from tests.pictures import kept, picture, sent
from tests.world import Person, World

SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
HTML = b"<!doctype html><title>x</title>" + SCRIPT


@pytest.fixture
def issue(world: World) -> Any:
    return world.issue()


@pytest.fixture
def put(world: World, issue: Any) -> Callable[..., Attachment]:
    """`put(bob, b"…", "a.png", "image/png")`: a file beside the issue, and what its sender claims."""

    def post(person: Person, content: bytes, name: str, claimed: str | None = None) -> Attachment:
        data = {"files": sent(content, name, claimed)}
        assert person.post(f"/acme/issue/{issue.id}/attachments", data).status_code == 303
        with world.app.app_context(), organization(world.organization_id):
            return db.session.scalars(select(Attachment).order_by(Attachment.id.desc()).limit(1)).one()

    return post


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is `side` pixels wide and high, and would be that large in memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    pixels = zlib.compress(bytes(1 + 4 * 1000) * 1000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def archive() -> bytes:
    """A hundred megabytes of nothing in a hundred kilobytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("zeros", bytes(100 * 2**20))
    return made.getvalue()


#: What comes, what its name is, what its sender says it is; and what it is.
HOSTILE = {
    "SVG": (SVG, "logo.svg", "image/svg+xml", "image/svg+xml"),
    "SVG as PNG": (SVG, "logo.png", "image/png", "image/svg+xml"),
    "SVG behind XML": (b'<?xml version="1.0"?>\n<!-- x -->' + SVG, "a.xml", "text/xml", "image/svg+xml"),
    "SVG in UTF-16": (f"\ufeff{SVG.decode()}".encode("utf-16-le"), "a.png", "image/png", "image/svg+xml"),
    "HTML": (HTML, "report.html", "text/html", "text/html"),
    "HTML as text": (HTML, "report.txt", "text/plain", "text/html"),
    "HTML as a picture": (HTML, "report.jpg", "image/jpeg", "text/html"),
    "HTML after much white space": (b" \n" * 3000 + HTML, "report.txt", "text/plain", "text/html"),
    "XHTML": (b'<html xmlns="http://www.w3.org/1999/xhtml">' + SCRIPT + b"</html>", "a.xhtml", None, "text/html"),
    "a program as a picture": (b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "holiday.png", "image/png", None),
    "GIF that is a script": (b"GIF89a/*" + SCRIPT + b"*/=1;", "a.gif", "image/gif", "image/gif"),
    "PDF that is a page": (b"%PDF-1.4\n" + HTML, "a.pdf", "application/pdf", "application/pdf"),
    "zip bomb": (archive(), "all.zip", "application/zip", "application/zip"),
    "image bomb": (bomb(50_000), "small.png", "image/png", "image/png"),
    "image that ends early": (picture()[:60], "half.png", "image/png", "image/png"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_hostile_is_shown_or_run(put, anna: Person, bob: Person, what: str) -> None:
    """It is kept byte for byte, sent to be saved only, and has no preview. Archives are never unpacked."""
    content, name, claimed, kind = HOSTILE[what]
    made = put(anna, content, name, claimed)
    assert made.media_type not in ("image/png", "image/jpeg") or what in ("image bomb", "image that ends early")
    assert kind is None or made.media_type == kind
    assert made.preview is None
    assert bob.get(f"/acme/attachments/{made.id}/preview").status_code == 404
    answer = bob.get(f"/acme/attachments/{made.id}")
    assert answer.data == content
    assert answer.mimetype not in ("text/html", "image/svg+xml", "application/xml", "application/xhtml+xml")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_of_a_polyglot_only_the_picture_is_shown(put, anna: Person, bob: Person, kind: str) -> None:
    """What hides behind, beside or inside of a picture is not in its preview, nor where it was taken."""
    rest = {"exif": Image.Exif()} if kind in ("JPEG", "WEBP") else {}
    if rest:
        rest["exif"][0x010E] = "SECRETPLACE"
    made = put(anna, picture(kind, **rest) + HTML + b"PK\x03\x04", "cat.html", "text/html")
    assert made.media_type == f"image/{kind.lower()}"
    answer = bob.get(f"/acme/attachments/{made.id}/preview")
    assert answer.mimetype == "image/webp"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.data[:4] == b"RIFF"
    assert len(answer.data) == 8 + int.from_bytes(answer.data[4:8], "little")
    assert b"script" not in answer.data
    assert b"SECRETPLACE" not in answer.data
    assert Image.open(io.BytesIO(answer.data)).size == (40, 30)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (".hta\u200bccess", "htaccess"),
        ("\u200b.htaccess", "htaccess"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\scan.png", "scan.png"),
        ("gnp.\u202eexe", "gnp.exe"),
        ("a\r\nSet-Cookie: b=c.txt", "a Set-Cookie: b=c.txt"),
        ("\x00\x07\u2066", "file"),
        ("...", "file"),
        ("", "file"),
        ("x" * 400 + ".png", "x" * 146 + ".png"),
        ('Nora\'s "final".png', 'Nora\'s "final".png'),
    ],
)
def test_a_name_is_only_a_name(given: str, shown: str) -> None:
    assert name_for_people(given) == shown


@pytest.mark.parametrize(
    "name",
    [
        'a"; filename="b.html',
        "a'b;c\\d%0d%0aX: y.txt",
        ".hta\u200bccess",
        "naïve 🦊 <b>.txt",
        "x" * 300 + ".txt",
        "%2e%2e%2fa",
    ],
)
def test_a_name_says_nothing_else_in_the_reply_or_on_the_page(put, anna, bob, issue, name: str) -> None:
    made = put(anna, b"12 ppm", name)
    header = bob.get(f"/acme/attachments/{made.id}").headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=\"[A-Za-z0-9 ._()-]+\"; filename\*=UTF-8''[A-Za-z0-9._~%-]+", header)
    assert 'filename=".' not in header
    page = bob.get(f"/acme/issues/WEB-{issue.number}").text
    assert "<b>.txt" not in page


def test_no_name_reaches_the_disk(app, put, anna: Person) -> None:
    before = kept(app)
    put(anna, b"deny from all", "../.htaccess")
    [name] = kept(app) - before
    assert re.fullmatch(r"[0-9a-f]{32}", name)


class TestReachingForOthers:
    @pytest.mark.parametrize(("who", "status"), [("olaf", 404), ("carol", 404), ("mallory", 404), ("vic", 200)])
    def test_only_those_who_see_the_issue_get_its_files(self, put, cast, anna, who: str, status: int) -> None:
        made = put(anna, picture(), "cat.png")
        for path in ("", "/preview"):
            assert cast[who].get(f"/acme/attachments/{made.id}{path}").status_code == status
        assert cast["mallory"].get(f"/rival/attachments/{made.id}").status_code == 404
        assert cast[who].post(f"/acme/attachments/{made.id}/deletion").status_code in (403, 404)

    @pytest.mark.parametrize(("who", "status"), [("vic", 403), ("olaf", 404), ("carol", 404), ("mallory", 404)])
    def test_only_those_who_may_say_something_bring_files(self, cast, issue, app, who: str, status: int) -> None:
        before = kept(app)
        for path in ("attachments", "uploads"):
            data = {"files": sent(b"12 ppm", "toner.txt")}
            assert cast[who].post(f"/acme/issue/{issue.id}/{path}", data).status_code in (status, 403)
        assert kept(app) == before

    def test_what_waits_is_its_uploaders_alone(self, anna, alice, bob, issue, inside) -> None:
        waiting = _ahead(anna, issue.id)
        for person in (alice, bob):
            assert person.get(f"/acme/attachments/{waiting}").status_code == 404
            assert person.post(f"/acme/attachments/{waiting}/deletion").status_code == 404
        assert anna.get(f"/acme/attachments/{waiting}").status_code == 200

    def test_nobody_says_something_with_what_is_not_theirs_to_say(self, world, anna, bob, issue, inside) -> None:
        """Another's waiting file, one of another issue, one that is said already, one that never was."""
        other = world.issue("Other")
        said = _ahead(bob, issue.id)
        assert bob.post(f"/acme/issue/{issue.id}/comments", {"body": "Mine", "attachments": said}).status_code == 303
        for wanted in (_ahead(anna, issue.id), _ahead(bob, other.id), said, 2**62, "x", "-1"):
            data = {"body": "Look what I have", "attachments": wanted}
            answer = bob.post(f"/acme/issue/{issue.id}/comments", data, htmx=True)
            assert answer.status_code == 422, wanted
            assert "Look what I have" in answer.text
        assert len(db.session.scalars(select(Comment.id).order_by(Comment.id)).all()) == 1
        rows = db.session.scalars(select(Attachment).order_by(Attachment.id)).all()
        assert [row.comment_id is not None for row in rows] == [True, False, False]

    def test_the_command_refuses_it_too(self, inside, anna, bob, issue) -> None:
        [waiting] = upload_files(issue, [Upload("a.txt", io.BytesIO(b"1"))], by=anna.member)
        with pytest.raises(NotAttached):
            add_comments([Remark(issue, "Mine", attachments=[waiting])], by=bob.member)

    def test_a_customer_sees_what_stands_open_and_nothing_else(self, inside, anna, carol, issue, monkeypatch) -> None:
        """An open file with an internal comment is internal; with a deleted one it is nobody's."""
        shared = replace(noun_of(issue), visible=lambda member: type(issue).id == issue.id)
        monkeypatch.setitem(_nouns, "issue", shared)
        customer = carol.member

        def files(internal: bool, comment: Comment | None = None) -> Attachment:
            upload = Upload("a.txt", io.BytesIO(b"1"))
            return attach_files(issue, [upload], by=anna.member, comment=comment, internal=internal)[0]

        kept_inside, said_openly = add_comments(
            [Remark(issue, "Among us"), Remark(issue, "Dear Carol", internal=False)], by=anna.member
        )
        seen = [files(False), files(False, said_openly)]
        unseen = [files(True), files(True, said_openly), files(False, kept_inside)]
        assert [attachment_by_id(customer, one.id) for one in seen] == seen
        for one in unseen:
            with pytest.raises(NotFound):
                attachment_by_id(customer, one.id)
        assert attachments_of(issue, customer) == seen[:1]
        assert files_under([kept_inside.id, said_openly.id], customer) == {said_openly.id: seen[1:]}
        assert unseen[2].internal


def _ahead(person: Person, issue_id: int) -> int:
    answer = person.post(f"/acme/issue/{issue_id}/uploads", {"files": sent(b"12 ppm", "toner.txt")}, htmx=True)
    found = re.search(r'name="attachments" value="(\d+)"', answer.text)
    assert found, answer.text
    return int(found[1])
