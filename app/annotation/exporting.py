"""Annotations in a copy of one's own data: those somebody made, where they still see the labelling."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.accounts.exporting import Part
from app.annotation.models import Annotation, Labelling
from app.annotation.policies import visible_to
from app.organizations.exporting import contribute, rows
from app.organizations.models import Member


def _parts(member: Member) -> Iterable[Part]:
    seen = select(Labelling.id).where(visible_to(member))
    own = select(
        Annotation.labelling_id,
        Annotation.task_id,
        Annotation.result,
        Annotation.was_cancelled,
        Annotation.reason,
        Annotation.lead_time_seconds,
        Annotation.created_at,
    ).where(Annotation.member_id == member.id, Annotation.labelling_id.in_(seen))
    return [Part("annotations.json", rows(own.order_by(Annotation.id)))]


contribute("annotations", _parts)
