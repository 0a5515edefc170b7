"""What stands in addresses when the sweeps ask for them: for each part of an address one thing of Acme's world.

A new part of an address (`<int:report_id>`) gets a function here that makes or names one such thing. A new view whose
part means something else gets it under its endpoint. A view that wants a query or a form to answer well gets them in
QUERIES and FORMS; without them it is asked bare, which also is a test.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import insert, select, update
from werkzeug.routing import Rule

from app.accounts.commands.newsletters import unsubscribe_token
from app.accounts.models import AccountToken, DataExport, ProviderIdentity, Stage, TokenKind, Topic, User, UserSession
from app.adapters import files
from app.adapters.files import store, store_bytes
from app.annotation.commands.labellings import create_labelling
from app.annotation.commands.tasks import create_tasks, recount_tasks
from app.annotation.config.templates import SENTIMENT
from app.annotation.jobs import work_on_export
from app.annotation.models import Annotation, Labelling, LabellingExport, Task
from app.dashboards.answers import Ask, Dimension
from app.dashboards.charts import Kind as ChartKind
from app.dashboards.models import Dashboard
from app.desk.commands.customers import customer_at
from app.desk.commands.portal import DOOR as PORTAL
from app.desk.commands.queues import QueueDraft, create_queue
from app.desk.commands.talking import MessageFacts, NewTicket, create_tickets
from app.desk.models import Ticket, TicketMessage
from app.discussions.models import Attachment
from app.inbox.models import Device, Notification, Reason
from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.crypto import new_token, token_hash
from app.kernel.database import db
from app.kernel.doors import open_door
from app.kernel.ledger import Activity
from app.kernel.tenancy import enter, organization
from app.mailboxes.models import Fate, IncomingMail, MailAccount, MailAddress, OutgoingMail
from app.organizations.keys.commands import create_key
from app.organizations.models import Invitation, Member, RetentionArchive, SsoConnection, SsoDomain
from app.organizations.sso.commands import ConnectionDraft, add_domain, create_connection
from app.projects.models import Project
from app.search.models import Favourite, Link
from tests.annotation.labelled import labelling_of, mood
from tests.dashboards.drawn import a_dashboard, a_question, a_report, places
from tests.sweeps import grouping, membership, shaping
from tests.world import World

#: Four red pixels.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a730000001049444154789c6338a1a101440c"
    "100a00212e04611ee06dc20000000049454e44ae426082"
)

Make = Callable[[World], Any]


def _issue(world: World) -> str:
    return f"WEB-{world.issue().number}"


def _invitation(world: World) -> int:
    with organization(world.organization_id):
        alice, until = world.cast["alice"].member_id, now().replace(year=2999)
        made = Invitation(role=Role.MEMBER, invited_by_id=alice, expires_at=until)
        db.session.add(made)
        db.session.flush()
        return made.id


def _invitation_token(world: World) -> str:
    number = _invitation(world)
    enter(None)
    token = open_door("invitation", organization_id=world.organization_id, subject_id=number)
    db.session.commit()
    return token


def _account_token(kind: TokenKind) -> Make:
    def make(world: World) -> str:
        token = new_token()
        enter(None)
        db.session.add(
            AccountToken(
                user_id=world.cast["bob"].user_id,
                kind=kind,
                token_hash=token_hash(token),
                expires_at=now().replace(year=2999),
            )
        )
        db.session.commit()
        return token

    return make


def _shut_account(world: World) -> str:
    """A link that restores an account; nobody's of the cast, or they would be shut out."""
    token = new_token()
    enter(None)
    shut = User(email=f"{token[:12].lower()}@example.test", name="Shut", deactivated_at=now(), email_verified_at=now())
    db.session.add(shut)
    db.session.flush()
    until = now().replace(year=2999)
    db.session.add(
        AccountToken(user_id=shut.id, kind=TokenKind.RESTORE, token_hash=token_hash(token), expires_at=until)
    )
    db.session.commit()
    return token


def _newsletter_token(world: World) -> str:
    return unsubscribe_token(world.cast["bob"].user_id, Topic.NEWS)


def _own_copy(world: World) -> int:
    """Bob's copy of his data, ready to be taken."""
    enter(None)
    file = store_bytes(b"PK").name
    until = now().replace(year=2999)
    made = DataExport(user_id=world.cast["bob"].user_id, stage=Stage.READY, file=file, size_bytes=2, due_at=until)
    db.session.add(made)
    db.session.commit()
    return made.id


def _face(world: World) -> int:
    """Bob, with a picture."""
    with organization(world.organization_id):
        bob = db.session.get_one(Member, (world.organization_id, world.cast["bob"].member_id))
        bob.avatar = store_bytes(PICTURE).name
    return world.cast["bob"].member_id


def _unsubscription(world: World) -> str:
    enter(None)
    bob = world.cast["bob"].member_id
    token = open_door("unsubscribe", organization_id=world.organization_id, subject_id=bob)
    db.session.commit()
    return token


def _activity(world: World) -> int:
    """One that Alice did to an issue, through the application itself."""
    issue = world.issue()
    sent = {"ids": issue.id, "priority": "3"}
    answer = world.cast["alice"].post("/acme/projects/WEB/issues/priority", sent, htmx=True)
    assert answer.status_code < 400, answer.text
    with organization(world.organization_id):
        return db.session.scalars(select(Activity.id).order_by(Activity.id.desc())).first() or 0


