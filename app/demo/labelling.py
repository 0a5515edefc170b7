"""What is labelled in the demo: customers' mail by topic and mood, names in reports, answers of an assistant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.annotation.commands.labellings import create_labelling
from app.annotation.commands.tasks import create_tasks
from app.annotation.config.templates import RATING
from app.annotation.models import Labelling, Sampling
from app.kernel import clock
from app.organizations.models import Member
from app.projects.commands.people import add_people
from app.projects.commands.projects import create_project

_TEXTS = Path(__file__).parent / "content" / "labels.txt"

MAIL = """<View>
  <Text name="text" value="$text"/>
  <Header value="What is it about?"/>
  <Choices name="topics" toName="text" choice="multiple" required="true" showInline="true">
    <Choice value="Delivery"/>
    <Choice value="Billing"/>
    <Choice value="Damage"/>
    <Choice value="Documents"/>
    <Choice value="Portal"/>
    <Choice value="Other"/>
  </Choices>
  <Header value="How does the writer feel?"/>
  <Choices name="mood" toName="text" choice="single" required="true" showInline="true">
    <Choice value="Content" hotkey="q"/>
    <Choice value="Neutral" hotkey="w"/>
    <Choice value="Annoyed" hotkey="e"/>
  </Choices>
</View>
"""
INCIDENTS = """<View>
  <Labels name="entity" toName="text">
    <Label value="Person"/>
    <Label value="Company"/>
    <Label value="Place"/>
    <Label value="Date"/>
    <Label value="Vehicle"/>
  </Labels>
  <Text name="text" value="$text"/>
</View>
"""


@dataclass(frozen=True)
class _Plan:
    """A labelling project of the demo."""

    identifier: str
    name: str
    emoji: str
    about: str
    kind: str
    columns: tuple[str, ...]
    xml: str
    instruction: str
    people: tuple[str, ...]
    settings: Mapping[str, Any]


PLANS = (
    _Plan(
        "MAIL",
        "Customer mail",
        "✉️",
        "Topics and moods of what customers write, to route it by itself one day.",
        "mail",
        ("text",),
        MAIL,
        "Read the whole mail before you answer.\n\n- **Topics**: everything that the writer wants something about."
        " A polite greeting is no topic.\n- **Damage** is about goods, **Delivery** about time and place."
        "\n- **Mood** is what you would hear in the voice. Irony counts as what is meant."
        "\n\nIn doubt skip, and say why.",
        ("alice", "anna", "nora", "bob", "yael"),
        {"overlap": 2, "show_instruction": True},
    ),
    _Plan(
        "INC",
        "Incident reports",
        "🚨",
        "Names in the reports of the night shift: people, companies, places, dates, vehicles.",
        "incident",
        ("text",),
        INCIDENTS,
        "Mark every name that the dispatcher would act on.\n\n1. Whole names: *Dietz Import GmbH*, not *Dietz*.\n"
        "2. Cities and halls are places; countries are not.\n3. Dates with a day; times of day are left out.\n"
        "4. Containers and trailers with their number are vehicles.\n\nEmoji never belong to a name.",
        ("alice", "tomas", "lena", "nora", "nour", "yael"),
        {"sampling": Sampling.SEQUENTIAL},
    ),
    _Plan(
        "ASK",
        "Answers of the assistant",
        "⭐",
        "How good the answers are that our assistant drafts for the desk.",
        "answer",
        ("prompt", "answer"),
        RATING.xml,
        "Would you send this to a customer as it is?\n\n5 is yes, 3 after a change, 1 never. Tick what is wrong with"
        " it; if you know better, write it.",
        ("alice", "anna", "bob", "jun", "nora"),
        {"sampling": Sampling.UNIFORM},
    ),
)


def tell_of_labelling(members: Mapping[str, Member], now: datetime) -> list[Labelling]:
    """Three labelling projects with their tasks, made three weeks ago."""
    texts = _texts()
    with clock.at(now - timedelta(days=21)):
        return [_make(plan, texts[plan.kind], members) for plan in PLANS]


def _make(plan: _Plan, texts: Sequence[Sequence[str]], members: Mapping[str, Member]) -> Labelling:
    by = members[plan.people[0]]
    project = create_project(plan.name, plan.identifier, by=by, description=plan.about, emoji=plan.emoji)
    add_people(project, [members[key] for key in plan.people[1:]], by=by)
    labelling = create_labelling(project, plan.xml, by=by, instruction=plan.instruction, **plan.settings)
    create_tasks(labelling, [dict(zip(plan.columns, text, strict=True)) for text in texts], by=by)
    return labelling


def _texts() -> dict[str, list[list[str]]]:
    """{kind: texts, each in as many parts as it has columns}"""
    found: dict[str, list[list[str]]] = {}
    for line in _TEXTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, *parts = line.split("|")
            found.setdefault(kind, []).append(parts)
    return found
