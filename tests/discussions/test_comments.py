"""Saying something about an issue: who hears of it, who may change it, and what happens when two do."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.discussions.models import Comment
from app.documents.models import DocumentVersion
from app.inbox.models import Notification, Watcher
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.organizations.models import Member
from tests.world import World


def text_of(page: str) -> str:
    """A page's words alone."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


class TestSaying:
    def test_everybody_on_the_issue_reads_it(self, say, anna, bob, url) -> None:
        say(anna, "It is the **toner**, not the drum.")
        page = bob.get(url).text
        assert "<strong>toner</strong>" in page
        assert "Comment by Anna" in page

    def test_the_composer_comes_back_empty_and_the_page_looks_again(self, issue, anna) -> None:
        answer = anna.post(f"/acme/issue/{issue.id}/comments", {"body": "Toner"}, htmx=True)
        assert answer.status_code == 200
        assert f'hx-target="#composer-issue-{issue.id}"' in answer.text
        assert f"issue-{issue.id}" in answer.headers["HX-Trigger"]
        assert "clear-draft" in answer.headers["HX-Trigger"]

    def test_nobody_says_nothing(self, issue, anna, inside) -> None:
        for body in ("", "  \n "):
            answer = anna.post(f"/acme/issue/{issue.id}/comments", {"body": body}, htmx=True)
            assert answer.status_code == 422
            assert "Write something first." in answer.text
        assert db.session.scalar(select(Comment.id)) is None

    def test_too_much_comes_back_untouched(self, issue, anna) -> None:
        answer = anna.post(f"/acme/issue/{issue.id}/comments", {"body": "x" * 100_001}, htmx=True)
        assert answer.status_code == 422
        assert "At most" in answer.text
        assert "x" * 100_001 in answer.text

    def test_a_script_is_only_words(self, say, anna, bob, url) -> None:
        say(anna, "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>")
        page = bob.get(url).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page

    @pytest.mark.parametrize(
        ("who", "status"), [("vic", 403), ("olaf", 404), ("carol", 404), ("mallory", 404), ("nora", 303)]
    )
    def test_who_may(self, cast, issue, who, status) -> None:
        answer = cast[who].post(f"/{'acme'}/issue/{issue.id}/comments", {"body": "Hello"})
        assert answer.status_code == status

    def test_viewers_see_no_composer(self, vic, anna, say, url, issue) -> None:
        say(anna, "Toner")
        page = vic.get(url).text
        assert "Toner" in page
        assert f"composer-issue-{issue.id}" not in page

    @pytest.mark.parametrize("noun", ["project", "member", "organization", "nothing"])
    def test_what_is_not_discussed_is_not_there(self, alice, world, noun) -> None:
        assert alice.post(f"/acme/{noun}/{world.ids.web}/comments", {"body": "Hello"}).status_code == 404

    def test_a_deleted_issue_is_not_talked_about(self, world, alice) -> None:
        gone = world.issue("Gone", deleted_at=now())
        assert alice.post(f"/acme/issue/{gone.id}/comments", {"body": "Hello"}).status_code == 404

    def test_the_draft_is_forgotten(self, say, anna, issue, url) -> None:
        key = f"comment:issue:{issue.id}:new"
        anna.post("/acme/drafts", {"key": key, "body": '{"body": "half of"}'})
        assert "half of" in anna.get(url).text
        say(anna, "half of it")
        assert "data-draft-fields" not in anna.get(url).text


