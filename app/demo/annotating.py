"""What people have labelled in the demo: what the words alone let one tell, and a few skips."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.annotation.commands.stream import skip_task, submit_annotation, take_next
from app.annotation.config import length, parse
from app.annotation.models import Labelling
from app.demo.labelling import tell_of_labelling
from app.kernel import clock
from app.organizations.models import Member

#: (project, who, how many)
WORK = (
    ("MAIL", "nora", 14),
    ("MAIL", "yael", 9),
    ("MAIL", "anna", 4),
    ("INC", "lena", 8),
    ("INC", "nora", 5),
    ("ASK", "jun", 7),
    ("ASK", "bob", 3),
)
_TOPICS = {
    "Delivery": ("deliver", "late", "arriv", "driver", "container", "quay", "window"),
    "Billing": ("invoice", "charge", "€", "pay", "bill", "vat"),
    "Damage": ("damage", "broken", "wet", "dent", "crush"),
    "Documents": ("document", "certificate", "customs", "paper", "cmr"),
    "Portal": ("portal", "password", "login", "map", "app", "page"),
}
_ANGRY = ("third time", "again", "nobody", "unacceptable", "still", "wrong", "!")
_GLAD = ("thank", "great", "perfect", "well done", "lovely")
_NAMES = {
    "Company": re.compile(r"[A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+)? (?:GmbH|AG|AB|Foods|Ltd|Logistik)\b"),
    "Date": re.compile(
        r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    ),
    "Place": re.compile(r"\b(?:Osnabrück|Maasvlakte|Hamburg|Bremen|Malmö|Poznań|Duisburg|Rotterdam|Zwolle|Gdańsk)\b"),
    "Vehicle": re.compile(r"\b[A-Z]{2}-[A-Z0-9]{2,5}-?\d*[A-Z]?\b"),
}


def deeds_of_labelling(members: Mapping[str, Member], now: datetime) -> list[tuple[datetime, Callable[[], object]]]:
    """The labelling projects are made three weeks ago; then several people label, each a few tasks at one sitting."""
    chance = random.Random(7)  # noqa: S311 - the same story for everybody
    made: dict[str, Labelling] = {}

    def begin() -> None:
        made.update((labelling.project.identifier, labelling) for labelling in tell_of_labelling(members, now))

    deeds: list[tuple[datetime, Callable[[], object]]] = [(now - timedelta(days=21), begin)]
    for day, (identifier, who, count) in enumerate(WORK):
        at = now - timedelta(days=14 - 2 * day, hours=3)
        for _ in range(count):
            seconds = chance.randint(9, 70)
            at += timedelta(seconds=seconds + 2)
            deeds.append((at, partial(_label_next, made, identifier, members[who], at, seconds, chance)))
    return deeds


def _label_next(
    made: Mapping[str, Labelling], identifier: str, by: Member, at: datetime, seconds: int, chance: random.Random
) -> None:
    """Be handed a task, and be done with it `seconds` later, at `at`; now and then skip it."""
    labelling = made[identifier]
    with clock.at(at - timedelta(seconds=seconds)):
        handed = take_next(labelling, by=by)
    if handed is None:
        return
    token = handed.lock.token
    if chance.random() < 0.06:
        reason = chance.choice(("I do not know this language", "Two mails in one"))
        skip_task(handed.task, labelling, by=by, token=token, reason=reason)
        return
    result, seen = _SAYS[identifier](handed.task.data, chance), labelling.config_version
    submit_annotation(handed.task, labelling, parse(labelling.config), result, by=by, token=token, seen_config=seen)


def _mail(data: Mapping[str, Any], chance: random.Random) -> list[dict[str, Any]]:
    text = str(data["text"]).lower()
    topics = [topic for topic, words in _TOPICS.items() if any(word in text for word in words)] or ["Other"]
    glad, angry = (any(word in text for word in words) for words in (_GLAD, _ANGRY))
    mood = "Content" if glad else "Annoyed" if angry else "Neutral"
    if chance.random() < 0.15:
        mood = "Neutral"
    return [
        _answer("topics", "choices", {"choices": topics}),
        _answer("mood", "choices", {"choices": [mood]}),
    ]


def _incident(data: Mapping[str, Any], chance: random.Random) -> list[dict[str, Any]]:
    text = str(data["text"])
    found = []
    for label, pattern in _NAMES.items():
        for match in pattern.finditer(text):
            start = length(text[: match.start()])
            value = {"start": start, "end": start + length(match[0]), "text": match[0], "labels": [label]}
            found.append(_answer("entity", "labels", value, f"{label.lower()}{start}"))
    return found


def _rating(data: Mapping[str, Any], chance: random.Random) -> list[dict[str, Any]]:
    return [_answer("quality", "rating", {"rating": chance.choice((2, 3, 4, 4, 5))}, to="answer")]


def _answer(name: str, kind: str, value: dict[str, Any], key: str = "", to: str = "text") -> dict[str, Any]:
    return {"id": key or f"{name}1", "from_name": name, "to_name": to, "type": kind, "value": value}


_SAYS = {"MAIL": _mail, "INC": _incident, "ASK": _rating}
