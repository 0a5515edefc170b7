"""The board as pages and parts: who sees it, what is on it, how it filters, and that its cost does not grow."""

from __future__ import annotations

import re

import pytest

from app.boards.queries.board import Key

BOARD = "/acme/projects/WEB/board"


def cards(html: str) -> list[str]:
    """Keys of the cards, in the order of the page."""
    return re.findall(r'data-label="(WEB-\d+)"', html)


def counts(html: str) -> dict[str, str]:
    """{name of a column: what it says}"""
    return dict(re.findall(r'<h2[^>]*>([^<]*)</h2><span class="count"[^>]*>([^<]*)<', html))


def test_bob_sees_every_state_with_its_count_and_its_cards(world, bob) -> None:
    world.issues(2, state="Todo")
    world.issue("Ship it", state="Done", priority=4)
    html = bob.get(BOARD).text
    assert counts(html) == {"Backlog": "0", "Todo": "2", "In progress": "0", "Done": "1", "Cancelled": "0"}
    assert cards(html) == ["WEB-1", "WEB-2", "WEB-3"]
    assert "3 issues" in html
    assert "Ship it" in html


def test_a_card_says_priority_people_labels_and_what_is_overdue(world, bob, anna) -> None:
    from datetime import date

    world.issue(
        "Late",
        priority=4,
        assignees=(bob.member_id, anna.member_id),
        labels=(world.ids.labels["Bug"],),
        due_date=date(2020, 2, 3),
    )
    html = bob.get(BOARD).text
    card = html[html.index('id="issue-') : html.index("</li>", html.index('id="issue-'))]
    for said in ("Urgent", 'aria-label="Bob"', 'aria-label="Anna"', "Bug", "3 Feb 2020", "(overdue)"):
        assert said in card


def test_vic_looks_but_finds_nothing_to_change(world, vic) -> None:
    world.issue()
    html = vic.get(BOARD).text
    assert "data-move-url" not in html
    assert "Add issue" not in html
    assert "selection-bar" not in html


@pytest.mark.parametrize("who", ["olaf", "carol", "mallory"])
@pytest.mark.parametrize("path", ["", "/columns", "/columns/1?after=a0.1", "/filters", "/columns/1/new"])
def test_who_is_not_in_the_project_finds_nothing_there(world, cast, who: str, path: str) -> None:
    world.issue("Secret plan")
    answer = cast[who].get(BOARD + path)
    assert answer.status_code == 404
    assert "Secret" not in answer.text


def test_mallory_sees_only_her_own_board_of_the_same_name(world, mallory) -> None:
    world.issue("Secret plan")
    html = mallory.get("/rival/projects/WEB/board").text
    assert cards(html) == []
    assert "Secret" not in html


def test_deleted_issues_are_neither_shown_nor_counted(world, bob) -> None:
    from app.kernel.clock import now

    world.issue("Here", state="Backlog")
    world.issue("Gone", deleted_at=now())
    html = bob.get(BOARD).text
    assert "Gone" not in html
    assert counts(html)["Todo"] == "0"


def test_titles_are_shown_as_text(world, bob) -> None:
    world.issue("<script>alert(1)</script> & " + "x" * 200)
    html = bob.get(BOARD).text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


class TestScrolling:
    def test_thirty_cards_come_first_and_the_rest_in_pages_of_thirty(self, world, bob) -> None:
        world.issues(70)
        first = bob.get(BOARD).text
        assert len(cards(first)) == 30
        assert "40 more" in first
        [more] = re.findall(r'hx-get="([^"]*/columns/\d+\?after=[^"]*)"', first)
        second = bob.get(more.replace("&amp;", "&")).text
        assert cards(second) == [f"WEB-{n}" for n in range(31, 61)]
        assert "10 more" in second
        [rest] = re.findall(r'hx-get="([^"]*/columns/\d+\?after=[^"]*)"', second)
        third = bob.get(rest.replace("&amp;", "&")).text
        assert cards(third) == [f"WEB-{n}" for n in range(61, 71)]
        assert "intersect" not in third

    def test_a_refetch_brings_as_much_as_was_loaded(self, world, bob) -> None:
        made = world.issues(70)
        todo = world.ids.states["Todo"]
        html = bob.get(f"{BOARD}/columns?until-{todo}={Key(made[59].rank, made[59].id)}").text
        assert len(cards(html)) == 60
        assert f"until-{todo}={made[59].rank}.{made[59].id}" in html
        assert "10 more" in html

    @pytest.mark.parametrize("key", ["", "a0", "a0.x", "a0.1.2", "'; DROP TABLE issues--.1", "é.1", "a0." + "9" * 30])
    def test_a_key_that_is_none_is_a_page_that_is_not_there(self, world, bob, key: str) -> None:
        world.issues(2)
        todo = world.ids.states["Todo"]
        assert bob.get(f"{BOARD}/columns/{todo}", query_string={"after": key}).status_code == 404
        assert len(cards(bob.get(f"{BOARD}/columns", query_string={f"until-{todo}": key}).text)) == 2


