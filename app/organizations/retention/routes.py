"""The page that says how long things are kept, and the files of what was deleted."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from sqlalchemy import select
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from app.adapters import files
from app.kernel.database import db
from app.kernel.errors import Invalid, NotFound
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.organizations.models import Fate, Organization, RetentionArchive, RetentionPolicy
from app.organizations.queries import here
from app.organizations.retention.commands import delete_archive, set_policy
from app.organizations.retention.kinds import KINDS, Kept
from app.organizations.retention.policies import P
from app.organizations.routes import bp
from app.web.current import current_member
from app.web.downloads import download
from app.web.forms import Form
from app.web.guard import recently_proved, requires
from app.web.replies import go, invalid, page
from app.web.urls import TENANT

_PAGE = f"{TENANT}/settings/retention"
_ARCHIVE = f"{_PAGE}/archives/<int(max=9223372036854775807):archive_id>"
#: Files that the page lists; older ones stand behind them until these go.
_LISTED = 200


class PolicyForm(Form):
    enabled = BooleanField(lazy("Give these an end"))
    days = IntegerField(
        lazy("Kept for, in days"), validators=[InputRequired(lazy("For how long?")), NumberRange(min=1, max=36500)]
    )
    fate = RadioField(lazy("Then"), default=Fate.DELETE.value)
    archive_first = BooleanField(
        lazy("Write them into a file first"),
        description=lazy("JSON lines, compressed. It stays here until you delete it."),
    )

    @classmethod
    def of(cls, kept: Kept, policy: RetentionPolicy | None, **rest: Any) -> PolicyForm:
        """As it stands; a kind that nobody decided about yet offers a year."""
        known = {
            "enabled": policy.enabled if policy else False,
            "days": policy.retention_days if policy else 365,
            "fate": policy.fate.value if policy else Fate.DELETE.value,
            "archive_first": policy.archive_first if policy else True,
        }
        form = cls(data=known, **rest)
        form.fate.choices = [SelectChoice(Fate.DELETE.value, _("delete them for good"))]
        if kept.anonymise is not None:
            form.fate.choices.append(SelectChoice(Fate.ANONYMISE.value, _("keep them without the names of customers")))
        return form.with_ids(str(kept.title).lower().replace(" ", "-"))


def archive_by_id(archive_id: int) -> RetentionArchive:
    """Raises NotFound."""
    found = db.session.scalar(select(RetentionArchive).where(RetentionArchive.id == archive_id))
    if found is None:
        raise NotFound
    return found


@bp.get(_PAGE)
@requires(P.RETAIN, load=here)
def show_retention(organization: Organization) -> Response:
    return page("organizations/retention/show.html", **_about())


@bp.post(f"{_PAGE}/<kind>")
@requires(P.RETAIN, load=here)
@recently_proved
def update_retention(organization: Organization, kind: str) -> Response:
    kept = KINDS.get(kind)
    if kept is None:
        raise NotFound
    form = PolicyForm.of(kept, None)
    if form.validate():
        try:
            set_policy(
                organization,
                kind,
                days=form.days.data,
                fate=Fate(form.fate.data),
                archive_first=form.archive_first.data,
                enabled=form.enabled.data,
                by=current_member,
            )
            return go(url_for("organizations.show_retention"), _("How long they are kept is saved."))
        except Invalid as error:
            form.blame(error)
    return invalid(form, "organizations/retention/show.html", **_about({kind: form}))


@bp.get(_ARCHIVE)
@requires(P.RETAIN, load=lambda member, archive_id: archive_by_id(archive_id))
@recently_proved
def show_archive(archive: RetentionArchive) -> Response:
    """The file, as a download."""
    try:
        file = files.open_file(archive.file)
    except FileNotFoundError:
        raise NotFound from None
    return download(file, f"{archive.kind}-{archive.created_at:%Y-%m-%d}-{archive.id}.jsonl.gz", "application/gzip")


@bp.post(f"{_ARCHIVE}/deletion")
@requires(P.RETAIN, load=lambda member, archive_id: archive_by_id(archive_id))
@recently_proved
def destroy_archive(archive: RetentionArchive) -> Response:
    delete_archive(here(current_member), archive, by=current_member)
    return go(url_for("organizations.show_retention"), _("The file is deleted."))


def _about(sent: dict[str, PolicyForm] | None = None) -> dict[str, Any]:
    policies = {policy.kind: policy for policy in db.session.scalars(select(RetentionPolicy))}
    archives = db.session.scalars(select(RetentionArchive).order_by(RetentionArchive.id.desc()).limit(_LISTED)).all()
    kinds = [
        (key, kept, policies.get(key), (sent or {}).get(key) or PolicyForm.of(kept, policies.get(key), formdata=None))
        for key, kept in KINDS.items()
    ]
    return {"kinds": kinds, "archives": archives, "titles": {key: kept.title for key, kept in KINDS.items()}}
