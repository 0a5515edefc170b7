"""Labels under labels, in order, merged, and shared by all projects."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.boards.commands.labels import merge_labels
from app.boards.models import IssueLabel
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.projects.commands.labels import add_label, delete_label, edit_label, move_label
from app.projects.models import Label, Project
from app.projects.queries import labels_of, paths_of
from tests.world import Person, World

LABELS = "/acme/projects/WEB/settings/labels"


def _web(world: World) -> Project:
    return db.session.get_one(Project, (world.organization_id, world.ids.web))


def _label(world: World, name: str) -> Label:
    return db.session.get_one(Label, (world.organization_id, world.ids.labels[name]))


def _tree(world: World) -> list[tuple[str, str]]:
    labels = labels_of(world.ids.web)
    paths = paths_of(labels)
    return [(paths[label.id], label.name) for label in labels]


def test_labels_stand_under_labels(inside: World, bob: Person) -> None:
    web, api = _web(inside), _label(inside, "API")
    deep = add_label(web, "v2", 3, parent_id=api.id, by=bob.member)
    add_label(web, "Beta", 3, parent_id=deep.id, by=bob.member)
    assert _tree(inside) == [("", "API"), ("API", "v2"), ("API / v2", "Beta"), ("", "Bug"), ("", "Design")]
    delete_label(web, deep, by=bob.member)
    assert ("API", "Beta") in _tree(inside)


def test_none_stands_under_itself_nor_too_deep(inside: World, bob: Person) -> None:
    web, api = _web(inside), _label(inside, "API")
    below = add_label(web, "v2", 3, parent_id=api.id, by=bob.member)
    with pytest.raises(Invalid, match="itself"):
        edit_label(web, api, by=bob.member, name="API", hue=1, parent_id=below.id)
    with pytest.raises(Invalid, match="itself"):
        edit_label(web, api, by=bob.member, name="API", hue=1, parent_id=api.id)
    for name in ("v3", "v4"):
        below = add_label(web, name, 3, parent_id=below.id, by=bob.member)
    with pytest.raises(Invalid, match="deep"):
        add_label(web, "v5", 3, parent_id=below.id, by=bob.member)
    with pytest.raises(Invalid, match="own"):
        edit_label(web, api, by=bob.member, name="API", hue=1, parent_id=2**40)


def test_dropped_beside_another_it_stands_under_the_same(inside: World, bob: Person) -> None:
    web, api, bug, design = _web(inside), *(_label(inside, name) for name in ("API", "Bug", "Design"))
    first = add_label(web, "v1", 3, parent_id=api.id, by=bob.member)
    move_label(web, bug, after=first.id, by=bob.member)
    assert _tree(inside) == [("", "API"), ("API", "v1"), ("API", "Bug"), ("", "Design")]
    move_label(web, bug, before=design.id, by=bob.member)
    move_label(web, design, before=api.id, by=bob.member)
    assert _tree(inside) == [("", "Design"), ("", "API"), ("API", "v1"), ("", "Bug")]


def test_a_shared_label_is_every_projects_and_called_as_none_of_them(inside: World, alice: Person) -> None:
    legal = add_label(None, "Legal", 3, by=alice.member)
    assert ("", "Legal") in _tree(inside)
    with pytest.raises(Invalid, match="already"):
        add_label(_web(inside), "Legal", 3, by=alice.member)
    with pytest.raises(Invalid, match="already"):
        add_label(None, "Bug", 3, by=alice.member)
    with pytest.raises(Invalid, match="already"):
        add_label(None, "Legal", 3, by=alice.member)
    with pytest.raises(Invalid, match="own"):
        add_label(_web(inside), "Contract", 3, parent_id=legal.id, by=alice.member)


def test_merged_labels_are_borne_once(inside: World, bob: Person) -> None:
    bug, design = inside.ids.labels["Bug"], inside.ids.labels["Design"]
    both, one = inside.issue(labels=(bug, design)), inside.issue(labels=(bug,))
    merge_labels(_web(inside), _label(inside, "Bug"), into=_label(inside, "Design"), by=bob.member)
    rows = db.session.execute(select(IssueLabel.issue_id, IssueLabel.label_id).order_by(IssueLabel.issue_id)).all()
    assert [tuple(row) for row in rows] == [(both.id, design), (one.id, design)]
    assert "Bug" not in [name for _path, name in _tree(inside)]


def test_merging_by_pages(world: World, bob: Person, vic: Person) -> None:
    bug, design = world.ids.labels["Bug"], world.ids.labels["Design"]
    world.issue(labels=(bug,))
    assert "1 issue bears it" in bob.get(f"{LABELS}/{bug}/merging").text
    assert vic.post(f"{LABELS}/{bug}/merging", {"into": design}).status_code == 403
    assert bob.post(f"{LABELS}/{bug}/merging", {"into": bug}).status_code == 422
    assert bob.post(f"{LABELS}/{bug}/merging", {"into": design}).status_code == 303


def test_the_board_filtered_by_one_shows_what_stands_under_it(inside: World, bob: Person) -> None:
    below = add_label(_web(inside), "v2", 3, parent_id=inside.ids.labels["API"], by=bob.member)
    db.session.commit()
    inside.issue("Deep", labels=(below.id,))
    inside.issue("Elsewhere")
    html = bob.get(f"/acme/projects/WEB/board?label={inside.ids.labels['API']}").text
    assert "Deep" in html
    assert "Elsewhere" not in html


def test_only_who_shapes_all_projects_shapes_shared_labels(world: World, alice: Person, bob: Person) -> None:
    assert bob.get("/acme/settings/labels").status_code == 403
    assert bob.post("/acme/settings/labels", {"name": "Legal", "hue": "1", "parent": ""}).status_code == 403
    assert alice.post("/acme/settings/labels", {"name": "Legal", "hue": "1", "parent": ""}).status_code == 303
    assert "Legal" in alice.get("/acme/settings/labels").text
