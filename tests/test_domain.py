"""docs/domain.toml tells the truth about the models."""

from tests.domain import claimed, problems


def test_every_claim_holds() -> None:
    assert list(problems()) == []


def test_the_specs_of_what_exists_are_there() -> None:
    assert {"kardon.Issue", "kardon.Project", "kardon.Workspace", "kardon.User", "kardon.Notification"} <= set(
        claimed()
    )
