"""Moving cards: where they land, who may drop at one place at once, and what is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from app.boards.commands.moving import IssueGone, move_issues
from app.boards.models import Issue
from app.kernel import ranks
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.ledger import Activity, Change
from app.kernel.tenancy import organization
from app.projects.models import State
from tests.world import World


def mine(issues: Sequence[Issue]) -> list[Issue]:
    """The same issues in this session."""
    found = {issue.id: issue for issue in db.session.scalars(select(Issue).where(Issue.id.in_(i.id for i in issues)))}
    return [found[issue.id] for issue in issues]


def state(world: World, name: str) -> State:
    return db.session.scalars(select(State).where(State.id == world.ids.states[name])).one()


def order(world: World) -> list[int]:
    """Numbers of the project's issues in its order."""
    listed = select(Issue.number).where(Issue.project_id == world.ids.web).order_by(Issue.rank, Issue.id)
    return list(db.session.scalars(listed))


def test_a_card_lands_behind_the_one_it_was_dropped_under(inside: World, bob) -> None:
    first, second, third = mine(inside.issues(3))
    move_issues([third], state=state(inside, "Todo"), after=first.id, before=second.id, by=bob.member)
    assert order(inside) == [first.number, third.number, second.number]


def test_a_card_lands_in_front_of_the_first(inside: World, bob) -> None:
    first, second, third = mine(inside.issues(3))
    move_issues([third], state=state(inside, "Todo"), before=first.id, by=bob.member)
    assert order(inside) == [third.number, first.number, second.number]


def test_many_cards_keep_the_order_in_which_they_are_given(inside: World, bob) -> None:
    cards = mine(inside.issues(5))
    move_issues([cards[0], cards[2], cards[3]], state=state(inside, "Done"), after=cards[4].id, by=bob.member)
    assert order(inside) == [cards[at].number for at in (1, 4, 0, 2, 3)]
    assert {card.state_id for card in (cards[0], cards[2], cards[3])} == {inside.ids.states["Done"]}


def test_into_an_empty_column_a_card_keeps_its_place_in_the_order(inside: World, bob) -> None:
    cards = mine(inside.issues(3))
    move_issues([cards[1]], state=state(inside, "In progress"), by=bob.member)
    assert order(inside) == [card.number for card in cards]


def test_entering_done_completes_and_leaving_it_reopens(inside: World, bob) -> None:
    [card] = mine([inside.issue()])
    move_issues([card], state=state(inside, "Done"), by=bob.member)
    assert card.completed_at is not None
    move_issues([card], state=state(inside, "Todo"), by=bob.member)
    assert card.completed_at is None


def test_a_neighbour_that_has_left_the_column_does_not_mislead(inside: World, bob) -> None:
    """Bob drops between two cards; meanwhile Alice has taken the upper one away to Done, at the end."""
    above, below, last, card = mine(inside.issues(4))
    move_issues([above], state=state(inside, "Done"), after=last.id, by=bob.member)
    move_issues([card], state=state(inside, "Todo"), after=above.id, before=below.id, by=bob.member)
    assert order(inside) == [card.number, below.number, last.number, above.number]


def test_a_neighbour_that_was_deleted_does_not_hinder(inside: World, bob) -> None:
    above, below, card = mine(inside.issues(3))
    above.deleted_at = now()
    db.session.flush()
    move_issues([card], state=state(inside, "Todo"), after=above.id, before=below.id, by=bob.member)
    assert order(inside)[1:] == [card.number, below.number]


def test_a_deleted_card_is_not_moved_and_bob_hears_why(inside: World, bob) -> None:
    [card] = mine([inside.issue()])
    card.deleted_at = now()
    db.session.flush()
    with pytest.raises(IssueGone, match="deleted meanwhile"):
        move_issues([card], state=state(inside, "Done"), by=bob.member)


def test_a_move_is_remembered_with_both_places(inside: World, bob) -> None:
    first, second = mine(inside.issues(2))
    was = second.rank
    activity = move_issues([second], state=state(inside, "Done"), before=first.id, by=bob.member)
    assert activity is not None
    assert (activity.verb, activity.actor_id, activity.count) == ("issue.moved", bob.member_id, 1)
    [change] = db.session.scalars(select(Change))
    assert change.fields["state_id"] == [inside.ids.states["Todo"], inside.ids.states["Done"]]
    assert change.fields["rank"] == [was, second.rank]


