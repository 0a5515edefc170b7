"""Texts keep every version; what differs between two is shown by words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.documents.commands import create_documents, restore_version, write_document
from app.documents.diff import difference
from app.documents.models import Document, DocumentVersion
from app.documents.queries import compare_versions, versions_of
from app.documents.rendering import MOST
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid, NotFound
from tests.world import World


def _an_hour_passes() -> None:
    db.session.execute(update(DocumentVersion).values(created_at=now() - timedelta(hours=1)))
    db.session.expire_all()


def _bodies(document: Document) -> list[str]:
    return [version.body for version, _ in versions_of(document)]


def test_one_sitting_is_one_version(inside: World) -> None:
    alice, bob = inside.cast["alice"].member, inside.cast["bob"].member
    [text] = create_documents(["One"], by=alice)
    write_document(text, "One two", by=alice)
    assert (text.version, _bodies(text)) == (1, ["One two"])
    write_document(text, "One two three", by=bob)
    write_document(text, "One two three four", by=bob)
    assert (text.version, _bodies(text)) == (2, ["One two three four", "One two"])
    _an_hour_passes()
    write_document(text, "Five", by=bob)
    assert (text.version, text.plain) == (3, "Five")
    assert [author.name for _, author in versions_of(text)] == ["Bob", "Bob", "Alice"]


def test_the_same_text_is_no_change(inside: World) -> None:
    [text] = create_documents(["Same"], by=inside.cast["alice"].member)
    assert write_document(text, "Same", by=inside.cast["bob"].member) is None


def test_writing_says_who_is_named_now_and_was_before(inside: World) -> None:
    alice, bob = inside.cast["alice"].member, inside.cast["bob"].member
    [text] = create_documents(["@Bob"], by=alice, readers=[alice, bob])
    written = write_document(text, "@Alice @Bob", by=bob, readers=[alice, bob])
    assert written
    assert written.versions == (1, 2)
    assert written.mentions == ([bob.id], sorted([alice.id, bob.id]))


def test_an_old_version_comes_back_as_the_newest(inside: World) -> None:
    alice, bob = inside.cast["alice"].member, inside.cast["bob"].member
    [text] = create_documents(["First"], by=alice)
    write_document(text, "Second", by=bob)
    restore_version(text, 1, by=bob)
    assert (text.body, text.version) == ("First", 3)
    assert restore_version(text, 1, by=bob) is None
    with pytest.raises(Invalid):
        restore_version(text, 99, by=bob)


def test_a_text_has_an_end(inside: World) -> None:
    with pytest.raises(Invalid, match="100,000"):
        create_documents(["x" * (MOST + 1)], by=inside.cast["alice"].member)


def test_many_texts_cost_as_many_statements_as_one(inside: World, statements) -> None:
    counts = []
    for many in (1, 400):
        with statements() as seen:
            create_documents([f"Text {number}" for number in range(many)], by=inside.cast["alice"].member)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_comparing_versions(inside: World) -> None:
    alice, bob = inside.cast["alice"].member, inside.cast["bob"].member
    [text] = create_documents(["The old pump leaks.\nKeep."], by=alice)
    write_document(text, "The new pump leaks.\nKeep.", by=bob)
    compared = compare_versions(text, 2)
    assert [(part.kind, part.text) for part in compared.parts] == [
        ("same", "The "),
        ("del", "old"),
        ("ins", "new"),
        ("same", " pump leaks.\nKeep."),
    ]
    assert compared.author is not None
    assert compared.author.name == "Bob"
    assert [part.kind for part in compare_versions(text, 1).parts] == ["ins"]
    with pytest.raises(NotFound):
        compare_versions(text, 3)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("", "a"),
        ("a", ""),
        ("a b c", "a c b"),
        ("سلام دنیا", "سلام"),
        ("x\n" * 9000, "y\n" * 9000),
        ("a\r\nb", "a\nb"),
        ("word " * 5000, "other " * 5000),
    ],
)
def test_a_difference_holds_both_texts(old: str, new: str) -> None:
    parts = difference(old, new)
    assert "".join(part.text for part in parts if part.kind != "ins") == old
    assert "".join(part.text for part in parts if part.kind != "del") == new


def test_another_organizations_texts_are_not_there(inside: World) -> None:
    create_documents(["Secret"], by=inside.cast["alice"].member)
    db.session.commit()
    from app.kernel.tenancy import enter

    enter(inside.rival_id)
    assert db.session.scalars(select(DocumentVersion)).all() == []
