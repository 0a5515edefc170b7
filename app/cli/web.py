"""Gunicorn's settings: `gunicorn --config python:app.cli.web wsgi:app`, in production as in `make run`.

With SO_REUSEPORT each process has a queue of its own; without it keep-alive connections pile up on one. The application
is loaded once and forked (a process costs less than half the memory); SQLAlchemy and redis-py notice a fork themselves.
"""

import gc
import os
import shutil
import sys

from config import Config

_config = Config()
#: Where processes count for one another (app.operating.measuring); read when the counting library is first imported.
_counts = os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(_config.instance / "metrics"))
if "gunicorn" in sys.modules:  # before the application is loaded; counts begin at none
    shutil.rmtree(_counts, ignore_errors=True)
    os.makedirs(_counts, mode=0o700, exist_ok=True)

bind = f"[{_config.host}]:{_config.port}" if ":" in _config.host else f"{_config.host}:{_config.port}"
worker_class = "gthread"
workers = _config.web_processes
threads = _config.web_threads
reuse_port = True
preload_app = True
keepalive = 15
timeout = 60
graceful_timeout = 5
#: The application logs requests itself.
accesslog = None
errorlog = "-"
loglevel = "warning"
#: It would stand in the home folder, and nobody needs it.
control_socket_disable = True
#: The workers' heartbeats: a file on a disk can stall for longer than `timeout`.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None  # noqa: S108


def pre_fork(server: object, worker: object) -> None:
    """What is loaded now stays: the collector need not touch it, so its pages remain shared."""
    gc.freeze()


def child_exit(server: object, worker: object) -> None:
    """What a process counted stays; what it held at the moment does not."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(getattr(worker, "pid", 0))
