"""What is done to sources, questions, dashboards and reports."""