class TestHearing:
    def test_whoever_is_named_hears_and_follows(self, say, anna, bob, issue, work, world, inside) -> None:
        said = say(anna, "@Bob what do you think?")
        work()
        [told] = db.session.scalars(select(Notification).where(Notification.member_id == bob.member_id)).all()
        assert told.reason == "mentioned"
        followers = set(db.session.scalars(select(Watcher.member_id).where(Watcher.subject_id == issue.id)))
        assert followers == {anna.member_id, bob.member_id}
        answer = bob.get(f"/acme/inbox/{told.id}")
        assert answer.location.endswith(f"#comment-{said}")

    def test_watchers_hear_that_something_was_said(self, say, anna, bob, work, inside) -> None:
        say(bob, "I look after this")
        work()
        say(anna, "Thank you")
        work()
        [told] = db.session.scalars(select(Notification).where(Notification.member_id == bob.member_id)).all()
        assert told.reason == "watching"
        assert "commented on this issue" in text_of(bob.get("/acme/inbox").text)

    def test_who_does_not_see_the_issue_cannot_be_named(self, say, anna, olaf, work, inside) -> None:
        say(anna, "@Olaf @Carol @Mallory look")
        work()
        assert db.session.scalar(select(Notification.id)) is None

    def test_an_edit_tells_those_it_newly_names_and_nobody_else(self, say, anna, bob, nora, work, inside) -> None:
        say(nora, "I follow this")
        said = say(anna, "@Bob look")
        work()
        before = {row.member_id for row in db.session.scalars(select(Notification))}
        assert before == {bob.member_id, nora.member_id}
        answer = anna.post(f"/acme/comments/{said}", {"body": "@Bob @Vic look", "version": "1"})
        assert answer.status_code == 303
        work()
        db.session.expire_all()
        told = [row.member_id for row in db.session.scalars(select(Notification).order_by(Notification.id))]
        vic = db.session.scalar(select(Member.id).where(Member.name == "Vic"))
        assert sorted(told) == sorted([bob.member_id, nora.member_id, vic])


class TestOffering:
    def test_those_who_can_be_named_and_nobody_else(self, anna, issue) -> None:
        def offered(begun: str) -> list[str]:
            page = anna.get(f"/acme/issue/{issue.id}/readers", query_string={"q": begun}).text
            return re.findall(r'data-mention="([^"]+)"', page)

        assert offered("") == ["Alice", "Anna", "Bob", "Nora", "Vic"]
        assert offered("a") == ["Alice", "Anna"]
        assert offered(" AN ") == ["Anna"]
        for nobody in ("Olaf", "Carol", "Mallory", "%", "\\", "x" * 5000):
            assert offered(nobody) == []


class TestThreads:
    def test_a_reply_stands_in_its_thread(self, say, anna, bob, url, inside) -> None:
        first = say(anna, "Toner?")
        second = say(bob, "No, the drum.", parent=first)
        third = say(anna, "Ah.", parent=second)
        parents = {row.id: row.parent_id for row in db.session.execute(select(Comment.id, Comment.parent_id))}
        assert parents == {first: None, second: first, third: first}
        page = bob.get(url).text
        assert page.index("Toner?") < page.index("No, the drum.") < page.index("Ah.")

    def test_the_form_of_a_reply_is_a_part_or_a_page(self, say, anna, bob) -> None:
        first = say(anna, "Toner?")
        assert "<html" in bob.get(f"/acme/comments/{first}/replies/new").text
        part = bob.get(f"/acme/comments/{first}/replies/new", headers={"HX-Request": "true"})
        assert f'name="parent" value="{first}"' in part.text
        assert "<html" not in part.text

    def test_a_reply_to_another_issue_is_refused_with_its_text(self, say, anna, world, inside) -> None:
        first, other = say(anna, "Toner?"), world.issue("Other")
        answer = anna.post(f"/acme/issue/{other.id}/comments", {"body": "My words", "parent": first}, htmx=True)
        assert answer.status_code == 422
        assert "My words" in answer.text
        assert len(db.session.scalars(select(Comment.id)).all()) == 1

    @pytest.mark.parametrize("parent", ["x", "-1", "99999999999999999999", "1.5"])
    def test_a_broken_parent_is_a_broken_form(self, issue, anna, parent) -> None:
        answer = anna.post(f"/acme/issue/{issue.id}/comments", {"body": "My words", "parent": parent}, htmx=True)
        assert answer.status_code == 422

    def test_resolved_threads_are_folded_and_come_back(self, say, anna, bob, vic, url) -> None:
        first = say(anna, "Toner?")
        say(bob, "Done", parent=first)
        assert vic.post(f"/acme/comments/{first}/resolution").status_code == 403
        assert bob.post(f"/acme/comments/{first}/resolution", htmx=True).status_code == 200
        page = text_of(anna.get(url).text)
        assert "2 comments, resolved by Bob" in page
        assert "resolved a thread on this issue" in page
        assert anna.post(f"/acme/comments/{first}/reopening").status_code == 303
        assert "resolved by Bob" not in text_of(anna.get(url).text)


