"""The macros as page authors call them: fields from WTForms, buttons, keys; what people write stays text."""

from __future__ import annotations

import pytest
from flask import Flask
from harness import World, create_app
from wtforms import BooleanField, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired


class Settings(Form):
    name = StringField("Name", [InputRequired("Give it a name.")])
    purpose = TextAreaField("Purpose", description="Markdown works.")
    zone = SelectField("Time zone", choices=["UTC", "Europe/Berlin"])
    answer = BooleanField("Answer each sender", description="Once a thread.")
    seen = RadioField("Who may see it", choices=[("all", "Everyone"), ("some", "Members only")], default="all")


@pytest.fixture
def harness_app() -> Flask:
    return create_app(World())


def render(app: Flask, source: str, **context: object) -> str:
    with app.test_request_context():
        return app.jinja_env.from_string(source).render(**context)


def test_a_field_ties_label_help_and_error_to_its_control(harness_app: Flask) -> None:
    form = Settings()
    form.validate()
    html = render(
        harness_app,
        '{% from "web/_field.html" import field, refusal %}{{ refusal(form) }}'
        "{% for f in form %}{{ field(f) }}{% endfor %}",
        form=form,
    )
    assert '<label for="name">Name</label>' in html
    assert 'aria-describedby="name-error" aria-invalid="true" class="input" id="name"' in html
    assert 'id="name-error"' in html
    assert "Give it a name." in html
    assert 'aria-describedby="purpose-help"' in html
    assert 'Purpose <span class="optional">optional</span>' in html
    assert '<fieldset class="field" id="seen"' in html
    assert "another look: <a class" in html
    assert 'href="#name"' in html


def test_what_people_write_stays_text(harness_app: Flask) -> None:
    html = render(
        harness_app,
        '{% from "web/_button.html" import button %}{% from "web/_toast.html" import toast %}'
        "{{ button(evil, data_confirm=evil) }}{{ toast(evil) }}",
        evil='"><img src=x>',
    )
    assert "<img" not in html


def test_a_button_shows_its_key(harness_app: Flask) -> None:
    html = render(
        harness_app,
        '{% from "web/_button.html" import button %}'
        '{{ button("Save", kind="primary", type="submit", key="Mod+Enter", hx_post="/x") }}',
    )
    assert html == (
        '<button class="button primary" type="submit" data-hotkey="Mod+Enter" hx-post="/x">'
        'Save <kbd data-key="Mod+Enter">Ctrl ↵</kbd></button>'
    )