def _notification(world: World) -> int:
    """One of Alice's."""
    activity = _activity(world)
    with organization(world.organization_id):
        about = db.session.execute(select(Activity.noun, Activity.subject_id).where(Activity.id == activity)).one()
        made = insert(Notification).values(
            organization_id=world.organization_id,
            member_id=world.cast["alice"].member_id,
            activity_id=activity,
            noun=about.noun,
            subject_id=about.subject_id,
            reason=next(iter(Reason)),
            count=1,
            created_at=now(),
        )
        return db.session.scalar(made.returning(Notification.id)) or 0


def _mail(world: World) -> int:
    with organization(world.organization_id):
        made = OutgoingMail(
            organization_id=world.organization_id,
            message_id=f"<{new_token()}@trestle.test>",
            to_address="bob@example.test",
            subject="News",
            text="News",
        )
        db.session.add(made)
        db.session.flush()
        return made.id


def _incoming_mail(world: World) -> int:
    """One that could not be filed, with a raw text."""
    with organization(world.organization_id):
        raw = b"Subject: <b>News</b>\r\n\r\nWho sent this?"
        made = IncomingMail(
            organization_id=world.organization_id,
            address="support@acme.test",
            file=store(io.BytesIO(raw), most=len(raw)).name,
            fingerprint=new_token(),
            subject="<b>News</b>",
            fate=Fate.UNREADABLE,
            reason="It does not say who sent it.",
        )
        db.session.add(made)
        db.session.flush()
        return made.id


def _mail_account(world: World) -> int:
    with organization(world.organization_id):
        address = MailAddress(address=f"{new_token()[:20].lower()}@acme.test", kind="queue", subject_id=1)
        account = MailAccount(address=address, host="mail.example", username="support", password="secret")
        db.session.add(account)
        db.session.flush()
        return account.id


def _browser(world: World) -> int:
    """Bob's own."""
    enter(None)
    return db.session.scalar(select(UserSession.id).where(UserSession.user_id == world.cast["bob"].user_id)) or 0


def _import(world: World) -> int:
    """Made by Alice, waiting for its mapping."""
    file = (io.BytesIO(b"Title\nOne\nTwo\n"), "issues.csv")
    answer = world.cast["alice"].post("/acme/projects/WEB/imports", {"file": file})
    found = re.search(r"/imports/(\d+)", answer.location or "")
    assert found, answer.text
    return int(found[1])


def _written_issue(world: World) -> str:
    """One with a description, and so with a version of it."""
    return f"WEB-{world.issue(body='Long ago').number}"


def _deleted_issue(world: World) -> str:
    return f"WEB-{world.issue(deleted_at=now()).number}"


def _comment(world: World) -> int:
    """Said by Alice about an issue."""
    answer = world.cast["alice"].post(f"/acme/issue/{world.issue().id}/comments", {"body": "Toner, I think"})
    return int(answer.location.rpartition("-")[2])


def _deleted_comment(world: World) -> int:
    comment = _comment(world)
    assert world.cast["alice"].post(f"/acme/comments/{comment}/deletion").status_code == 303
    return comment


def _attachment(world: World) -> int:
    """A picture that Alice attached to an issue."""
    sent = {"files": (io.BytesIO(PICTURE), "toner.png")}
    assert world.cast["alice"].post(f"/acme/issue/{world.issue().id}/attachments", sent).status_code == 303
    with organization(world.organization_id):
        return db.session.scalars(select(Attachment.id).order_by(Attachment.id.desc())).first() or 0


def _deleted_attachment(world: World) -> int:
    attachment = _attachment(world)
    assert world.cast["alice"].post(f"/acme/attachments/{attachment}/deletion").status_code == 303
    return attachment


def _page(world: World) -> int:
    """A page of WEB by Alice."""
    answer = world.cast["alice"].post("/acme/pages", {"title": "Handbook", "project": "WEB"})
    found = re.search(r"/pages/(\d+)/edit", answer.location or "")
    assert found, answer.text
    return int(found[1])


def _deleted_page(world: World) -> int:
    page = _page(world)
    assert world.cast["alice"].post("/acme/pages/deletion", {"ids": page}).status_code == 303
    return page


def _deleted_project(world: World) -> str:
    with organization(world.organization_id):
        db.session.execute(update(Project).where(Project.identifier == "OPS").values(deleted_at=now()))
    return "OPS"


def _ticket(world: World) -> Ticket:
    """Carol's, by HTML mail, in the queue Support."""
    with organization(world.organization_id):
        carol = world.cast["carol"].member
        facts = MessageFacts(from_address="carol@example.test", html_source="<p>It smokes</p>")
        [ticket] = create_tickets([NewTicket("Printer on fire", "It smokes", carol, facts=facts)], by=carol)
        return ticket


def _deleted_ticket(world: World) -> int:
    ticket = _ticket(world)
    assert world.cast["alice"].post("/acme/tickets/deletion", {"ids": ticket.id}).status_code < 400
    return ticket.number


def _message(world: World) -> tuple[int, int]:
    """Ticket's number and comment's id of a message: the same for both parts of its address, whichever comes first."""
    if not hasattr(world.ids, "message"):
        ticket = _ticket(world)
        with organization(world.organization_id):
            found = select(TicketMessage).where(TicketMessage.ticket_id == ticket.id)
            world.ids.message = (ticket.number, db.session.scalars(found).one().comment_id)
    return world.ids.message


def _ticket_activity(world: World) -> int:
    ticket = _ticket(world)
    sent = {"ids": ticket.id, "priority": "high"}
    assert world.cast["alice"].post("/acme/tickets/priority", sent).status_code < 400
    with organization(world.organization_id):
        return db.session.scalars(select(Activity.id).order_by(Activity.id.desc())).first() or 0