def test_a_card_dropped_where_it_stood_is_no_news(inside: World, bob) -> None:
    [card] = mine([inside.issue()])
    assert move_issues([card], state=state(inside, "Todo"), by=bob.member) is None
    assert db.session.scalars(select(Activity)).all() == []


def test_within_its_column_nobody_is_told(inside: World, bob) -> None:
    first, second = mine(inside.issues(2))
    edited = second.updated_at
    activity = move_issues([second], state=state(inside, "Todo"), before=first.id, by=bob.member)
    assert activity is not None
    assert activity.verb == "issue.reordered"
    assert second.updated_at == edited


def test_one_card_and_two_hundred_cost_the_same_six_statements_at_most(inside: World, bob, statements) -> None:
    cards, done = mine(inside.issues(300)), state(inside, "Done")
    counts = []
    for moved in (cards[:1], cards[1:201]):
        with statements() as seen:
            move_issues(moved, state=done, after=cards[250].id, by=bob.member)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_two_people_dropping_at_the_same_place_both_succeed(world: World, app: Flask) -> None:
    """Real threads on real connections: no tie, nobody refused, the cards around stay where they are."""
    cards = world.issues(12)
    above, below, moved = cards[0].id, cards[1].id, [card.id for card in cards[2:]]
    ready, troubles = Barrier(len(moved)), []

    def drop(card_id: int) -> None:
        try:
            with app.app_context(), organization(world.organization_id):
                card = db.session.scalars(select(Issue).where(Issue.id == card_id)).one()
                todo, member = state(world, "Todo"), world.cast["bob"].member
                ready.wait()
                move_issues([card], state=todo, after=above, before=below, by=member)
        except Exception as error:  # noqa: BLE001 - reported by the assertion
            troubles.append(error)

    threads = [Thread(target=drop, args=(card,)) for card in moved]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    with organization(world.organization_id):
        rows = db.session.execute(select(Issue.id, Issue.rank).order_by(Issue.rank, Issue.id)).all()
    assert rows[0].id == above
    assert {row.id for row in rows[1:-1]} == set(moved)
    assert rows[-1].id == below
    assert len({row.rank for row in rows}) == len(rows)


def test_dropping_at_one_place_again_and_again_keeps_working(inside: World, bob) -> None:
    """Four hundred drops under the same card: ranks grow, the order is spread, and is still the right one."""
    cards = mine(inside.issues(4))
    todo, top, others = state(inside, "Todo"), cards[0], cards[1:]
    for turn in range(400):
        move_issues([others[turn % 3]], state=todo, after=top.id, by=bob.member)
    newest = [others[turn % 3].number for turn in (399, 398, 397)]
    assert order(inside) == [top.number, *newest]
    longest = max(db.session.scalars(select(Issue.rank)), key=len)
    assert len(longest) <= ranks.CROWDED


def test_equal_ranks_left_by_somebody_else_are_put_in_order(inside: World, bob) -> None:
    cards = mine(inside.issues(3))
    for card in cards[:2]:
        card.rank = "a0"
    db.session.flush()
    move_issues([cards[2]], state=state(inside, "Todo"), after=cards[0].id, by=bob.member)
    assert order(inside)[0] == cards[0].number
    assert len(set(db.session.scalars(select(Issue.rank)))) == 3


def test_ten_thousand_drops_at_one_place_never_run_out_of_room() -> None:
    """On ranks alone: always between the first and its neighbour, spreading when it is crowded."""
    row = ranks.ranks_between(None, None, 50)
    spreads = 0
    for _ in range(10_000):
        new = ranks.rank_between(row[0], row[1])
        assert row[0] < new < row[1]
        row.insert(1, new)
        row.pop()
        if len(new) > ranks.CROWDED:
            row, spreads = ranks.ranks_between(None, None, len(row)), spreads + 1
    assert row == sorted(row)
    assert spreads > 1


@pytest.mark.parametrize("wrong", ["after", "before"])
def test_an_anchor_of_another_project_is_as_good_as_none(inside: World, bob, wrong: str) -> None:
    [foreign] = inside.issues(1, project_id=inside.ids.ops)
    cards = mine(inside.issues(2))
    move_issues([cards[1]], state=state(inside, "Done"), **{wrong: foreign.id}, by=bob.member)
    assert order(inside) == [card.number for card in cards]
