"""What the demo's people say to each other about their work. Pure, as `history` is, and by chances of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from app.demo.cast import Colleague
from app.demo.content import bodies
from app.demo.history import PROGRESS, REVIEW, SLOTS, Sitting, Story, moment

#: Half days before today in which a project's people talk.
_MOMENTS = (96, 55, 22, 4)
_MOST = 4
_TEXTS = bodies("remarks.md")


def conversations(project: str, stories: Sequence[Story], team: Sequence[Colleague], now: datetime) -> list[Sitting]:
    """Somebody says something about work that is under way, and an hour or two later somebody else answers some of it.

    A sitting's `value` is the place of its first text; further stories get the following ones.
    """
    chance, found = Random(project), []  # noqa: S311 - a story, not a secret
    for back in _MOMENTS:
        slot = SLOTS - 1 - back
        if len(team) < 2:
            continue
        asks, answers = chance.sample(list(team), 2)
        under_way = [
            story
            for story in stories
            if story.worker and story.worker is not asks and _state(story, slot) in (PROGRESS, REVIEW)
        ]
        if not under_way:
            continue
        about = chance.sample(under_way, min(_MOST, len(under_way)))
        at = moment(slot, chance, now)
        found.append(Sitting(at, project, "say", asks, about, chance.randrange(100)))
        later = at + timedelta(minutes=chance.randint(20, 150))
        found.append(Sitting(later, project, "answer", answers, about[::2], chance.randrange(100)))
    return found


def words(kind: str, place: int, story: Story) -> str:
    """The text at a place, as it reads on this story."""
    texts = _TEXTS[kind]
    return texts[place % len(texts)].replace("{who}", story.worker.name if story.worker else "all")


def _state(story: Story, slot: int) -> int | None:
    if slot < story.slot:
        return None
    return next((state for at, state in reversed(story.moves) if at < slot), story.first)