def _queue(world: World) -> int:
    """One that is not the default."""
    with organization(world.organization_id):
        alice = world.cast["alice"].member
        for _ in range(2):
            made = create_queue(QueueDraft(f"Queue {new_token().lower()[:8]}"), by=alice)
        return made.id


def _labelled(world: World) -> str:
    """WEB, with a labelling beside it and one task; Alice, Bob and Nora have labelled that already."""
    with organization(world.organization_id):
        if db.session.scalar(select(Labelling.id)) is None:
            made = labelling_of(world, 1, overlap=20)
            db.session.add_all(
                Annotation(
                    labelling_id=made.id,
                    task_id=made.tasks[0],
                    member_id=world.cast[who].member_id,
                    result=mood(),
                    config_version=1,
                )
                for who in ("alice", "bob", "nora")
            )
            db.session.flush()
            recount_tasks(db.session.scalars(select(Labelling)).one())
    return "WEB"


def _task(world: World) -> int:
    _labelled(world)
    with organization(world.organization_id):
        return db.session.scalars(select(Task.id)).one()


def _annotation(world: World) -> int:
    """Nora's."""
    _labelled(world)
    with organization(world.organization_id):
        return db.session.scalars(select(Annotation.id).order_by(Annotation.id.desc())).first() or 0


_STREAM = (
    "show_stream",
    "show_progress",
    "list_skipped",
    "show_own",
    "create_annotation",
    "create_skip",
    "keep_draft",
    "create_hold",
    "list_tasks",
    "show_task_rows",
    "show_task_filters",
    "show_task",
    "destroy_tasks",
    "restore_tasks",
    "update_truth",
    "destroy_annotation",
    "restore_annotation",
)

_TICKETS = ("show_ticket", "edit_subject", "update_subject", "destroy_ticket", "create_reply", "create_note")
_OF_PORTAL = ("show_portal_ticket", "create_portal_reply", "create_portal_closure", "destroy_portal_closure")


def _portal_token(world: World) -> str:
    """A link into the portal for Hugo, who has no account; Acme has a desk."""
    _ticket(world)
    with organization(world.organization_id):
        hugo = customer_at("hugo@brandt.test", "Hugo Brandt").id
    enter(None)
    token = open_door(PORTAL, organization_id=world.organization_id, subject_id=hugo)
    db.session.commit()
    return token


def _desk(world: World) -> dict[str, str]:
    """The organization has a desk, and so a portal. Nothing is asked for."""
    _ticket(world)
    return {}


def _labelling(world: World) -> str:
    """Beside WEB, with two tasks; made anew where there is one."""
    with organization(world.organization_id):
        alice, project = world.cast["alice"].member, db.session.get(Project, (world.organization_id, world.ids.web))
        found = db.session.scalar(select(Labelling).where(Labelling.project_id == world.ids.web))
        if found is None and project is not None:
            found = create_labelling(project, SENTIMENT.xml, by=alice)
            create_tasks(found, [{"text": "Toner is empty"}, {"text": "Thank you!"}], by=alice)
    return "WEB"


def _deleted_labelling(world: World) -> str:
    _labelling(world)
    assert world.cast["alice"].post("/acme/projects/WEB/labelling/deletion").status_code in (303, 404)
    return "WEB"


def _task_import(world: World) -> int:
    """Made by Alice; its job has not run."""
    _labelling(world)
    file = (io.BytesIO(b'[{"text": "One"}]'), "texts.json")
    answer = world.cast["alice"].post("/acme/projects/WEB/labelling/imports", {"file": file})
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def _stopped_task_import(world: World) -> int:
    number = _task_import(world)
    assert world.cast["alice"].post(f"/acme/projects/WEB/labelling/imports/{number}/cancellation").status_code == 303
    return number


def _labelling_export(world: World) -> int:
    """Asked for by Alice, and made."""
    _labelling(world)
    assert world.cast["alice"].post("/acme/projects/WEB/labelling/exports", {"format": "json"}).status_code == 303
    with organization(world.organization_id):
        record = db.session.scalars(select(LabellingExport).order_by(LabellingExport.id.desc())).first()
        assert record is not None
        work_on_export(record.id)
        return record.number


_LABELLING = (
    "show_labelling",
    "show_settings",
    "update_settings",
    "edit_instructions",
    "update_instructions",
    "edit_configuration",
    "update_configuration",
    "create_check",
    "destroy_labelling",
    "list_imports",
    "new_import",
    "create_import",
    "list_exports",
    "create_export",
)


def _dashboard(world: World) -> int:
    """One with a widget, by Alice; the same for all parts of an address."""
    with organization(world.organization_id):
        found = db.session.scalar(select(Dashboard.number).where(Dashboard.deleted_at.is_(None)))
    return found or a_dashboard(world, kinds=(ChartKind.BAR,))


def _deleted_dashboard(world: World) -> int:
    number = _dashboard(world)
    assert world.cast["alice"].post(f"/acme/dashboards/{number}/deletion").status_code == 303
    return number


def _widget(world: World) -> int:
    return next(iter(places(world, _dashboard(world))))


def _widget_change(world: World) -> int:
    _dashboard(world)
    with organization(world.organization_id):
        return db.session.scalars(select(Activity.id).where(Activity.verb == "dashboard.widget_added")).one()


def _report(world: World) -> int:
    return a_report(world, _dashboard(world))


def _deleted_report(world: World) -> int:
    number = _report(world)
    assert world.cast["alice"].post(f"/acme/reports/{number}/deletion").status_code == 303
    return number


