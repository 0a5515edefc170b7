"""Files with an issue and with what is said about it: who brings them, who gets them, and what becomes of them."""

from __future__ import annotations

import io
import re
import resource
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from app.adapters import files
from app.discussions.jobs import purge_files
from app.discussions.models import Attachment, Comment
from app.inbox.models import Notification
from app.kernel import clock
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.pictures import files_of, kept, picture, sent
from tests.world import Person, World

Put = Callable[..., Attachment]
#: How a file begins in a form, as it goes over the wire.
PART = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n'


@pytest.fixture
def newest(world: World) -> Callable[[], Attachment]:
    """The attachment that was made last, as it stands now."""

    def find() -> Attachment:
        with world.app.app_context(), organization(world.organization_id):
            return db.session.scalars(select(Attachment).order_by(Attachment.id.desc()).limit(1)).one()

    return find


@pytest.fixture
def put(world: World, issue: Any, newest: Callable[[], Attachment]) -> Put:
    """`put(bob, b"…", "a.txt")`: a file beside the issue."""

    def post(person: Person, content: bytes = b"12 ppm\n", name: str = "toner.txt") -> Attachment:
        answer = person.post(f"/acme/issue/{issue.id}/attachments", {"files": sent(content, name)})
        assert answer.status_code == 303, answer.text
        return newest()

    return post


@pytest.fixture
def ahead(world: World, issue: Any) -> Callable[..., int]:
    """`ahead(bob)`: the id of a file that waits for Bob's comment."""

    def post(person: Person, content: bytes = b"12 ppm\n", name: str = "toner.txt", on: int = issue.id) -> int:
        answer = person.post(f"/acme/issue/{on}/uploads", {"files": sent(content, name)}, htmx=True)
        assert answer.status_code == 200, answer.text
        found = re.search(r'name="attachments" value="(\d+)"', answer.text)
        assert found
        return int(found[1])

    return post


class TestBringing:
    def test_a_file_beside_the_issue_is_shown_told_and_taken(self, put, anna, bob, url, newest, say, work, inside):
        say(bob, "I look after this")
        work()
        put(anna, b"a,b\n1,2\n", "levels.csv")
        work()
        page = bob.get(url).text
        assert "levels.csv" in page
        assert "attached levels.csv to this issue" in page
        assert db.session.scalars(select(Notification.member_id)).all() == [bob.member_id]
        answer = bob.get(f"/acme/attachments/{newest().id}")
        assert answer.data == b"a,b\n1,2\n"
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="levels.csv"')
        assert newest().download_count == 1
        assert "1 download" in bob.get(url).text

    def test_a_picture_is_shown_small_in_a_place_that_is_kept_for_it(self, put, anna, bob, url):
        made = put(anna, picture("JPEG", (2400, 1200)), "scan.jpg")
        assert (made.media_type, made.preview_width, made.preview_height) == ("image/jpeg", 1200, 600)
        tag = re.search(r"<img [^>]*/preview[^>]*>", bob.get(url).text)
        assert tag
        assert 'width="360" height="180"' in tag[0]
        answer = bob.get(f"/acme/attachments/{made.id}/preview")
        assert answer.mimetype == "image/webp"
        assert Image.open(io.BytesIO(answer.data)).size == (1200, 600)

    def test_what_was_sent_ahead_stands_with_the_comment(self, ahead, anna, bob, url, issue, inside):
        first, second = ahead(anna, name="one.txt"), ahead(anna, name="two.txt")
        data = {"body": "Both levels", "attachments": [second, first]}
        assert anna.post(f"/acme/issue/{issue.id}/comments", data).status_code == 303
        said = db.session.scalars(select(Comment)).one()
        rows = db.session.scalars(select(Attachment).order_by(Attachment.id)).all()
        assert [(row.comment_id, row.internal) for row in rows] == [(said.id, True)] * 2
        article = re.search(rf'<article[^>]* id="comment-{said.id}".*?</article>', bob.get(url).text, re.DOTALL)
        assert article
        assert "one.txt" in article[0]
        assert "two.txt" in article[0]
        assert "attached two.txt and one.txt to a comment" in bob.get(f"{url}?show=history").text

    def test_a_plain_form_brings_text_and_files_at_once(self, anna, bob, url, issue):
        data = {"body": "Without scripts", "files": [sent(b"1", "one.txt"), sent(b"2", "two.txt")]}
        assert anna.post(f"/acme/issue/{issue.id}/comments", data).status_code == 303
        page = bob.get(url).text
        assert "one.txt" in page
        assert "two.txt" in page

    def test_a_file_needs_no_words(self, ahead, anna, issue, url, bob):
        data = {"body": "", "attachments": [ahead(anna)]}
        assert anna.post(f"/acme/issue/{issue.id}/comments", data).status_code == 303
        assert "toner.txt" in bob.get(url).text

    def test_a_comment_that_is_refused_keeps_its_files(self, ahead, anna, issue):
        waiting = ahead(anna)
        data = {"body": "x" * 100_001, "attachments": [waiting]}
        answer = anna.post(f"/acme/issue/{issue.id}/comments", data, htmx=True)
        assert answer.status_code == 422
        assert f'name="attachments" value="{waiting}"' in answer.text

    def test_pages_cost_the_same_with_one_file_and_with_many(self, ahead, put, anna, bob, url, issue, statements):
        def costs() -> int:
            bob.get(url)
            with statements() as seen:
                bob.get(url)
            return len(seen)

        put(anna)
        anna.post(f"/acme/issue/{issue.id}/comments", {"body": "One", "attachments": [ahead(anna)]})
        few = costs()
        for _ in range(4):
            put(anna)
            anna.post(f"/acme/issue/{issue.id}/comments", {"body": "More", "attachments": [ahead(anna), ahead(anna)]})
        assert costs() == few


