"""Private dashboards are nobody else's, in the bin too."""

from __future__ import annotations

from app.dashboards.models import Sharing
from tests.dashboards.drawn import a_dashboard
from tests.world import Person, World


def test_admins_do_not_see_what_others_deleted_of_their_own(world: World, alice: Person, bob: Person) -> None:
    number = a_dashboard(world, owner="bob", sharing=Sharing.PRIVATE, name="Zebrafish")
    bob.post(f"/acme/dashboards/{number}/deletion")
    assert "Zebrafish" not in alice.get("/acme/dashboards").text
    assert alice.post(f"/acme/dashboards/{number}/restoration").status_code == 404
    assert "Zebrafish" in bob.get("/acme/dashboards").text
    assert bob.post(f"/acme/dashboards/{number}/restoration").status_code == 303


def test_admins_restore_what_was_open_to_all(world: World, alice: Person, bob: Person) -> None:
    number = a_dashboard(world, owner="bob", name="Herring")
    bob.post(f"/acme/dashboards/{number}/deletion")
    assert "Herring" in alice.get("/acme/dashboards").text
    assert alice.post(f"/acme/dashboards/{number}/restoration").status_code == 303