class TestEditing:
    def test_it_says_that_it_was_edited_and_what_it_said_before(self, say, anna, bob, url, inside) -> None:
        said = say(anna, "It is the tonner.")
        assert "edited" not in text_of(bob.get(url).text)
        anna.post(f"/acme/comments/{said}", {"body": "It is the toner.", "version": "1"})
        page = bob.get(url).text
        assert "It is the toner." in page
        assert f"/acme/comments/{said}/versions" in page
        assert bob.get(f"/acme/comments/{said}/versions").status_code == 200
        assert len(db.session.scalars(select(DocumentVersion)).all()) == 1, "within ten minutes it is one version"

    def test_only_ones_own(self, say, anna, bob, alice) -> None:
        said = say(anna, "Toner")
        for person in (bob, alice):
            assert person.post(f"/acme/comments/{said}", {"body": "Drum", "version": "1"}).status_code == 403
            assert person.get(f"/acme/comments/{said}/edit").status_code == 403

    def test_a_stale_form_comes_back_with_both_texts(self, say, anna) -> None:
        said = say(anna, "One")
        anna.post(f"/acme/comments/{said}", {"body": "Two", "version": "1"})
        answer = anna.post(f"/acme/comments/{said}", {"body": "Three", "version": "1"}, htmx=True)
        assert answer.status_code == 422
        assert "Two" in answer.text
        assert "Three" in answer.text
        assert 'value="2"' in answer.text
        assert anna.post(f"/acme/comments/{said}", {"body": "Three", "version": "2"}).status_code == 303

    @pytest.mark.parametrize("sent", [{"body": "", "version": "1"}, {"body": "Two"}, {"body": "Two", "version": "x"}])
    def test_broken_forms_change_nothing(self, say, anna, url, sent) -> None:
        said = say(anna, "One word")
        assert anna.post(f"/acme/comments/{said}", sent, htmx=True).status_code == 422
        assert "One word" in anna.get(url).text

    @pytest.mark.parametrize("who", ["olaf", "mallory", "carol"])
    def test_those_who_do_not_see_the_issue_see_no_comment(self, say, anna, cast, who) -> None:
        said = say(anna, "Toner")
        person = cast[who]
        for path in ("", "/text", "/edit", "/versions", "/replies/new"):
            assert person.get(f"/acme/comments/{said}{path}").status_code in (403, 404)
        for path in ("", "/deletion", "/restoration", "/resolution", "/reopening"):
            assert person.post(f"/acme/comments/{said}{path}", {"body": "x", "version": "1"}).status_code == 404


class TestDeleting:
    def test_ones_own_goes_and_comes_back(self, say, anna, url) -> None:
        said = say(anna, "Toner")
        answer = anna.post(f"/acme/comments/{said}/deletion", htmx=True)
        assert "Undo" in answer.text
        assert "Toner" not in anna.get(url).text
        assert anna.post(f"/acme/comments/{said}/restoration", htmx=True).status_code == 200
        assert "Toner" in anna.get(url).text

    def test_admins_delete_anybodys_and_others_do_not(self, say, anna, bob, alice) -> None:
        said = say(anna, "Toner")
        assert bob.post(f"/acme/comments/{said}/deletion").status_code == 403
        assert alice.post(f"/acme/comments/{said}/deletion").status_code == 303
        assert bob.post(f"/acme/comments/{said}/restoration").status_code == 403

    def test_what_a_moderator_deleted_its_author_does_not_bring_back(self, say, anna, alice) -> None:
        said = say(anna, "Toner")
        alice.post(f"/acme/comments/{said}/deletion")
        assert anna.post(f"/acme/comments/{said}/restoration").status_code == 403
        assert alice.post(f"/acme/comments/{said}/restoration").status_code == 303
        assert anna.post(f"/acme/comments/{said}/deletion").status_code == 303

    def test_replies_stay_under_what_was_deleted(self, say, anna, bob, url) -> None:
        first = say(anna, "Secret plan")
        say(bob, "I agree", parent=first)
        anna.post(f"/acme/comments/{first}/deletion")
        page = bob.get(url).text
        assert "I agree" in page
        assert "Secret plan" not in page
        assert "was deleted" in text_of(page)

    def test_nobody_replies_to_or_edits_what_is_gone(self, say, anna, bob, issue) -> None:
        first = say(anna, "Secret plan")
        anna.post(f"/acme/comments/{first}/deletion")
        answer = bob.post(f"/acme/issue/{issue.id}/comments", {"body": "I agree", "parent": first}, htmx=True)
        assert answer.status_code == 422
        assert "I agree" in answer.text
        assert anna.post(f"/acme/comments/{first}", {"body": "New", "version": "1"}).status_code == 404


