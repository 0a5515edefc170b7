"""What the pages of sources, questions, dashboards and reports read."""
