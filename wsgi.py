"""The WSGI entry point: `gunicorn wsgi:app`. By it `flask` finds the application, and its commands."""

from app import create_app
from app.cli import backfills, keys, mail, operators

app = create_app()
for command in (mail.group, operators.group, backfills.group, keys.group):
    app.cli.add_command(command)
