"""A past that could have happened: who made which issue when, who took it up, and where it stands today.

Pure: nothing here knows a database. The same seed gives the same past, relative to `today`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from app.demo.cast import Colleague, Plan
from app.demo.content import Wording, bodies, wordings

#: Half days of the past, the last one this morning.
SLOTS = 264
#: Half days from one meeting of a project to the next.
MEETING = 6
STATES = ("Backlog", "Todo", "In progress", "In review", "Done", "Cancelled")
BACKLOG, TODO, PROGRESS, REVIEW, DONE, CANCELLED = range(6)


@dataclass
class Story:
    """One issue's life."""

    wording: Wording
    body: str
    creator: Colleague
    worker: Colleague | None
    helper: Colleague | None
    #: State at its making, then (slot, state) in order.
    first: int
    moves: list[tuple[int, int]]
    slot: int
    start: date | None = None
    due: date | None = None
    #: The priority was set later, in this slot; until then there was none.
    prioritised: int | None = None
    #: Whoever works on it was named when it was made.
    at_once: bool = False


class Sitting(NamedTuple):
    """What one person does to some issues of a project at one moment."""

    at: datetime
    project: str
    kind: str  # make, state, assign, priority, say, answer
    actor: Colleague
    stories: list[Story]
    value: int | Colleague


@dataclass
class Past:
    """All sittings in order of time, and the stories by project in the order of their making."""

    sittings: list[Sitting] = field(default_factory=list)
    stories: dict[str, list[Story]] = field(default_factory=dict)


def invent(plans: Sequence[Plan], people: Sequence[Colleague], *, now: datetime, seed: int = 7) -> Past:
    """A past for these projects, ending a few minutes before `now`."""
    past, chance = Past(), Random(seed)  # noqa: S311 - a story, not a secret
    for plan in plans:
        team = [person for person in people if plan.identifier in person.projects and person.share]
        words = wordings(plan.identifier)
        told = [
            _story(wording, last, team, chance, now.date())
            for wording, last in zip(words, _last_states(plan, len(words), chance), strict=True)
        ]
        past.stories[plan.identifier] = sorted(told, key=lambda story: story.slot)
        lead = next(person for person in team if person.key == plan.lead)
        past.sittings += _sittings(plan.identifier, past.stories[plan.identifier], lead, chance, now)
    past.sittings += _news(past, people, now)
    past.sittings.sort(key=lambda sitting: sitting.at)
    return past


def _news(past: Past, people: Sequence[Colleague], now: datetime) -> list[Sitting]:
    """What the first of these people finds in the inbox this morning: others have put work on their desk."""
    reader, *others = people
    found = []
    for minutes, (identifier, stories) in zip((9, 52, 171, 215), past.stories.items(), strict=False):
        actor = next((person for person in others if identifier in person.projects and person.share), None)
        story = next((story for story in stories if not story.worker and not story.moves), None)
        if actor and story and identifier in reader.projects:
            story.worker, story.at_once = reader, False
            found.append(Sitting(now - timedelta(minutes=minutes), identifier, "assign", actor, [story], reader))
    return found


def _last_states(plan: Plan, count: int, chance: Random) -> list[int]:
    """Where the issues of a project stand today, in the plan's proportions; every state has one at least."""
    states = list(range(len(STATES)))
    states += chance.choices(states, plan.spread, k=count - len(states))
    chance.shuffle(states)
    return states


