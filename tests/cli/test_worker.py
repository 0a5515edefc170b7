"""A killed worker takes its job with it: otherwise the job would run on beside its repetition."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from app.adapters.embedded import embedded_servers
from app.kernel.jobs import QUEUE
from config import Config
from tests.cli.conftest import ROOT, soon


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_killed_workers_job_dies_with_it(tmp_path: Path) -> None:
    config = Config(instance=tmp_path / "instance", secret="x", database_url=None, redis_url=None)
    with embedded_servers(config, durable=False) as servers:
        queue = Queue(QUEUE, connection=Redis.from_url(servers.redis_url), serializer=JSONSerializer)
        queue.enqueue("time.sleep", 300)
        environment = os.environ | servers.environment() | {"TRESTLE_INSTANCE": str(tmp_path / "worker")}
        worker = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"], cwd=ROOT, env=environment)
        soon(lambda: children(worker.pid), what="the job's start")
        (horse,) = children(worker.pid)
        soon(lambda: os.getpgid(horse) == horse, what="the job's own process group")
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        soon(lambda: not Path(f"/proc/{horse}").exists(), seconds=5, what="the end of the job")
