"""Operating: the console of whoever runs the installation, and what it is measured by."""

from __future__ import annotations
