"""Commands for operators: `python -m app.cli <command>`, or `make run`, `make psql`, …

Each command is a function in a small module here that takes its arguments and returns an exit code. Modules import what
is heavy inside their functions: the supervisor (`run`) stays a light process.
"""
