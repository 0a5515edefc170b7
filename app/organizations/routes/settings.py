"""What an organization is called, looks like, counts in, and gives to new projects."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request, url_for

from app.adapters import files, media
from app.kernel.errors import Invalid, NotFound
from app.kernel.words import gettext as _
from app.organizations.commands.settings import (
    MOST_BYTES,
    PICTURES,
    edit_organization,
    is_current,
    move_organization,
    remove_picture,
    set_picture,
    set_project_defaults,
)
from app.organizations.models import Member, Organization
from app.organizations.policies import P
from app.organizations.queries import here, members_by_ids
from app.organizations.queries.defaults import possible_assignees, project_defaults
from app.organizations.routes import bp
from app.organizations.settings_forms import DefaultsForm, PictureForm, SettingsForm, SlugForm
from app.web.current import current_member
from app.web.downloads import picture
from app.web.guard import requires
from app.web.replies import go, invalid, page
from app.web.uploads import take_large_files
from app.web.urls import TENANT

#: Seconds for which a browser keeps a logo; a new one has a new address.
_KEPT = 86400
_TEMPLATE = "organizations/settings.html"

take_large_files(
    bp,
    {"organizations.update_picture": lambda: MOST_BYTES},
    lambda: _("This picture is larger than 5 MB. Make it smaller first."),
)


@bp.get(f"{TENANT}/settings")
@requires(P.EDIT, load=here)
def show_settings(organization: Organization) -> Any:
    return page(_TEMPLATE, form=SettingsForm(obj=organization), **_beside(organization))


@bp.post(f"{TENANT}/settings")
@requires(P.EDIT, load=here)
def update_settings(organization: Organization) -> Any:
    form = SettingsForm(obj=organization)
    if not form.validate():
        return invalid(form, _TEMPLATE, **_beside(organization))
    if not is_current(organization, form.version.data):
        theirs = SettingsForm(formdata=None, obj=organization)
        form.version.data, form.version.raw_data = organization.version, None
        return page(_TEMPLATE, status=422, form=form, theirs=theirs, **_beside(organization))
    fields = ("name", "timezone", "currency", "company_size", "mail_domain", "contact")
    edit_organization(organization, by=current_member, **{name: form[name].data for name in fields})
    return go(url_for("organizations.show_settings"), _("The settings are saved."))


@bp.post(f"{TENANT}/settings/address")
@requires(P.EDIT, load=here)
def update_slug(organization: Organization) -> Any:
    """Another address; the former one leads on."""
    form = SlugForm()
    if not form.validate():
        return _again(organization, slug_form=form)
    try:
        move_organization(organization, form.slug.data or "", by=current_member)
    except Invalid as error:
        return _again(organization, slug_form=form.blame(error))
    said = _("The address is /%(slug)s now. The former one leads there.", slug=organization.slug)
    return go(url_for("organizations.show_settings", organization=organization.slug), said)


@bp.post(f"{TENANT}/settings/pictures/<which>")
@requires(P.EDIT, load=here)
def update_picture(organization: Organization, which: str) -> Any:
    """A logo or a cover; none takes it away."""
    if which not in PICTURES:
        raise NotFound
    form = PictureForm()
    if not form.validate():
        return _again(organization, picture_form=form)
    file = form.picture.data
    if request.form.get("remove"):
        remove_picture(organization, which, by=current_member)
        return go(url_for("organizations.show_settings"), _("The picture is gone."))
    try:
        if not file:
            raise Invalid(_("Choose a picture first."), "picture")
        set_picture(organization, which, file.stream, by=current_member)
    except Invalid as error:
        return _again(organization, picture_form=form.blame(error))
    return go(url_for("organizations.show_settings"), _("The picture is saved."))


@bp.get(f"{TENANT}/picture/<which>")
@requires(P.SEE, load=here)
def show_picture(organization: Organization, which: str) -> Response:
    """The logo or cover, to those who come in here."""
    name = getattr(organization, which) if which in PICTURES else None
    if name is None:
        raise NotFound
    try:
        answer = picture(files.open_file(name), media.PREVIEW)
    except FileNotFoundError:
        raise NotFound from None
    answer.headers["Cache-Control"] = f"private, max-age={_KEPT}"
    return answer


@bp.post(f"{TENANT}/settings/new-projects")
@requires(P.EDIT, load=here)
def update_defaults(organization: Organization) -> Any:
    form = DefaultsForm(possible_assignees())
    if not form.validate():
        return _again(organization, defaults_form=form)
    chosen: list[Member] = members_by_ids(current_member, [form.assignee.data]) if form.assignee.data else []
    set_project_defaults(
        organization, assignee_id=chosen[0].id if chosen else None, state=form.state.data or None, by=current_member
    )
    return go(url_for("organizations.show_settings"), _("New projects begin so."))


def moved_to(organization: Organization, member: Member, user: Any) -> str | None:
    """The same page under the organization's present address, for who came by a former one (`guard.also_ask`)."""
    if request.method != "GET" or g.slug == organization.slug:
        return None
    return f"/{organization.slug}{request.full_path[len(g.slug) + 1 :]}".rstrip("?")


def logo_of(organization: Any) -> str | None:
    """Where the logo of an organization stands, or of what names one by `slug` and `logo`; None for none."""
    logo = getattr(organization, "logo", None)
    if not logo:
        return None
    return url_for("organizations.show_picture", organization=organization.slug, which="logo", v=logo[:8])


def cover_of(organization: Any) -> str | None:
    cover = getattr(organization, "cover", None)
    if not cover:
        return None
    return url_for("organizations.show_picture", organization=organization.slug, which="cover", v=cover[:8])


def _again(organization: Organization, **forms: Any) -> Any:
    given = {"form": SettingsForm(formdata=None, obj=organization), **_beside(organization), **forms}
    return page(_TEMPLATE, status=422, **given)


def _beside(organization: Organization) -> dict[str, Any]:
    defaults, people = project_defaults(), possible_assignees()
    begun = {"assignee": defaults.assignee_id or 0, "state": defaults.state} if defaults else {}
    return {
        "slug_form": SlugForm(formdata=None, obj=organization),
        "picture_form": PictureForm(formdata=None),
        "defaults_form": DefaultsForm(people, formdata=None, data=begun),
        "theirs": None,
    }