def _schedule(world: World) -> dict[str, Any]:
    return {
        "name": "Numbers",
        "rhythm": "week",
        "days": "0",
        "time": "08:00",
        "zone": "UTC",
        "recipients": world.cast["bob"].member_id,
        "format": "pdf",
    }


def _source(world: World) -> int:
    """With a file whose columns nobody has confirmed yet; its file is the first."""
    sent = {"file": (io.BytesIO(b"Day,Region,Score\n2026-01-01,North,4\n2026-02-01,South,5\n"), "scores.csv")}
    answer = world.cast["alice"].post("/acme/sources", sent)
    assert answer.status_code == 303, answer.text
    return int(answer.location.split("/")[-3])


def _deleted_source(world: World) -> int:
    number = _source(world)
    assert world.cast["alice"].post(f"/acme/sources/{number}/deletion").status_code == 303
    return number


def _question(world: World) -> int:
    """What was asked of issues, under a name."""
    sent = {"name": "Issues by state", "ask": ASKED, "chart": "table"}
    answer = world.cast["alice"].post("/acme/questions", sent)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def _deleted_question(world: World) -> int:
    number = _question(world)
    assert world.cast["alice"].post(f"/acme/questions/{number}/deletion").status_code == 303
    return number


#: A question about issues, as the builder's form sends it; the same as its address.
ASKED = Ask(dataset="issues", dimensions=(Dimension("state"),)).as_text()
_BUILT = {"table": "issues", "by": "state"}
_OF_SOURCES = (
    "show_source", "edit_source", "update_source", "destroy_source", "new_file", "create_file", "show_file",
    "show_file_standing", "edit_columns", "update_columns", "create_file_cancellation", "show_problems",
)  # fmt: skip
_OF_QUESTIONS = (
    "show_question", "show_answer", "show_csv", "edit_question", "rename_question", "update_question",
    "create_question_copy", "destroy_question",
)  # fmt: skip
_OF_DASHBOARDS = (
    "create_report", "create_widget", "create_widget_copy", "destroy_dashboard", "destroy_widget", "edit_dashboard",
    "edit_widget", "list_choices", "new_report", "show_dashboard", "show_widget", "undo_widgets", "update_dashboard",
    "update_places", "update_shares", "update_widget",
)  # fmt: skip
_OF_REPORTS = (
    "create_run", "destroy_report", "edit_report", "pause_report", "preview_pdf", "preview_report", "resume_report",
    "show_report", "update_report",
)  # fmt: skip


#: By the name of the part.
def _favourite(world: World) -> int:
    """A folder of Alice's."""
    with organization(world.organization_id):
        folder = Favourite(member_id=world.cast["alice"].member_id, name="Mine", rank="a0")
        db.session.add(folder)
        db.session.commit()
        return folder.id


def _link(world: World) -> Link:
    """The one link of this world."""
    with organization(world.organization_id):
        if (known := db.session.scalars(select(Link)).first()) is None:
            one, other = world.issues(2)
            known = Link(noun="issue", subject_id=one.id, other_noun="issue", other_id=other.id)
            db.session.add(known)
            db.session.commit()
        db.session.expunge_all()
        return known


def _device(world: World) -> int:
    """Bob's browser, as if it took pushes; its service answers to nobody."""
    with organization(None):
        bob = db.session.scalars(select(UserSession).where(UserSession.user_id == world.cast["bob"].user_id)).first()
        assert bob
        point = "B" + "A" * 86
        device = Device(user_id=bob.user_id, session_id=bob.id, name="Firefox", platform="desktop")
        device.endpoint_hash = new_token()
        device.subscription = {"endpoint": "https://push.invalid/1", "p256dh": point, "auth": "A" * 22}
        db.session.add(device)
        db.session.commit()
        return device.id


_OF_PROVIDERS = ("begin_provider", "begin_link", "finish_provider")


def _connection(world: World) -> int:
    """A provider of Acme's, switched off, at an address that is never asked."""
    with organization(world.organization_id):
        alice = db.session.get_one(Member, (world.organization_id, world.cast["alice"].member_id))
        known = db.session.scalar(select(SsoConnection.id))
        draft = ConnectionDraft("Our login", "https://127.0.0.1", "trestle", "secret")
        return known or create_connection(draft, by=alice).id


def _domain(world: World) -> int:
    number = _connection(world)
    with organization(world.organization_id):
        alice = db.session.get_one(Member, (world.organization_id, world.cast["alice"].member_id))
        known = db.session.scalar(select(SsoDomain.id))
        connection = db.session.get_one(SsoConnection, (world.organization_id, number))
        domain = f"d{token_hash(new_token())[:8]}.test"
        return known or add_domain(connection, domain, by=alice).id


def _api_key(world: World) -> int:
    """One of Bob's."""
    with organization(world.organization_id):
        bob = db.session.get_one(Member, (world.organization_id, world.cast["bob"].member_id))
        return create_key("Robot", ["read"], days=30, by=bob)[0].id


def _identity(world: World) -> int:
    """One of Bob's, who has no other way in."""
    enter(None)
    made = ProviderIdentity(
        user_id=world.cast["bob"].user_id, provider="github", issuer="https://github.com", subject=new_token()
    )
    db.session.add(made)
    db.session.commit()
    return made.id


def _retained(world: World) -> int:
    """A file of what was deleted by its age."""
    with organization(world.organization_id):
        stored = files.store_bytes(b"{}", with_transaction=True)
        made = RetentionArchive(kind="closed_tickets", file=stored.name, rows=1, size_bytes=stored.size)
        db.session.add(made)
        db.session.commit()
        return made.id


