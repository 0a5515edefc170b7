"""What operators do inside of organizations, as their audit tells it."""

from __future__ import annotations

from app.kernel.events import Bulk, Event

ENTERED = Event("organization.entered", "{actor}, who runs this installation, entered: {reason}", Bulk.SILENT)
LEFT = Event("organization.visit_ended", "{actor}, who runs this installation, has left", Bulk.SILENT)
PLAN_SET = Event("organization.plan_set", "{actor} changed the plan to {plan}", Bulk.SILENT)
ALL = (ENTERED, LEFT, PLAN_SET)
