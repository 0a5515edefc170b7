"""`python -m tests.sweeps` prints the rows that are missing from urls.toml, with what everybody gets now."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

test = Path(__file__).with_name("test_urls.py")
sys.exit(pytest.main([str(test), "-k", "test_every_address_has_a_row", "-q", "--no-header", "--show-capture=no"]))
