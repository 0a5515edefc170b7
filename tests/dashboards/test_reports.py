"""Reports: each slot once, each person one copy of their own, and a history that says what went wrong."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy import select, update

from app.adapters import files
from app.dashboards import copies, runs
from app.dashboards.charts import Kind
from app.dashboards.models import (
    DeliveryStatus,
    Format,
    Report,
    ReportDelivery,
    ReportRecipient,
    ReportRun,
    RunStatus,
    Sharing,
    Widget,
)
from app.kernel import clock, timers
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.tenancy import enter, organization
from app.kernel.timers import Timer
from app.mailboxes.models import OutgoingMail
from app.organizations.models import Member
from tests.dashboards.drawn import a_dashboard, a_report
from tests.world import Person, World

Work = Callable[[], None]
MONDAY = datetime(2026, 5, 4, 4, tzinfo=UTC)  # six o'clock in Berlin


def _all(world: World, model: type[Any]) -> list[Any]:
    enter(world.organization_id)
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(model).order_by(model.id)))


def _mails(world: World) -> list[OutgoingMail]:
    return [mail for mail in _all(world, OutgoingMail) if "Morning numbers" in mail.subject]


def _send(world: World, alice: Person, number: int, work: Work) -> None:
    assert alice.post(f"/acme/reports/{number}/runs").status_code == 303
    work()


def test_each_gets_a_copy_of_their_own(world: World, alice: Person, work: Work) -> None:
    """Olaf is in neither project, so his figure is another one."""
    world.issues(3)
    report = a_report(world, a_dashboard(world, kinds=(Kind.METRIC, Kind.BAR)), ("alice", "olaf"))
    _send(world, alice, report, work)
    mails = {mail.to_address: mail for mail in _mails(world)}
    assert sorted(mails) == ["alice@example.test", "olaf@example.test"]
    assert "<b>3</b>" in str(mails["alice@example.test"].html)
    assert "<b>0</b>" in str(mails["olaf@example.test"].html)
    assert "Web platform" not in str(mails["olaf@example.test"].html)
    [run] = _all(world, ReportRun)
    assert run.status is RunStatus.SENT
    assert [one.status for one in _all(world, ReportDelivery)] == [DeliveryStatus.POSTED] * 2


def test_a_copy_has_its_charts_inline_and_all_of_it_as_pdf(world: World, alice: Person, work: Work) -> None:
    world.issues(2)
    report = a_report(world, a_dashboard(world, kinds=(Kind.BAR, Kind.TABLE)))
    _send(world, alice, report, work)
    [mail] = _mails(world)
    picture, document = mail.parts
    assert picture["media_type"] == "image/png"
    assert f'src="cid:{picture["content_id"]}"' in str(mail.html)
    assert 'alt="Issues as bar: 2"' in str(mail.html)
    with files.open_file(document["file"]) as stored:
        read = PdfReader(io.BytesIO(stored.read()))
    assert read.metadata is not None
    assert read.metadata.title == "Morning numbers"
    text = read.pages[0].extract_text()
    assert text.index("Morning numbers") < text.index("Issues as bar") < text.index("Issues as table")
    assert "Web platform" in text
    assert read.pages[0].mediabox.width == pytest.approx(595.28, abs=0.5)


def test_the_mail_alone_has_no_pdf(world: World, alice: Person, work: Work) -> None:
    report = a_report(world, a_dashboard(world, kinds=(Kind.TABLE,)), format=Format.MAIL)
    _send(world, alice, report, work)
    [mail] = _mails(world)
    assert mail.parts == []


def test_words_of_people_are_never_markup(world: World, alice: Person) -> None:
    hostile = '#read("/etc/passwd") $x$ *b* <script>alert(1)</script> \\ ] #pagebreak()'
    number = a_dashboard(world, kinds=(Kind.BAR,), name=hostile)
    with organization(world.organization_id):
        db.session.execute(update(Widget).values(title=hostile[:100]))
    report = a_report(world, number)
    read = PdfReader(io.BytesIO(alice.get(f"/acme/reports/{report}/preview.pdf").data))
    text = " ".join(read.pages[0].extract_text().split())
    assert '#read("/etc/passwd") $x$ *b* <script>' in text
    assert "root:" not in text
    assert "<script>alert" not in alice.get(f"/acme/reports/{report}/preview").text


def test_a_slot_is_run_once_by_its_timer(world: World, scheduler: sa.Engine, work: Work) -> None:
    with clock.at(MONDAY):
        a_report(world, a_dashboard(world, kinds=(Kind.TABLE,)), format=Format.MAIL)
    with clock.at(MONDAY + timedelta(hours=2, seconds=3)):
        timers.tick(scheduler)
        work()
        timers.tick(scheduler)
        work()
    [run] = _all(world, ReportRun)
    assert (run.status, run.slot, str(run.local_date), run.missed) == (RunStatus.SENT, "08:00", "2026-05-04", 0)
    assert len(_mails(world)) == 1
    [timer] = [one for one in _all(world, Timer) if one.alarm == "run_report"]
    assert timer.wake_at == datetime(2026, 5, 5, 6, tzinfo=UTC)


def test_days_of_downtime_are_one_copy_that_says_it_is_late(world: World, scheduler: sa.Engine, work: Work) -> None:
    with clock.at(MONDAY):
        a_report(world, a_dashboard(world, kinds=(Kind.TABLE,)), format=Format.MAIL)
    with clock.at(MONDAY + timedelta(days=2, hours=5)):
        timers.tick(scheduler)
        work()
    [run] = _all(world, ReportRun)
    assert (run.status, str(run.local_date), run.missed) == (RunStatus.LATE, "2026-05-06", 2)
    [mail] = _mails(world)
    assert "This report is late: it was due on 6 May at 08:00 CEST. 2 earlier ones were left out." in mail.text


def test_a_clock_that_is_set_back_sends_nothing_again(world: World, scheduler: sa.Engine, work: Work) -> None:
    with clock.at(MONDAY):
        report = a_report(world, a_dashboard(world, kinds=(Kind.TABLE,)), format=Format.MAIL)
    with clock.at(MONDAY + timedelta(hours=3)):
        timers.tick(scheduler)
        work()
    with clock.at(MONDAY + timedelta(hours=1)), organization(world.organization_id):
        row = db.session.scalars(select(Report).where(Report.number == report)).one()
        runs.run_report(row.id)
    with clock.at(MONDAY + timedelta(hours=2, minutes=1)), organization(world.organization_id):
        runs.run_report(row.id)
    assert len(_all(world, ReportRun)) == 1
    assert len(_mails(world)) == 1


def test_a_worker_that_dies_between_copies_doubles_none(world: World, alice: Person, monkeypatch: Any) -> None:
    """The job ends after the first copy, as if its process was killed; the timer takes the run up."""
    report = a_report(world, a_dashboard(world, kinds=(Kind.TABLE,)), ("alice", "bob", "anna"), format=Format.MAIL)
    assert alice.post(f"/acme/reports/{report}/runs").status_code == 303
    [run] = _all(world, ReportRun)
    post, made = copies.post_copy, list[int]()

    def dies(*given: Any) -> OutgoingMail:
        if made:
            raise SystemExit("killed")
        made.append(1)
        return post(*given)

    monkeypatch.setattr(runs, "post_copy", dies)
    with pytest.raises(SystemExit), organization(world.organization_id):
        runs.send_run(run.id)
    assert len(_mails(world)) == 1
    monkeypatch.setattr(runs, "post_copy", post)
    with organization(world.organization_id):
        runs.resume_run(run.id)
        runs.resume_run(run.id)
    assert len(_mails(world)) == 3
    assert len({mail.to_address for mail in _mails(world)}) == 3
    assert len(_all(world, ReportDelivery)) == 3
    assert [one.status for one in _all(world, ReportRun)] == [RunStatus.SENT]


def test_what_kills_every_worker_is_given_up_and_told(world: World, alice: Person, work: Work) -> None:
    report = a_report(world, a_dashboard(world, kinds=(Kind.TABLE,)))
    alice.post(f"/acme/reports/{report}/runs")
    [run] = _all(world, ReportRun)
    with organization(world.organization_id):
        db.session.execute(update(ReportRun).values(attempts=runs.ATTEMPTS))
    with organization(world.organization_id):
        runs.send_run(run.id)
    work()
    [run] = _all(world, ReportRun)
    assert run.status is RunStatus.FAILED
    assert "Something breaks on our side" in alice.get(f"/acme/reports/{report}").text
    assert "Morning numbers" in alice.get("/acme/inbox").text


def test_who_left_or_may_not_see_it_any_more_is_skipped(world: World, alice: Person, work: Work) -> None:
    number = a_dashboard(world, kinds=(Kind.TABLE,))
    report = a_report(world, number, ("alice", "bob", "anna"), format=Format.MAIL)
    alice.post(f"/acme/dashboards/{number}", {"name": "Delivery", "description": "", "sharing": Sharing.PRIVATE.value})
    with organization(world.organization_id):
        db.session.execute(update(Member).where(Member.name == "Anna").values(left_at=now()))
    _send(world, alice, report, work)
    assert [mail.to_address for mail in _mails(world)] == ["alice@example.test"]
    said = {one.reason for one in _all(world, ReportDelivery)}
    assert said == {None, "Bob may not see this dashboard.", "Anna does not work here any more."}
    text = alice.get(f"/acme/reports/{report}").text
    assert "Bob may not see this dashboard." in text


def test_it_goes_to_nobody_outside(world: World, cast: dict[str, Person]) -> None:
    number = a_dashboard(world)
    for stranger in ("carol", "mallory"):
        sent = {
            "name": "Leak", "rhythm": "week", "days": "0", "time": "08:00", "zone": "UTC", "format": "pdf",
            "recipients": [cast[stranger].member_id],
        }  # fmt: skip
        assert cast["alice"].post(f"/acme/dashboards/{number}/reports", sent).status_code == 422
    assert _all(world, ReportRecipient) == []


def test_pausing_and_resuming_makes_up_for_nothing(world: World, alice: Person, scheduler: sa.Engine) -> None:
    with clock.at(MONDAY):
        report = a_report(world, a_dashboard(world, kinds=(Kind.TABLE,)))
        alice.post(f"/acme/reports/{report}/pause")
    assert [one for one in _all(world, Timer) if one.alarm == "run_report"] == []
    with clock.at(MONDAY + timedelta(days=3)):
        alice.post(f"/acme/reports/{report}/resumption")
        timers.tick(scheduler)
    [timer] = [one for one in _all(world, Timer) if one.alarm == "run_report"]
    assert timer.wake_at == datetime(2026, 5, 7, 6, tzinfo=UTC)
    assert _all(world, ReportRun) == []


def test_sending_twice_at_once_is_one_run(world: World, alice: Person) -> None:
    report = a_report(world, a_dashboard(world, kinds=(Kind.TABLE,)))
    assert alice.post(f"/acme/reports/{report}/runs").status_code == 303
    assert alice.post(f"/acme/reports/{report}/runs").status_code == 409
    assert len(_all(world, ReportRun)) == 1


def test_a_report_of_a_dashboard_in_the_bin_is_not_sent(world: World, alice: Person, scheduler: sa.Engine) -> None:
    with clock.at(MONDAY):
        number = a_dashboard(world, kinds=(Kind.TABLE,))
        a_report(world, number)
        alice.post(f"/acme/dashboards/{number}/deletion")
    with clock.at(MONDAY + timedelta(hours=3)):
        timers.tick(scheduler)
    assert _all(world, ReportRun) == []


def test_the_form_makes_what_it_says(world: World, alice: Person, bob: Person) -> None:
    number = a_dashboard(world)
    sent = {
        "name": "Numbers", "rhythm": "month", "month_day": "31", "time": "07:30", "zone": "America/New_York",
        "recipients": [alice.member_id, bob.member_id], "format": "mail",
    }  # fmt: skip
    answer = alice.post(f"/acme/dashboards/{number}/reports", sent)
    assert answer.status_code == 303
    text = alice.get(answer.location).text
    assert "on the last day of the month at 07:30" in text
    for wrong in (
        {"zone": "Mars/Olympus"},
        {"time": "25:00"},
        {"month_day": "40"},
        {"recipients": []},
        {"month_day": ""},
    ):
        assert alice.post(f"/acme/dashboards/{number}/reports", sent | wrong).status_code == 422, wrong