class TestThePage:
    def test_what_was_said_and_done_stands_in_one_order(self, say, anna, bob, issue, url) -> None:
        say(anna, "Before the change")
        bob.post("/acme/projects/WEB/issues/priority", {"ids": issue.id, "priority": "4"})
        say(anna, "After the change")
        page = text_of(bob.get(url).text)
        assert page.index("Before the change") < page.index("changed the priority") < page.index("After the change")
        assert "commented on this issue" not in page

    def test_it_shows_the_one_or_the_other_alone(self, say, anna, bob, issue, url) -> None:
        say(anna, "Only words")
        bob.post("/acme/projects/WEB/issues/priority", {"ids": issue.id, "priority": "4"})
        comments, history = text_of(bob.get(f"{url}?show=comments").text), text_of(bob.get(f"{url}?show=history").text)
        assert "Only words" in comments
        assert "changed the priority" not in comments
        assert "Only words" not in history
        assert "changed the priority" in history
        assert "commented on this issue" in history

    def test_a_refresh_shows_the_same_as_before(self, bob, url) -> None:
        assert f"{url}?part&amp;show=comments" in bob.get(f"{url}?show=comments").text

    def test_the_panel_has_the_talk_and_its_refresh_no_second_composer(self, say, anna, bob, url, issue) -> None:
        say(anna, "Toner")
        panel = bob.get(f"{url}?peek", headers={"HX-Request": "true"}).text
        again = bob.get(f"{url}?peek&part", headers={"HX-Request": "true"}).text
        assert "Toner" in panel
        assert f'id="composer-issue-{issue.id}"' in panel
        assert "Toner" in again
        assert f'id="composer-issue-{issue.id}"' not in again

    def test_a_link_leads_to_the_comment(self, say, anna, bob, url) -> None:
        said = say(anna, "Toner")
        assert bob.get(f"/acme/comments/{said}").location == f"{url}#comment-{said}"
        for turn in range(51):
            say(anna, f"More {turn}")
        assert bob.get(f"/acme/comments/{said}").location == f"{url}?earlier#comment-{said}"
        assert "Toner" not in bob.get(url).text
        assert "Toner" in bob.get(f"{url}?earlier").text

    def test_many_comments_cost_as_many_statements_as_few(self, say, anna, bob, vic, url, statements) -> None:
        counts = []
        for wanted in (1, 14):
            first = say(anna, "Toner?")
            for turn in range(wanted):
                say((bob, anna)[turn % 2], f"Word {turn}", parent=first)
            with statements() as seen:
                assert vic.get(url).status_code == 200
            counts.append(len(seen))
        assert counts[0] == counts[1]

    def test_a_card_counts_what_is_said(self, say, anna, bob, issue) -> None:
        assert "Comments:" not in bob.get("/acme/projects/WEB/board").text
        first = say(anna, "Toner?")
        say(anna, "Drum?", parent=first)
        gone = say(anna, "Nothing")
        anna.post(f"/acme/comments/{gone}/deletion")
        assert "Comments: 2" in text_of(bob.get("/acme/projects/WEB/board").text)


def test_undoing_on_the_board_takes_no_words_back(say, anna, world) -> None:
    say(anna, "Toner")
    with world.app.app_context(), organization(world.organization_id):
        activity = db.session.scalar(select(Activity.id).where(Activity.verb == "comment.added"))
    assert anna.post(f"/acme/activities/{activity}/undo").status_code == 404


def test_customers_never_see_what_is_kept_among_colleagues(inside: World, say, anna) -> None:
    from app.discussions.policies import open_to

    said = say(anna, "Between us")
    carol = inside.cast["carol"].member
    assert db.session.scalars(select(Comment.id).where(open_to(carol))).all() == []
    assert db.session.scalars(select(Comment.id).where(open_to(inside.cast["vic"].member))).all() == [said]