PARTS: dict[str, Make] = {
    "connection_id": _connection,
    "domain_id": _domain,
    "key_id": _api_key,
    "identity_id": _identity,
    "file_number": lambda world: 1,
    "widget_id": _widget,
    "device_id": _device,
    "organization": lambda world: "acme",
    "identifier": lambda world: "WEB",
    "key": _issue,
    "member_id": lambda world: world.cast["bob"].member_id,
    "role_id": membership.a_role,
    "grant_id": membership.a_grant,
    "skill_id": membership.a_skill,
    "certification_id": membership.a_certification,
    "which": lambda world: "logo",
    "organization_id": lambda world: world.organization_id,
    "invitation_id": _invitation,
    "state_id": lambda world: world.ids.states["Todo"],
    "label_id": lambda world: world.ids.labels["Bug"],
    "type_id": shaping.a_type,
    "property_id": shaping.a_property,
    "group_id": shaping.a_group,
    "template_id": shaping.a_template,
    "team_id": grouping.a_team,
    "workspace_id": grouping.a_workspace,
    "tag_id": grouping.a_tag,
    "activity_id": _activity,
    "comment_id": _comment,
    "attachment_id": _attachment,
    "notification_id": _notification,
    "page_id": _page,
    "mail_id": _mail,
    "account_id": _mail_account,
    "session_id": _browser,
    "number": _import,
    "noun": lambda world: "issue",
    "subject_id": lambda world: world.issue().id,
    "field": lambda world: "state",
    "version": lambda world: "0",
    "filename": lambda world: "icon.svg",
    "queue_id": _queue,
    "favourite_id": _favourite,
    "failure": lambda world: "0" * 16,
    "backfill": lambda world: "search_words",
    "what": lambda world: "pause",
    "timer_id": lambda world: 1,
    "user_id": lambda world: world.cast["bob"].user_id,
    "archive_id": _retained,
    "link_id": lambda world: _link(world).id,
    "annotation_id": _annotation,
}

#: By endpoint and name, where a part means something of its own.
OWN_PARTS: dict[tuple[str, str], Make] = {
    **{(f"accounts.{name}", "key"): lambda world: "github" for name in _OF_PROVIDERS},
    **{(f"dashboards.{name}", "number"): _dashboard for name in _OF_DASHBOARDS},
    **{(f"dashboards.{name}", "number"): _report for name in _OF_REPORTS},
    **{(f"dashboards.{name}", "number"): _source for name in _OF_SOURCES},
    **{(f"dashboards.{name}", "number"): _question for name in _OF_QUESTIONS},
    ("dashboards.restore_source", "number"): _deleted_source,
    ("dashboards.restore_question", "number"): _deleted_question,
    ("dashboards.restore_dashboard", "number"): _deleted_dashboard,
    ("dashboards.restore_report", "number"): _deleted_report,
    ("dashboards.undo_widgets", "activity_id"): _widget_change,
    ("organizations.undo_members", "activity_id"): membership.a_role_change,
    ("organizations.update_retention", "kind"): lambda world: "closed_tickets",
    ("organizations.show_picture", "which"): membership.a_logo,
    ("mailboxes.show_incoming", "mail_id"): _incoming_mail,
    ("mailboxes.file_incoming", "mail_id"): _incoming_mail,
    ("mailboxes.dismiss_incoming", "mail_id"): _incoming_mail,
    ("organizations.show_invitation", "token"): _invitation_token,
    ("organizations.create_acceptance", "token"): _invitation_token,
    ("accounts.show_restoration", "token"): _shut_account,
    ("accounts.create_return", "token"): _shut_account,
    ("accounts.show_unsubscription", "token"): _newsletter_token,
    ("accounts.create_unsubscription", "token"): _newsletter_token,
    ("accounts.show_export_file", "export_id"): _own_copy,
    ("organizations.show_face", "member_id"): _face,
    ("accounts.show_proof", "token"): _account_token(TokenKind.VERIFY_EMAIL),
    ("accounts.create_proof", "token"): _account_token(TokenKind.VERIFY_EMAIL),
    ("accounts.edit_password", "token"): _account_token(TokenKind.RESET_PASSWORD),
    ("accounts.update_password", "token"): _account_token(TokenKind.RESET_PASSWORD),
    ("accounts.show_link", "token"): _account_token(TokenKind.SIGN_IN),
    ("accounts.create_session_by_link", "token"): _account_token(TokenKind.SIGN_IN),
    ("accounts.show_proof_link", "token"): _account_token(TokenKind.PROOF),
    ("accounts.follow_proof_link", "token"): _account_token(TokenKind.PROOF),
    ("boards.list_versions", "key"): _written_issue,
    ("boards.restore_text", "key"): _written_issue,
    ("boards.restore_issue", "key"): _deleted_issue,
    ("discussions.restore_comment", "comment_id"): _deleted_comment,
    ("discussions.restore_attachment", "attachment_id"): _deleted_attachment,
    ("pages.create_restoration", "page_id"): _deleted_page,
    ("projects.restore_project", "identifier"): _deleted_project,
    ("organizations.restore_team", "team_id"): grouping.a_deleted_team,
    ("organizations.restore_workspace", "workspace_id"): grouping.a_deleted_workspace,
    ("organizations.join_one_workspace", "workspace_id"): grouping.a_public_workspace,
    **{
        (f"projects.{view}", "type_id"): shaping.type_of_property
        for view in ("show_property", "update_property", "destroy_property", "update_property_order")
    },
    **{
        (f"{view}", "label_id"): shaping.a_shared_label
        for view in (
            "projects.update_shared_label",
            "projects.destroy_shared_label",
            "boards.new_shared_merging",
            "boards.create_shared_merging",
        )
    },
    ("desk.restore_ticket", "number"): _deleted_ticket,
    ("desk.show_html", "number"): lambda world: _message(world)[0],
    ("desk.show_html", "comment_id"): lambda world: _message(world)[1],
    ("desk.create_undo", "activity_id"): _ticket_activity,
    ("search.delete_link", "subject_id"): lambda world: _link(world).subject_id,
    ("desk.show_menu", "field"): lambda world: "status",
    **{(f"desk.{view}", "number"): lambda world: _ticket(world).number for view in (*_TICKETS, *_OF_PORTAL)},
    **{(f"handoffs.{view}", "number"): lambda world: _ticket(world).number for view in ("new_issue", "create_issue")},
    ("desk.show_portal_link", "token"): _portal_token,
    ("desk.create_portal_session", "token"): _portal_token,
    **{(f"annotation.{view}", "identifier"): _labelled for view in _STREAM},
    **{(f"annotation.{view}", "number"): lambda world: 1 for view in _STREAM},
    **{(f"annotation.{view}", "identifier"): _labelling for view in _LABELLING},
    ("annotation.restore_labelling", "identifier"): _deleted_labelling,
    ("annotation.show_import", "number"): _task_import,
    ("annotation.show_standing", "number"): _task_import,
    ("annotation.create_cancellation", "number"): _task_import,
    ("annotation.create_run", "number"): _stopped_task_import,
    ("annotation.show_file", "number"): _labelling_export,
    ("annotation.destroy_export", "number"): _labelling_export,
    ("operating.update_operator", "what"): lambda world: "promotion",
    ("inbox.show_unsubscription", "token"): _unsubscription,
    ("inbox.create_unsubscription", "token"): _unsubscription,
}

