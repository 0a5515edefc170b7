"""Limits: how often something may be tried, counted in Redis. When nothing can be counted, nothing may be tried."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta

import structlog
from redis import RedisError

from app.kernel.errors import TooMany, Unavailable
from app.kernel.jobs import redis

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limit:
    """At most `most` tries a subject within `per`, counted from the first of them."""

    name: str
    most: int
    per: timedelta

    def key(self, subject: str) -> str:
        """Redis never learns whom we count: the subject stands there as a hash."""
        return f"limit:{self.name}:{hashlib.sha256(subject.encode()).hexdigest()[:32]}"


def spend(*tries: tuple[Limit, str]) -> None:
    """Count one try against each (limit, subject); one round trip. The try that is refused counts too.

    Raises TooMany with the seconds to wait, and Unavailable when Redis cannot be asked: limits fail closed.
    """
    try:
        with redis().pipeline() as pipe:
            for limit, subject in tries:
                key = limit.key(subject)
                pipe.set(key, 0, ex=math.ceil(limit.per.total_seconds()), nx=True)
                pipe.incr(key)
                pipe.ttl(key)
            answers = pipe.execute()
    except RedisError as error:
        log.warning("limits.unreachable", error=str(error))
        raise Unavailable("This cannot be checked right now, so it was not done. Try again in a moment.") from error
    spent = zip(tries, answers[1::3], answers[2::3], strict=True)
    waits = [(int(ttl), limit.name) for (limit, _), count, ttl in spent if count > limit.most]
    if waits:
        seconds, name = max(waits)
        log.info("limits.reached", limit=name)
        raise TooMany(f"Too many tries. Try again in {_words(max(seconds, 1))}.", retry_after=max(seconds, 1))


def forgive(limit: Limit, subject: str) -> None:
    """Forget the tries of a subject, after one that was right. A Redis that is away forgets by itself, later."""
    try:
        redis().delete(limit.key(subject))
    except RedisError as error:
        log.warning("limits.unreachable", error=str(error))


def _words(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} seconds" if seconds != 1 else "a second"
    minutes = math.ceil(seconds / 60)
    if minutes < 120:
        return f"{minutes} minutes" if minutes != 1 else "a minute"
    return f"{math.ceil(minutes / 60)} hours"
