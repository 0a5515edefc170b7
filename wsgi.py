"""The WSGI entry point: `gunicorn wsgi:app`. By it `flask` finds the application, and its commands."""

from app import create_app
from app.cli.mail import group
from app.cli.newsletter import group as newsletters

app = create_app()
app.cli.add_command(group)
app.cli.add_command(newsletters)
