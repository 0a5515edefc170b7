"""Forms of the console."""

from __future__ import annotations

from wtforms import SelectField

from app.kernel.words import lazy
from app.organizations.models import Plan
from app.web.forms import Form, Line, at_least_something


class VisitForm(Form):
    reason = Line(
        lazy("Reason"),
        most=300,
        validators=[at_least_something],
        description=lazy("The owners read it, and the organization's history keeps it."),
    )


class PlanForm(Form):
    plan = SelectField(lazy("Plan"), choices=[(plan.value, plan.value.capitalize()) for plan in Plan])
