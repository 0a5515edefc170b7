"""Rules of a project hold wherever an issue changes state: by menu, drop, form, undo; for many all or none."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.boards.commands.fields import set_state
from app.boards.commands.making import IssueDraft, create_issues
from app.boards.commands.moving import move_issues
from app.boards.commands.rules import NotAllowed
from app.boards.commands.states import empty_and_delete_state
from app.boards.models import Issue
from app.boards.queries.chosen import chosen_issues
from app.kernel.access import CLOCK
from app.kernel.database import db
from app.projects.commands.rules import set_moves, set_needs
from app.projects.models import Mover, Needed, Project, State
from tests.world import Person, World

WEB = "/acme/projects/WEB"


def _web(world: World) -> Project:
    return db.session.get_one(Project, (world.organization_id, world.ids.web))


def _state(world: World, name: str) -> State:
    return db.session.get_one(State, (world.organization_id, world.ids.states[name]))


def _issues(world: World, person: Person, *issues: Issue) -> list[Issue]:
    return chosen_issues(person.member, _web(world), [issue.id for issue in issues])


def _narrow(world: World, person: Person, mover: Mover, left: str = "Todo", entered: str = "Done") -> None:
    movers = {(world.ids.states[left], world.ids.states[entered]): mover}
    set_moves(_web(world), movers, by=person.member)


def _stand(world: World, *names: str) -> None:
    found = db.session.scalars(select(State.name).join(Issue, Issue.state_id == State.id).order_by(Issue.number)).all()
    assert list(found) == list(names)


def test_a_move_that_nobody_makes(inside: World, alice: Person) -> None:
    [one] = _issues(inside, alice, inside.issue())
    _narrow(inside, alice, Mover.NOBODY)
    with pytest.raises(NotAllowed, match="WEB-1 cannot go to Done"):
        set_state([one], _state(inside, "Done"), by=alice.member)
    with pytest.raises(NotAllowed):
        move_issues([one], state=_state(inside, "Done"), by=alice.member)
    set_state([one], _state(inside, "In progress"), by=alice.member)
    set_state([one], _state(inside, "Done"), by=alice.member)


def test_a_move_that_leads_make(inside: World, alice: Person, bob: Person) -> None:
    one, other = _issues(inside, alice, inside.issue(), inside.issue())
    _narrow(inside, alice, Mover.LEADS)
    with pytest.raises(NotAllowed, match="Only leads"):
        set_state([one], _state(inside, "Done"), by=bob.member)
    with pytest.raises(NotAllowed):
        set_state([one], _state(inside, "Done"), by=CLOCK)
    _web(inside).lead_id = bob.member_id
    assert set_state([one], _state(inside, "Done"), by=bob.member)
    assert set_state([other], _state(inside, "Done"), by=alice.member)


@pytest.mark.parametrize(
    ("needed", "values"),
    [
        (Needed.ASSIGNEE, {"assignees": True}),
        (Needed.LABEL, {"labels": True}),
        (Needed.DUE_DATE, {"due_date": True}),
        (Needed.START_DATE, {"start_date": True}),
        (Needed.DESCRIPTION, {"body": "Why"}),
    ],
)
def test_what_a_state_asks_for(inside: World, bob: Person, needed: Needed, values: dict[str, object]) -> None:
    from datetime import date

    real = {
        "assignees": (bob.member_id,),
        "labels": (inside.ids.labels["Bug"],),
        "due_date": date(2030, 1, 31),
        "start_date": date(2030, 1, 1),
        "body": "Why",
    }
    fine, bare = inside.issue(**{name: real[name] for name in values}), inside.issue()
    set_needs(_web(inside), _state(inside, "Done"), [(needed, None)], by=bob.member)
    with pytest.raises(NotAllowed, match=f"WEB-2: {needed.label}"):
        set_state(_issues(inside, bob, fine, bare), _state(inside, "Done"), by=bob.member)
    _stand(inside, "Todo", "Todo")
    set_state(_issues(inside, bob, fine), _state(inside, "Done"), by=bob.member)


def test_many_cost_as_much_as_one(inside: World, bob: Person, statements) -> None:
    issues = _issues(inside, bob, *inside.issues(40, assignees=(bob.member_id,)))
    done = _state(inside, "Done")
    set_needs(_web(inside), done, [(Needed.ASSIGNEE, None), (Needed.LABEL, None)], by=bob.member)
    counted = []
    for some in (issues[:1], issues):
        with statements() as seen, pytest.raises(NotAllowed):
            set_state(some, done, by=bob.member)
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 5


def test_states_without_rules_are_not_asked(inside: World, bob: Person, statements) -> None:
    [one] = _issues(inside, bob, inside.issue())
    with statements() as seen:
        set_state([one], _state(inside, "Done"), by=bob.member)
    assert not [sql for sql in seen if "state_moves" in sql or "state_needs" in sql]


def test_an_issue_does_not_begin_where_it_could_not_go(inside: World, bob: Person) -> None:
    set_needs(_web(inside), _state(inside, "Done"), [(Needed.DUE_DATE, None)], by=bob.member)
    draft = IssueDraft("Fresh", state_id=inside.ids.states["Done"])
    with pytest.raises(NotAllowed, match="a due date"):
        create_issues(_web(inside), [draft], by=bob.member)


def test_a_state_is_emptied_whatever_its_rules_say(inside: World, alice: Person) -> None:
    inside.issue(state="In progress")
    _narrow(inside, alice, Mover.NOBODY, "In progress", "Done")
    empty_and_delete_state(_web(inside), _state(inside, "In progress"), into=_state(inside, "Done"), by=alice.member)
    _stand(inside, "Done")


def test_a_drop_that_is_refused_says_why(inside: World, alice: Person, bob: Person) -> None:
    issue = inside.issue()
    _narrow(inside, alice, Mover.NOBODY)
    db.session.commit()
    sent = {"ids": issue.id, "state": inside.ids.states["Done"]}
    for path in ("/board/moves", "/issues/state"):
        answer = bob.post(WEB + path, sent, htmx=True)
        assert answer.status_code == 409
        assert "WEB-1 cannot go to Done" in answer.text


def test_one_takes_back_ones_own_move_and_nobody_elses_against_the_rules(
    inside: World, alice: Person, bob: Person
) -> None:
    issue = inside.issue()
    _narrow(inside, alice, Mover.NOBODY, "Done", "Todo")
    db.session.commit()
    answer = bob.post(f"{WEB}/issues/state", {"ids": issue.id, "state": inside.ids.states["Done"]}, htmx=True)
    undo = answer.text.split('hx-post="')[1].split('"')[0]
    assert alice.post(undo, htmx=True).status_code == 409
    assert bob.post(undo, htmx=True).status_code == 200


def test_by_the_page(world: World, alice: Person, bob: Person, vic: Person) -> None:
    todo, done = world.ids.states["Todo"], world.ids.states["Done"]
    assert bob.post(f"{WEB}/settings/rules/moves", {f"move-{todo}-{done}": "leads"}).status_code == 303
    assert bob.post(f"{WEB}/settings/rules/{done}", {"needs": ["assignee", "gossip"]}).status_code == 303
    html = bob.get(f"{WEB}/settings/rules").text
    assert 'value="leads" selected' in html
    assert 'value="assignee" checked' in html
    assert vic.get(f"{WEB}/settings/rules").status_code == 403
    assert bob.post(f"{WEB}/settings/rules/moves", {}).status_code == 303
    assert 'value="leads" selected' not in bob.get(f"{WEB}/settings/rules").text
