"""A labelling project beside WEB, with tasks, as the tests of the stream want it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.annotation.commands.tasks import create_tasks
from app.annotation.models import Labelling
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.world import World

MOOD = """<View>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text" required="true">
    <Choice value="Good"/><Choice value="Bad"/>
  </Choices>
</View>"""
NAMES = """<View>
  <Labels name="entity" toName="text"><Label value="Person"/><Label value="Place"/></Labels>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices>
  <TextArea name="why" toName="text"/>
  <Rating name="stars" toName="text"/>
</View>"""
LABEL = "/acme/projects/WEB/label"
TASKS = "/acme/projects/WEB/labelling/tasks"


@dataclass
class Labelled:
    """Plain ids of a labelling and its tasks, in order."""

    id: int
    tasks: list[int]


def labelling_of(
    world: World, count: int = 3, *, config: str = MOOD, texts: list[str] | None = None, **values: Any
) -> Labelled:
    """A labelling beside WEB with so many tasks, committed and detached."""
    by = world.cast["alice"].member_id
    with world.app.app_context(), organization(world.organization_id):
        labelling = Labelling(project_id=world.ids.web, created_by_id=by, config=config, **values)
        db.session.add(labelling)
        db.session.flush()
        rows = [{"text": text} for text in texts or [f"Text {number}" for number in range(1, count + 1)]]
        made = Labelled(labelling.id, create_tasks(labelling, rows, by=world.cast["alice"].member))
        db.session.commit()
        db.session.expunge_all()
    return made


def mood(value: str = "Good") -> list[dict[str, Any]]:
    """A result that fits both configurations."""
    return [{"id": "m1", "from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": [value]}}]
