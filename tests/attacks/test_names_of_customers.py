"""Who may see no customers learns no names of theirs by counting through ids."""

from __future__ import annotations

from app.kernel.tenancy import organization
from tests.annotation.labelled import TASKS, labelling_of
from tests.world import Person, World


def test_a_filter_of_tasks_names_colleagues_only(world: World, vic: Person, carol: Person, nora: Person) -> None:
    labelling_of(world, 1)
    with organization(world.organization_id):
        carol.member.name = "Xylophone Customer"
    assert "Xylophone" not in vic.get(f"{TASKS}?annotator={carol.member_id}").text
    assert "Nora" in vic.get(f"{TASKS}?annotator={nora.member_id}").text