class TestLimits:
    @pytest.fixture
    def limits(self, app, monkeypatch) -> Callable[..., None]:
        """`limits(file_most_mb=1)` for this test."""

        def put(**values: int) -> None:
            monkeypatch.setitem(app.extensions, "trestleboard", replace(app.extensions["trestleboard"], **values))

        return put

    @pytest.mark.parametrize(
        ("values", "contents", "says"),
        [
            ({}, [b""], "is empty: it has 0 bytes"),
            ({}, [], "Choose a file first."),
            ({"file_most_mb": 1, "files_at_once": 3}, [b"x" * (2**20 + 1)], "is larger than 1 MB"),
            ({"files_at_once": 2}, [b"1", b"2", b"3"], "At most 2 files at once"),
            ({"files_quota_mb": 0}, [b"1"], "would take more than 0 MB"),
            ({"file_most_mb": 1, "files_quota_mb": 1, "files_at_once": 3}, [b"x" * 2**20, b"1"], "more than 1 MB"),
        ],
    )
    def test_what_does_not_fit_is_refused_with_a_sentence_and_leaves_nothing(
        self, limits, app, anna, issue, inside, values, contents, says
    ):
        limits(**values)
        before = kept(app)
        data = {"files": [sent(content, f"{place}.txt") for place, content in enumerate(contents)]}
        answer = anna.post(f"/acme/issue/{issue.id}/attachments", data, htmx=True, content_type="multipart/form-data")
        assert answer.status_code == 422
        assert says in answer.text
        assert db.session.scalar(select(Attachment.id)) is None
        assert kept(app) == before

    def test_a_request_that_is_larger_than_all_files_may_be_is_not_even_read(self, limits, anna, issue):
        limits(file_most_mb=1)
        data = {"files": sent(b"x" * (2**20 + 2**17), "large.bin")}
        answer = anna.post(f"/acme/issue/{issue.id}/uploads", data, htmx=True)
        assert answer.status_code == 413
        assert "A file may have at most 1 MB" in answer.text

    def test_strangers_send_no_large_files(self, app, issue):
        data = {"files": sent(b"x" * 5 * 2**20, "large.bin")}
        assert app.test_client().post(f"/acme/issue/{issue.id}/attachments", data=data).status_code == 413

    @pytest.fixture
    def little_room(self) -> Iterator[None]:
        """This process may write no file past one megabyte: what a full disk is, by the system's own word."""
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, before[1]))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    def test_a_full_disk_leaves_nothing(self, app, little_room):
        before = kept(app)
        with pytest.raises(files.NoRoom, match="no room left on the server"):
            files.store(io.BytesIO(bytes(3 * 2**20)), most=5 * 2**20)
        assert kept(app) == before

    def test_a_disk_that_is_full_before_anybody_reads_the_form_is_told_too(self, app, anna, issue, little_room):
        before = kept(app)
        answer = anna.post(
            f"/acme/issue/{issue.id}/attachments",
            htmx=True,
            input_stream=io.BytesIO(PART + bytes(3 * 2**20) + b"\r\n--b--\r\n"),
            content_type="multipart/form-data; boundary=b",
        )
        assert answer.status_code == 503
        assert "There is no room left on the server" in answer.text
        assert kept(app) == before

    def test_what_comes_only_in_part_is_not_kept(self, app, anna, issue, inside):
        """The browser promised more bytes than came before it went away."""
        before = kept(app)
        answer = anna.post(
            f"/acme/issue/{issue.id}/attachments",
            input_stream=io.BytesIO(PART + b"whole\r\n" + PART + b"half of it " * 100),
            content_type="multipart/form-data; boundary=b",
            environ_overrides={"CONTENT_LENGTH": "9000"},
        )
        assert answer.status_code == 400
        assert kept(app) == before
        assert db.session.scalar(select(Attachment.id)) is None


