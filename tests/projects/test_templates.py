"""Templates: how a project is shaped, kept and made again; and what the organization says of new projects."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.kernel.database import db
from app.kernel.errors import Invalid
from app.organizations.models import ProjectDefaults
from app.projects.commands.grouping import delete_template, save_template
from app.projects.commands.labels import add_label
from app.projects.commands.projects import create_project
from app.projects.commands.rules import set_moves, set_needs
from app.projects.commands.shaping import add_scale, shape_of
from app.projects.commands.types import add_type, use_types
from app.projects.models import EstimateKind, Feature, Label, Mover, Needed, Project, State
from app.projects.shapes import PLAIN, Shape, ShapedState
from tests.world import Person, World


def _web(world: World) -> Project:
    return db.session.get_one(Project, (world.organization_id, world.ids.web))


def _state(world: World, name: str) -> State:
    return db.session.get_one(State, (world.organization_id, world.ids.states[name]))


@pytest.fixture
def shaped(inside: World, alice: Person) -> Project:
    """WEB with something of everything."""
    web, by = _web(inside), alice.member
    kind = add_type("Epic", by=by, level=1)
    use_types(web, [kind], default=kind, by=by)
    add_scale(web, EstimateKind.POINTS, ("1", "2", "3"))
    area = add_label(web, "Area", 2, by=by)
    add_label(web, "Printing", 3, parent_id=area.id, by=by)
    todo, done = inside.ids.states["Todo"], inside.ids.states["Done"]
    set_moves(web, {(todo, done): Mover.NOBODY}, by=by)
    set_needs(web, _state(inside, "Done"), [(Needed.ASSIGNEE, None)], by=by)
    web.features_off = [Feature.PAGES]
    db.session.flush()
    return web


def test_a_project_made_of_a_template_is_shaped_like_the_other(shaped: Project, alice: Person) -> None:
    template = save_template(shaped, "Like WEB", by=alice.member)
    made = create_project("New", "NEW", by=alice.member, template=template)
    assert shape_of(made) == shape_of(shaped)
    assert (made.template_id, template.uses) == (template.id, 1)
    states = {state.name: state for state in db.session.scalars(select(State).where(State.project_id == made.id))}
    assert states["Done"].is_guarded
    assert not states["Todo"].is_guarded
    below = db.session.scalars(select(Label).where(Label.project_id == made.id, Label.name == "Printing")).one()
    above = db.session.get_one(Label, (below.organization_id, below.parent_id))
    assert (above.name, above.project_id) == ("Area", made.id)


def test_what_is_kept_survives_its_writing(shaped: Project) -> None:
    shape = shape_of(shaped)
    assert Shape.read(shape.written()) == shape


@pytest.mark.parametrize(
    "kept", [{}, {"states": []}, {"states": [{"name": "x"}]}, PLAIN.written() | {"moves": [[0, 99, "nobody"]]}]
)
def test_what_is_no_shape_is_refused(app, kept: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        Shape.read(kept)


def test_a_deleted_template_leaves_its_projects(shaped: Project, alice: Person) -> None:
    template = save_template(shaped, "Like WEB", by=alice.member)
    made = create_project("New", "NEW", by=alice.member, template=template)
    delete_template(template, by=alice.member)
    db.session.refresh(made, ["template_id"])
    assert made.template_id is None


def test_by_pages(world: World, alice: Person, bob: Person) -> None:
    assert alice.post("/acme/projects/WEB/template", {"name": "Like WEB"}).status_code == 303
    assert "Like WEB" in alice.get("/acme/settings/project-templates").text
    assert "Like WEB" in bob.get("/acme/projects/new").text
    assert bob.post("/acme/projects/WEB/template", {"name": "Mine"}).status_code == 403
    assert alice.post("/acme/projects/WEB/template", {"name": "Like WEB"}).status_code == 422


def test_what_the_organization_says_of_new_projects(inside: World, alice: Person, bob: Person) -> None:
    db.session.add(ProjectDefaults(assignee_id=bob.member_id, state="Inbox"))
    db.session.flush()
    made = create_project("New", "NEW", by=alice.member)
    default = db.session.scalars(select(State).where(State.project_id == made.id, State.is_default)).one()
    assert (made.default_assignee_id, default.name) == (bob.member_id, "Inbox")
    assert isinstance(PLAIN.states[0], ShapedState)