class TestFilter:
    @pytest.fixture
    def three(self, world, bob, anna):
        """WEB-1 of Bob, a bug, urgent; WEB-2 of Anna, done; WEB-3 of nobody."""
        world.issue("Crane stuck", assignees=(bob.member_id,), labels=(world.ids.labels["Bug"],), priority=4)
        world.issue("Crane painted", assignees=(anna.member_id,), state="Done")
        world.issue("100% of forklifts_checked")

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=crane", ["WEB-1", "WEB-2"]),
            ("q=WEB-3", ["WEB-3"]),
            ("q=web-3", ["WEB-3"]),
            ("q=3", ["WEB-3"]),
            ("q=100%25", ["WEB-3"]),
            ("q=s_c", ["WEB-3"]),
            ("q=%25", ["WEB-3"]),
            ("q=nothing", []),
            ("assignee=@me", ["WEB-1"]),
            ("assignee=nobody", ["WEB-3"]),
            ("assignee=@me&assignee=nobody", ["WEB-1", "WEB-3"]),
            ("priority=urgent", ["WEB-1"]),
            ("priority=none&q=crane", ["WEB-2"]),
        ],
    )
    def test_narrows_cards_and_counts(self, world, bob, three, query: str, found: list[str]) -> None:
        html = bob.get(f"{BOARD}?{query}").text
        assert cards(html) == found
        assert sum(map(int, counts(html).values())) == len(found)

    def test_by_label_and_state(self, world, bob, three) -> None:
        assert cards(bob.get(f"{BOARD}?label={world.ids.labels['Bug']}").text) == ["WEB-1"]
        html = bob.get(f"{BOARD}?state={world.ids.states['Done']}").text
        assert counts(html) == {"Done": "1"}
        assert cards(html) == ["WEB-2"]

    def test_me_is_whoever_looks(self, world, anna, three) -> None:
        assert cards(anna.get(f"{BOARD}?assignee=@me").text) == ["WEB-2"]

    def test_says_what_it_is_and_how_to_lose_it(self, world, bob, three) -> None:
        html = bob.get(f"{BOARD}?q=crane&assignee=@me").text
        assert "Remove filter Assignee" in html
        assert "Remove filter Title" in html
        assert "Clear" in html

    @pytest.mark.parametrize(
        "query",
        [
            "state=abc",
            "state=999999999",
            "label=-1",
            "assignee=@you",
            "priority=very",
            "label=" + "9" * 40,
            "assignee=1%27--",
            "priority=%F0%9F%94%A5",
        ],
    )
    def test_what_means_nothing_is_left_out_and_named(self, world, bob, three, query: str) -> None:
        answer = bob.get(f"{BOARD}?{query}")
        assert answer.status_code == 200
        assert len(cards(answer.text)) == 3
        assert "Left out, not known here" in answer.text

    def test_labels_and_states_of_elsewhere_are_not_known(self, world, bob, three) -> None:
        html = bob.get(f"{BOARD}?label={world.ids.rival.labels['Bug']}&state={world.ids.ops_states['Todo']}").text
        assert len(cards(html)) == 3
        assert "Left out" in html

    def test_a_filter_chosen_in_the_menu_comes_into_the_address(self, world, bob, three) -> None:
        answer = bob.get(f"{BOARD}/columns?show&q=crane")
        assert answer.headers["HX-Push-Url"] == f"{BOARD}?q=crane"
        assert 'hx-target="#filters"' in answer.text

    def test_the_menu_offers_what_is_there_and_ticks_what_is_chosen(self, world, bob, three) -> None:
        html = bob.get(f"{BOARD}/filters?priority=urgent").text
        for said in ("Todo", "Me", "Nobody", "Anna", "Bug", "Urgent", "Title contains"):
            assert said in html
        assert html.count('aria-checked="true"') == 1
        assert "Urgent" not in bob.get(f"{BOARD}/filters?field=label").text


@pytest.mark.parametrize("path", ["", "/columns", "?q=issue&priority=none&assignee=nobody"])
def test_ten_cards_and_two_thousand_cost_the_same_statements(world, bob, statements, path: str) -> None:
    seen_counts = []
    for more in (10, 1990):
        world.issues(more, state="Todo")
        bob.get(BOARD + path)  # what is remembered between requests is remembered
        with statements() as seen:
            assert bob.get(BOARD + path).status_code == 200
        seen_counts.append(len(seen))
        assert not any("documents" in statement for statement in seen)
    assert seen_counts[0] == seen_counts[1]


class TestNothing:
    def test_an_empty_project_says_how_to_begin(self, world, bob) -> None:
        html = bob.get(BOARD).text
        assert "Nothing on the board yet" in html
        assert "Create the first issue" in html

    def test_vic_is_not_asked_to(self, world, vic) -> None:
        html = vic.get(BOARD).text
        assert "Nothing on the board yet" in html
        assert "Create the first issue" not in html

    def test_a_filter_that_none_passes_can_be_cleared(self, world, bob) -> None:
        world.issue()
        html = bob.get(f"{BOARD}?q=zeppelin").text
        assert "No issue is like this" in html
        assert "Clear the filter" in html
