"""Forms of sources, questions, dashboards and reports."""