#: What is asked behind the `?`.
QUERIES: dict[str, Make] = {
    "desk.new_portal_session": _desk,
    "desk.create_portal_link": _desk,
    "desk.create_portal_entry": _desk,
    "dashboards.new_question": lambda world: _BUILT,
    "dashboards.name_question": lambda world: _BUILT,
    "dashboards.show_draft_csv": lambda world: _BUILT,
    "dashboards.edit_question": lambda world: _BUILT,
    "pages.new_page": lambda world: {"project": "WEB"},
    "pages.list_archive": lambda world: {"project": "WEB"},
    "pages.new_move": lambda world: {"ids": _page(world)},
    "pages.edit_title_in_tree": lambda world: {"ids": _page(world)},
    "organizations.show_roles": lambda world: {"ids": world.cast["bob"].member_id},
    "boards.show_menu": lambda world: {"ids": world.issue().id},
    "boards.new_properties": lambda world: {"issue_type": shaping.a_type(world)},
    "boards.show_column": lambda world: {"after": f"a.{world.issue().id}"},
    "desk.show_menu": lambda world: {"ids": _ticket(world).id},
    "boards.new_in_column": lambda world: {"state": world.ids.states["Todo"]},
}

#: What is sent, so that who may do it sees it done.
_CONNECTION = {"name": "Our login", "issuer": "https://127.0.0.1", "client_id": "trestle", "secret": "secret"}