def _story(wording: Wording, last: int, team: Sequence[Colleague], chance: Random, today: date) -> Story:
    slot = int(SLOTS * chance.triangular(0.02, 0.93 if last <= TODO else 0.8, 0.7 if last <= TODO else 0.3))
    slot -= slot % MEETING  # most issues are written down when a few people sit together
    first = BACKLOG if last == BACKLOG or chance.random() < 0.6 else TODO
    moves = _moves(first, last, slot, chance)
    writer = team[(slot // MEETING) % len(team)] if chance.random() < 0.8 else _somebody(team, chance)
    worker = _somebody(team, chance) if last >= PROGRESS or chance.random() < 0.55 else None
    helper = _somebody(team, chance) if worker and chance.random() < 0.18 else None
    return Story(
        wording,
        _body(wording, chance),
        writer,
        worker,
        helper if helper is not worker else None,
        first,
        moves,
        slot,
        **_dates(last, moves, chance, today),
        prioritised=slot + MEETING if wording.priority and slot < SLOTS - 8 and chance.random() < 0.25 else None,
        at_once=chance.random() < 0.6,
    )


def _moves(first: int, last: int, slot: int, chance: Random) -> list[tuple[int, int]]:
    """The way from the first state to the last, each step in a later half day."""
    path = list(range(first + 1, min(last, DONE) + 1)) if last != CANCELLED else [CANCELLED]
    if last == DONE and chance.random() < 0.15:
        path = [state for state in path if state != REVIEW]
    if last in (PROGRESS, REVIEW, DONE) and chance.random() < 0.12:
        path = [PROGRESS, TODO, *[state for state in path if state >= PROGRESS]]  # taken up, put down, taken up again
    cells = range(slot // MEETING + 1, SLOTS // MEETING)
    path = path[-len(cells) :]
    # What is agreed on happens in the meeting, what is worked on in between.
    return [
        (cell * MEETING + (0 if state in (TODO, DONE, CANCELLED) else chance.randrange(1, MEETING)), state)
        for cell, state in zip(sorted(chance.sample(cells, len(path))), path, strict=True)
    ]


def _dates(last: int, moves: Sequence[tuple[int, int]], chance: Random, today: date) -> dict[str, date | None]:
    if chance.random() > (0.5 if last >= TODO else 0.15):
        return {"start": None, "due": None}
    if last >= DONE:
        due = _day(moves[-1][0], today) + timedelta(days=chance.randint(-3, 6))
    else:
        near, far = chance.choices([(-19, -1), (0, 0), (1, 7), (8, 50)], [24, 8, 34, 34])[0]
        due = today + timedelta(days=chance.randint(near, far))
    start = due - timedelta(days=chance.randint(2, 15)) if chance.random() < 0.3 else None
    return {"start": start, "due": due}


def _body(wording: Wording, chance: Random) -> str:
    fitting = [body for kind in wording.labels for body in _BODIES.get(kind, ())]
    return chance.choice(fitting) if fitting and chance.random() < 0.66 else ""


_BODIES = bodies()


def _somebody(team: Sequence[Colleague], chance: Random) -> Colleague:
    return chance.choices(team, [person.share for person in team])[0]


def _sittings(project: str, stories: Sequence[Story], lead: Colleague, chance: Random, now: datetime) -> list[Sitting]:
    """What was done together: one person, one half day, one thing."""
    grouped: dict[tuple[int, str, Colleague, int | Colleague], list[Story]] = {}
    for story in stories:
        grouped.setdefault((story.slot, "make", story.creator, 0), []).append(story)
        if story.prioritised:
            grouped.setdefault((story.prioritised, "priority", lead, story.wording.priority), []).append(story)
        for slot, state in story.moves:
            agreed = state in (TODO, CANCELLED) or (state == DONE and chance.random() < 0.6)
            actor = lead if agreed or not story.worker else story.worker
            grouped.setdefault((slot, "state", actor, state), []).append(story)
        if story.worker and not story.at_once:
            begun = next((slot for slot, state in story.moves if state == PROGRESS), None)
            if begun and chance.random() < 0.5:
                grouped.setdefault((begun, "assign", story.worker, story.worker), []).append(story)
            else:
                grouped.setdefault((story.slot + MEETING, "assign", lead, story.worker), []).append(story)
    sittings = []
    for (slot, kind, actor, value), together in grouped.items():
        at = moment(slot, chance, now)
        sittings.append(Sitting(at, project, kind, actor, together, value))
    return sittings


def _day(slot: int, today: date) -> date:
    """The working day of a slot: two slots a day, none at weekends."""
    back = (SLOTS - 1 - slot) // 2
    friday = today - timedelta(days=max(today.weekday() - 4, 0))
    return friday - timedelta(days=back + 2 * ((back + 4 - friday.weekday()) // 5))


def moment(slot: int, chance: Random, now: datetime) -> datetime:
    """A time of work within a half day; within the last few hours for the last ones."""
    back = SLOTS - 1 - slot
    if back <= 1:
        return now - timedelta(minutes=chance.randint(4, 90) + 110 * back)
    hour = chance.randint(8, 11) if back % 2 else chance.randint(13, 17)
    clock = time(hour, chance.randint(0, 59), chance.randint(0, 59), tzinfo=UTC)
    return datetime.combine(_day(slot, now.date()), clock)
