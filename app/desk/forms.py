"""Forms of tickets and queues."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, SelectChoice, SelectField
from wtforms.validators import InputRequired, Optional

from app.desk.commands.queues import QueueDraft
from app.desk.models import SUBJECT_MOST, Channel, Priority, Queue, Status, Ticket
from app.discussions.forms import CommentForm, FilesForm
from app.documents.rendering import MOST
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.organizations.models import Member
from app.web.forms import Form, KnownVersion, Line, Prose, at_least_something

#: How a ticket comes in that an agent writes down.
BY_HAND = (Channel.PHONE, Channel.EMAIL, Channel.WEB)
HUES = ("Red", "Orange", "Yellow", "Green", "Teal", "Blue", "Violet", "Pink")


class TicketForm(Form):
    """A new ticket that an agent opens for a customer."""

    email = Line(
        lazy("Customer’s mail address"),
        most=254,
        validators=[InputRequired(lazy("Who is it for?")), at_least_something],
    )
    name = Line(lazy("Customer’s name"), most=120)
    subject = Line(
        lazy("Subject"),
        most=SUBJECT_MOST,
        validators=[InputRequired(lazy("A ticket needs a subject.")), at_least_something],
    )
    body = Prose(
        lazy("What they say"), most=MOST, validators=[InputRequired(lazy("Write something first.")), at_least_something]
    )
    queue = SelectField(lazy("Queue"), coerce=int, validators=[Optional()])
    channel = SelectField(lazy("Came by"), choices=[SelectChoice(one.value, one.label) for one in BY_HAND])
    priority = SelectField(
        lazy("Priority"),
        choices=[SelectChoice(one.value, one.label) for one in Priority],
        default=Priority.NORMAL.value,
    )
    assignee = SelectField(lazy("Agent"), coerce=int, default=0)

    def offer(self, queues: Iterable[Queue], people: Iterable[Member]) -> TicketForm:
        """Fill in what can be chosen."""
        self.queue.choices = [SelectChoice(str(queue.id), queue.name) for queue in queues]
        self.assignee.choices = [
            SelectChoice("0", _("Nobody")),
            *(SelectChoice(str(person.id), person.name) for person in people),
        ]
        return self


class ReplyForm(CommentForm):
    """An answer to the customer, or a note among colleagues."""

    then = SelectField(
        lazy("Then"),
        choices=[SelectChoice("", ""), *(SelectChoice(one.value, one.label) for one in Status)],
        validators=[Optional()],
        default="",
    )

    @property
    def status(self) -> Status | None:
        """The status that the ticket is to have afterwards."""
        return Status(self.then.data) if self.then.data else None


class RequestForm(FilesForm):
    """A new ticket that a customer opens in the portal."""

    subject = Line(
        lazy("What is it about?"),
        most=SUBJECT_MOST,
        validators=[InputRequired(lazy("Say it in a few words.")), at_least_something],
    )
    body = Prose(
        lazy("What happened?"),
        most=MOST,
        validators=[InputRequired(lazy("Write something first.")), at_least_something],
    )
    queue = SelectField(lazy("Where to"), coerce=int, validators=[Optional()])

    def offer(self, queues: Iterable[Queue]) -> RequestForm:
        """Fill in what can be chosen."""
        self.queue.choices = [SelectChoice(str(queue.id), queue.name) for queue in queues]
        return self


class SubjectForm(Form):
    """Another subject. `version` is the one that the form was opened with."""

    subject = Line(
        lazy("Subject"),
        most=SUBJECT_MOST,
        validators=[InputRequired(lazy("A ticket needs a subject.")), at_least_something],
    )
    version = KnownVersion()

    @classmethod
    def of(cls, ticket: Ticket) -> SubjectForm:
        """The form as it is opened."""
        return cls(formdata=None, subject=ticket.subject, version=ticket.version)


class QueueForm(Form):
    """A queue."""

    name = Line(lazy("Name"), most=60, validators=[InputRequired(lazy("A queue needs a name.")), at_least_something])
    slug = Line(
        lazy("Name in addresses"),
        most=39,
        description=lazy("Small letters, digits, dashes. Made of the name if empty."),
    )
    address = Line(
        lazy("Mail address"),
        most=254,
        description=lazy("Answers ask to be answered here. Mail to it becomes tickets of this queue."),
    )
    hue = SelectField(
        lazy("Colour"), coerce=int, choices=[SelectChoice(str(at), name) for at, name in enumerate(HUES, 1)], default=6
    )
    signature = Prose(lazy("Signature"), most=2000, description=lazy("Stands under each answer."))
    acknowledges = BooleanField(
        lazy("Confirm new tickets by mail"),
        description=lazy("The customer learns the number. Automatic mail is never answered."),
    )
    is_public = BooleanField(
        lazy("Shown to customers"), description=lazy("They read its name in the portal, and may choose it.")
    )
    is_default = BooleanField(lazy("Default queue"), description=lazy("Tickets that name no queue come here."))

    @classmethod
    def of(cls, queue: Queue) -> QueueForm:
        """The form as it is opened."""
        return cls(formdata=None, obj=queue)

    def draft(self) -> QueueDraft:
        """The queue that was described."""
        return QueueDraft(
            name=self.name.data or "",
            slug=(self.slug.data or "").lower(),
            address=self.address.data,
            hue=self.hue.data,
            signature=self.signature.data or "",
            acknowledges=bool(self.acknowledges.data),
            is_public=bool(self.is_public.data),
            is_default=bool(self.is_default.data),
        )