FORMS: dict[str, Make] = {
    "organizations.update_settings": membership.settings_form,
    "organizations.update_slug": lambda world: {"slug": "acme"},
    "organizations.update_picture": lambda world: {"remove": "1"},
    "organizations.update_defaults": lambda world: {"assignee": "0", "state": ""},
    "organizations.create_role": membership.role_form,
    "organizations.update_role": membership.role_form,
    "organizations.create_role_deletion": lambda world: {"into": "guest"},
    "organizations.update_availability": lambda world: {"availability": "available"},
    "organizations.create_skill": lambda world: {"name": "Forklift", "level": "able"},
    "organizations.create_certification": lambda world: {"name": "Crane licence"},
    "organizations.create_connection": lambda world: _CONNECTION,
    "organizations.update_connection": lambda world: _CONNECTION,
    "organizations.create_domain": lambda world: {"domain": "kestrel.test"},
    "organizations.make_key": lambda world: {"name": "Robot", "days": "30", "reach": "read"},
    "organizations.create_own_session": lambda world: {"email": "bob@example.test"},
    "dashboards.create_source": lambda world: {"file": (io.BytesIO(b"Score\n4\n"), "scores.csv")},
    "dashboards.create_file": lambda world: {"file": (io.BytesIO(b"Score\n4\n"), "scores.csv")},
    "dashboards.update_source": lambda world: {"name": "Renamed"},
    "dashboards.update_columns": lambda world: {"kind": ["date:day", "text", "number:point"], "timezone": "UTC"},
    "dashboards.create_question": lambda world: {"name": "Fresh", "ask": ASKED, "chart": ""},
    "dashboards.update_question": lambda world: {"name": "Renamed", "version": "1"},
    "dashboards.create_dashboard": lambda world: {"name": "Fresh", "sharing": "organization"},
    "dashboards.update_dashboard": lambda world: {"name": "Renamed", "sharing": "organization"},
    "dashboards.update_shares": lambda world: {"ids": world.cast["bob"].member_id, "permission": "view"},
    "dashboards.create_widget": lambda world: {"question": a_question(world)},
    "dashboards.update_widget": lambda world: {"title": "Work", "kind": "table", "good": ""},
    "dashboards.update_places": lambda world: {"place": f"{_widget(world)} 6 0 6 4"},
    "dashboards.create_report": _schedule,
    "dashboards.update_report": _schedule,
    "search.create_folder": lambda world: {"name": "Another"},
    "search.rename_folder": lambda world: {"name": "Another"},
    "search.create_link": lambda world: {"to": f"issue:{world.issue().id}"},
    "organizations.update_roles": lambda world: {"ids": world.cast["nora"].member_id, "role": "viewer"},
    "organizations.destroy_members": lambda world: {"ids": world.cast["nora"].member_id},
    "organizations.create_invitation": lambda world: {"role": "member", "days": "7", "uses": "1", "standing": "member"},
    "organizations.create_organization": lambda world: {"name": "Fresh", "slug": "fresh"},
    "accounts.create_link": lambda world: {"email": "carol@example.test"},
    "accounts.update_password": lambda world: {"password": "a tunnel of crayons"},
    "boards.create_issue": lambda world: {"title": "Another"},
    "boards.create_in_column": lambda world: {"title": "Another"},
    "boards.update_title": lambda world: {"ids": world.issue().id, "title": "Another"},
    "boards.update_state": lambda world: {"ids": world.issue().id, "state": world.ids.states["Done"]},
    "boards.update_priority": lambda world: {"ids": world.issue().id, "priority": "3"},
    "boards.update_assignees": lambda world: {"ids": world.issue().id, "assignees": world.cast["bob"].member_id},
    "boards.update_labels": lambda world: {"ids": world.issue().id, "labels": world.ids.labels["Bug"]},
    "boards.update_type": lambda world: {"ids": world.issue().id, "issue_type": shaping.a_type(world)},
    "boards.update_estimate": lambda world: {"ids": world.issue().id, "estimate": ""},
    "boards.update_property": lambda world: {"ids": shaping.a_typed_issue(world), "value": "Firefox"},
    "boards.update_scale": lambda world: {"kind": "points", "values": "1, 2, 3"},
    "boards.create_merging": lambda world: {"into": world.ids.labels["Design"]},
    "boards.create_shared_merging": lambda world: {"into": shaping.a_shared_label(world)},
    "boards.update_dates": lambda world: {"ids": world.issue().id, "due_date": "2030-01-31"},
    "boards.restore_text": lambda world: {"version": "1"},
    "boards.create_deletions": lambda world: {"ids": world.issue().id},
    "boards.create_move": lambda world: {"ids": world.issue().id, "state": world.ids.states["Done"]},
    "annotation.create_annotation": lambda world: {"version": "1", "config": "1", "choice:mood": "Bad"},
    "annotation.keep_draft": lambda world: {"choice:mood": "Bad"},
    "annotation.destroy_tasks": lambda world: {"ids": _task(world)},
    "annotation.restore_tasks": lambda world: {"ids": _task(world)},
    "desk.update_status": lambda world: {"ids": _ticket(world).id, "status": "resolved"},
    "desk.update_priority": lambda world: {"ids": _ticket(world).id, "priority": "high"},
    "desk.update_assignee": lambda world: {"ids": _ticket(world).id, "assignee": world.cast["anna"].member_id},
    "desk.update_ticket_queue": lambda world: {"queue": _queue(world), "ids": _ticket(world).id},
    "desk.update_tags": lambda world: {"ids": _ticket(world).id, "name": "Toner"},
    "desk.create_deletions": lambda world: {"ids": _ticket(world).id},
    "desk.create_reply": lambda world: {"body": "Toner, I think"},
    "desk.create_note": lambda world: {"body": "Toner, I think"},
    "desk.create_portal_link": lambda world: {"email": "carol@example.test"},
    "desk.create_portal_reply": lambda world: {"body": "It smokes again"},
    "desk.create_portal_ticket": lambda world: {"subject": "Printer on fire", "body": "It smokes"},
    "handoffs.create_issue": lambda world: {"project": world.ids.web, "title": "Mend it", "body": ""},
    "desk.update_subject": lambda world: {"subject": "Smoke", "version": "1"},
    "desk.create_ticket": lambda world: {
        "email": "hugo@brandt.example",
        "subject": "Smoke",
        "body": "It smokes",
        "queue": "",
        "channel": "phone",
        "priority": "low",
        "assignee": "0",
    },
    "desk.create_queue": lambda world: {"name": f"Returns {new_token().lower()[:8]}", "hue": "3"},
    "desk.update_queue": lambda world: {"name": f"Returns {new_token().lower()[:8]}", "hue": "3"},
    "organizations.create_new_team": lambda world: {"name": grouping.a_name("Field"), "hue": "3", "parent": "0"},
    "organizations.update_team": lambda world: {"name": grouping.a_name("Field"), "hue": "3", "parent": "0"},
    "organizations.put_team_members": lambda world: {"ids": world.cast["nora"].member_id, "role": "member"},
    "organizations.remove_team_members": lambda world: {"ids": world.cast["bob"].member_id},
    "organizations.create_new_workspace": lambda world: {
        "name": grouping.a_name("Shelf"),
        "hue": "3",
        "access": "private",
    },
    "organizations.update_workspace": lambda world: {
        "name": grouping.a_name("Shelf"),
        "hue": "3",
        "access": "private",
    },
    "organizations.put_workspace_members": lambda world: {"ids": world.cast["nora"].member_id, "role": "member"},
    "organizations.remove_workspace_members": lambda world: {"ids": world.cast["bob"].member_id},
    "projects.update_person": lambda world: {"role": "guest"},
    "projects.create_project_teams": lambda world: {"ids": grouping.a_team(world), "role": "guest"},
    "projects.update_place": lambda world: {"workspace": "0"},
    "projects.create_project_tag": lambda world: {"name": grouping.a_name("Mobile"), "hue": "3"},
    "projects.update_tag": lambda world: {"name": grouping.a_name("Mobile"), "hue": "3"},
    "projects.create_tag_teams": lambda world: {"ids": grouping.a_team(world), "role": "guest"},
    "projects.create_project": lambda world: {"name": "Fresh", "identifier": "FRESH"},
    "projects.update_features": lambda world: {"features": ["pages", "labelling", "types", "estimates"]},
    "projects.update_status": lambda world: {"status": "active"},
    "projects.update_project_group": lambda world: {"group": ""},
    "projects.create_template": lambda world: {"name": shaping.a_name("Like WEB")},
    "projects.update_template": lambda world: {"name": "Like WEB"},
    "projects.create_group": lambda world: {"name": shaping.a_name("Customers")},
    "projects.update_group": lambda world: {"name": "Customers"},
    "projects.update_group_order": lambda world: {"ids": shaping.a_group(world)},
    "projects.create_type": lambda world: {"name": shaping.a_name("Story"), "icon": "book", "hue": "3", "level": "0"},
    "projects.update_type": lambda world: {"name": shaping.a_name("Story"), "icon": "book", "hue": "3", "level": "0"},
    "projects.create_property": lambda world: {"name": "Depth", "kind": "number"},
    "projects.update_property": lambda world: {"name": shaping.a_name("Depth")},
    "projects.update_property_order": lambda world: {"ids": shaping.a_property(world)},
    "projects.update_used_types": lambda world: {"types": shaping.a_type(world), "default": ""},
    "projects.create_shared_label": lambda world: {"name": shaping.a_name("Legal"), "hue": "3", "parent": ""},
    "projects.update_shared_label_order": lambda world: {"ids": shaping.a_shared_label(world)},
    "projects.update_label_order": lambda world: {"ids": world.ids.labels["Bug"]},
    "projects.create_state": lambda world: {"name": "Waiting", "group": "started"},
    "projects.create_label": lambda world: {"name": "Fresh", "hue": "3"},
    "projects.create_people": lambda world: {"ids": world.cast["olaf"].member_id},
    "discussions.create_comment": lambda world: {"body": "Toner, I think"},
    "discussions.create_attachments": lambda world: {"files": (io.BytesIO(b"12 ppm"), "toner.txt")},
    "discussions.create_upload": lambda world: {"files": (io.BytesIO(b"12 ppm"), "toner.txt")},
    "discussions.update_reaction": lambda world: {"emoji": "heart"},
    "discussions.update_comment": lambda world: {"body": "The drum", "version": "1"},
    "annotation.create_labelling": lambda world: {
        "project": "",
        "name": "Fresh",
        "identifier": "FRESH",
        "template": "sentiment",
    },
    "annotation.update_settings": lambda world: {
        "overlap": "1",
        "sampling": "sequential",
        "skip_queue": "ignore",
        "lock_minutes": "9",
    },
    "annotation.update_instructions": lambda world: {"body": "Read it twice."},
    "annotation.update_configuration": lambda world: {"config": SENTIMENT.xml, "version": "1"},
    "annotation.create_check": lambda world: {"config": SENTIMENT.xml},
    "annotation.create_import": lambda world: {"file": (io.BytesIO(b'[{"text": "One"}]'), "texts.json")},
    "annotation.create_export": lambda world: {"format": "json"},
    "inbox.create_marks": lambda world: {"ids": _notification(world), "read": "yes"},
    "inbox.create_archival": lambda world: {"ids": _notification(world)},
    "inbox.create_return": lambda world: {"ids": _notification(world)},
    "inbox.create_snooze": lambda world: {"ids": _notification(world), "until": "week"},
    "inbox.update_settings": lambda world: {"wanted": "mail:assigned", "mail": "daily", "digest_weekday": "0"},
    "inbox.update_reply_address": lambda world: {"address": ""},
    "inbox.update_watching": lambda world: {"watching": "yes"},
    "documents.create_preview": lambda world: {"body": "**Bold**"},
    "pages.create_page": lambda world: {"title": "Handbook", "project": "WEB"},
    "pages.update_page": lambda world: {"title": "Guide", "body": "Words", "version": "1"},
    "pages.update_title": lambda world: {"title": "Guide"},
    "pages.restore_version": lambda world: {"version": "1"},
    "pages.update_access": lambda world: {"access": "private"},
    "pages.create_move": lambda world: {"ids": _page(world), "parent": "0"},
    "pages.create_deletion": lambda world: {"ids": _page(world)},
    "documents.save_draft": lambda world: {"key": "sweep", "body": '{"title": "Half"}'},
    "documents.discard_draft": lambda world: {"key": "sweep"},
    "accounts.update_theme": lambda world: {"theme": "dark"},
    "accounts.update_profile": lambda world: {"name": "Somebody", "job_title": "Carpenter"},
    "accounts.update_preferences": lambda world: {
        "timezone": "UTC",
        "language": "",
        "week_starts_on": "0",
        "theme": "dark",
    },
    "accounts.update_details": lambda world: {"gender": "", "country_of_origin": ""},
    "accounts.create_restoration": lambda world: {"email": "nobody@example.test"},
}


def address_of(rule: Rule, world: World) -> str:
    """A whole address of a rule in this world. Raises LookupError that says what is missing where."""
    parts = {}
    for name in rule.arguments:
        make = OWN_PARTS.get((rule.endpoint, name)) or PARTS.get(name)
        if make is None:
            raise LookupError(f"say in PARTS of tests/sweeps/arguments.py what <{name}> of {rule.rule} may be")
        parts[name] = make(world)
    found = rule.build(parts)
    assert found, f"{rule.rule} cannot be built of {parts}"
    return found[1]
