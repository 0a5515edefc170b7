"""What became of jobs: how many, how long, and the latest failures, in Redis. For the console and the metrics only.

Nothing depends on it: rows say what is still to be done, and a wiped Redis begins to count anew.
"""

from __future__ import annotations

import json
import secrets
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from redis import Redis, RedisError
from rq import get_current_job
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.clock import now

log = structlog.get_logger(__name__)

_FAILURES, _COUNTS, _SECONDS = "outcomes:failures", "outcomes:counts", "outcomes:seconds"
#: Failures that are kept, the latest.
KEPT = 200


@dataclass(frozen=True)
class Failure:
    """A job that raised. Its arguments are ids; values that a database's message would name are left out."""

    key: str
    at: str
    job: str
    organization_id: int | None
    arguments: list[Any]
    error: str
    trace: str

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


def note(
    redis: Redis, job: str, organization_id: int | None, args: Sequence[Any], seconds: float, error: Exception | None
) -> None:
    """Count a job that ended, and keep how it failed. A Redis that is away counts nothing."""
    try:
        with redis.pipeline(transaction=False) as pipe:
            pipe.hincrby(_COUNTS, f"{job}:{'failed' if error else 'done'}", 1)
            pipe.hincrbyfloat(_SECONDS, f"{job}:running", seconds)
            pipe.hincrbyfloat(_SECONDS, f"{job}:waiting", _waited(seconds))
            if error is not None:
                kept = Failure(
                    secrets.token_hex(8),
                    now().isoformat(),
                    job,
                    organization_id,
                    list(args),
                    said(error),
                    _trace(error),
                )
                pipe.lpush(_FAILURES, json.dumps(asdict(kept)))
                pipe.ltrim(_FAILURES, 0, KEPT - 1)
            pipe.execute()
    except RedisError as away:
        log.warning("outcomes.unreachable", error=str(away))


def failures(redis: Redis) -> list[Failure]:
    """The latest failures, newest first. Raises RedisError."""
    found: Any = redis.lrange(_FAILURES, 0, KEPT - 1)
    return [Failure(**json.loads(one)) for one in found]


def take(redis: Redis, key: str) -> Failure | None:
    """Take a failure off the list; None when somebody else has. Raises RedisError."""
    found: Any = redis.lrange(_FAILURES, 0, KEPT - 1)
    for one in found:
        if json.loads(one)["key"] == key:
            return Failure(**json.loads(one)) if redis.lrem(_FAILURES, 1, one) else None
    return None


def counts(redis: Redis) -> Mapping[tuple[str, str], int]:
    """{(job, "done" or "failed"): how many}. Raises RedisError."""
    found: Any = redis.hgetall(_COUNTS)
    return {_parted(name): int(value) for name, value in found.items()}


def seconds(redis: Redis) -> Mapping[tuple[str, str], float]:
    """{(job, "running" or "waiting"): seconds altogether}. Raises RedisError."""
    found: Any = redis.hgetall(_SECONDS)
    return {_parted(name): float(value) for name, value in found.items()}


def said(error: BaseException) -> str:
    """One line. Of a database's error only its kind: its message repeats values."""
    kind = type(error).__name__
    if isinstance(error, SQLAlchemyError):
        return f"{kind}: {type(getattr(error, 'orig', None)).__name__}"
    first = str(error).strip().splitlines()
    return f"{kind}: {first[0][:300]}" if first else kind


def _trace(error: BaseException) -> str:
    """Where it happened, without what was worked on: frames have lines of code and no values."""
    return "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)[-30:]))[:20_000]


def _parted(name: bytes) -> tuple[str, str]:
    job, _, what = name.decode().rpartition(":")
    return job, what


def _waited(running: float) -> float:
    """Seconds between asking and beginning."""
    job = get_current_job()
    asked = getattr(job, "enqueued_at", None)
    if asked is None:
        return 0.0
    return max(0.0, (datetime.now(UTC) - asked.replace(tzinfo=asked.tzinfo or UTC)).total_seconds() - running)
