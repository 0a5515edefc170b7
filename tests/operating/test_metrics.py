"""`/metrics`: whom it answers, and what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from app.kernel import jobs
from tests.world import World

NEAR = {"base_url": "http://localhost", "environ_base": {"REMOTE_ADDR": "127.0.0.1"}}


def test_the_machine_itself_is_answered_and_nobody_past_a_proxy(app: Flask, world: World) -> None:
    client = app.test_client()
    assert client.get("/metrics", **NEAR).status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "9.9.9.9"}, **NEAR).status_code == 404
    far = {"base_url": "http://localhost", "environ_base": {"REMOTE_ADDR": "9.9.9.9"}}
    assert client.get("/metrics", **far).status_code == 404
    assert client.get("/metrics", base_url="http://trestle.test").status_code == 404


def test_with_a_token_only_who_knows_it(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    guarded = replace(app.extensions["trestleboard"], metrics_token="t" * 20)
    monkeypatch.setitem(app.extensions, "trestleboard", guarded)
    client = app.test_client()
    assert client.get("/metrics", **NEAR).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}, **NEAR).status_code == 404
    right = {"Authorization": "Bearer " + "t" * 20}
    assert client.get("/metrics", headers=right, base_url="http://trestle.test").status_code == 200


def test_it_counts_requests_and_jobs_by_few_names(app: Flask, world: World, work) -> None:
    @jobs.job
    def hum() -> None:
        pass

    world.cast["alice"].get("/acme/")
    jobs.send("hum", world.organization_id, (), "hum-1")
    work()
    said = app.test_client().get("/metrics", **NEAR).text
    assert 'trestle_requests_total{endpoint="shell.show_home",method="GET",status="200"}' in said
    assert 'trestle_jobs_total{job="hum",outcome="done"} 1.0' in said
    assert 'trestle_up{part="database"} 1.0' in said
    assert "trestle_sessions 8.0" in said
    for line in ("trestle_outbox_owed", "trestle_mails_waiting", "trestle_jobs_waiting 0.0", "trestle_timers_overdue"):
        assert f"\n{line}" in said
    assert "acme" not in said


def test_the_heartbeat_is_counted_without_a_statement(app: Flask, world: World, statements) -> None:
    with statements() as seen:
        app.test_client().get("/live?list=x", base_url="http://trestle.test")
    assert seen == []