class TestTakingBack:
    def test_ones_own_goes_and_comes_back(self, put, anna, bob, url):
        made = put(anna)
        answer = anna.post(f"/acme/attachments/{made.id}/deletion", htmx=True)
        assert "Undo" in answer.text
        assert "deleted toner.txt from this issue" in bob.get(url).text
        assert bob.get(f"/acme/attachments/{made.id}").status_code == 404
        assert anna.post(f"/acme/attachments/{made.id}/restoration").status_code == 303
        assert bob.get(f"/acme/attachments/{made.id}").status_code == 200
        assert "brought toner.txt back to this issue" in bob.get(url).text

    def test_only_ones_own_unless_one_moderates(self, put, anna, bob, alice):
        made = put(anna)
        assert bob.post(f"/acme/attachments/{made.id}/deletion").status_code == 403
        assert alice.post(f"/acme/attachments/{made.id}/deletion").status_code == 303
        assert anna.post(f"/acme/attachments/{made.id}/restoration").status_code == 403
        assert alice.post(f"/acme/attachments/{made.id}/restoration").status_code == 303

    def test_a_file_that_was_only_sent_ahead_is_gone_at_once(self, app, ahead, anna, inside):
        before = kept(app)
        waiting = ahead(anna, picture())
        assert len(kept(app) - before) == 2
        assert anna.post(f"/acme/attachments/{waiting}/deletion", htmx=True).status_code == 200
        assert kept(app) == before
        assert db.session.scalar(select(Attachment.id)) is None

    def test_the_files_of_a_deleted_comment_are_not_served_until_it_is_back(self, ahead, anna, bob, say, newest):
        said = say(anna, "Here", attachments=ahead(anna))
        made = newest()
        anna.post(f"/acme/comments/{said}/deletion")
        for person in (anna, bob):
            assert person.get(f"/acme/attachments/{made.id}").status_code == 404
        anna.post(f"/acme/comments/{said}/restoration")
        assert bob.get(f"/acme/attachments/{made.id}").status_code == 200


class TestThrowingAway:
    def test_what_nobody_attached_goes_after_a_day_and_nothing_else(self, app, ahead, put, anna, world, inside):
        forgotten, standing = ahead(anna, picture()), put(anna)
        gone = files_of(db.session.scalars(select(Attachment).where(Attachment.id == forgotten)).one())
        db.session.commit()
        for hours, left in ((23, [forgotten, standing.id]), (25, [standing.id])):
            with clock.at(now() + timedelta(hours=hours)):
                purge_files()
            db.session.commit()
            assert db.session.scalars(select(Attachment.id).order_by(Attachment.id)).all() == left
            assert gone.isdisjoint(kept(app)) == (hours > 24)
        assert files_of(standing) <= kept(app)

    def test_what_was_deleted_goes_after_a_month(self, app, put, anna, inside):
        made = put(anna)
        anna.post(f"/acme/attachments/{made.id}/deletion")
        with clock.at(now() + timedelta(days=29)):
            purge_files()
        db.session.commit()
        assert files_of(made) <= kept(app)
        with clock.at(now() + timedelta(days=31)):
            purge_files()
        db.session.commit()
        assert files_of(made).isdisjoint(kept(app))

    def test_a_transaction_that_fails_keeps_its_files(self, app, put, anna, inside):
        """Neither may a rolled back upload leave a file, nor a rolled back purge take one away."""
        made = put(anna)
        anna.post(f"/acme/attachments/{made.id}/deletion")
        with clock.at(now() + timedelta(days=31)):
            purge_files()
        db.session.rollback()
        assert files_of(made) <= kept(app)
