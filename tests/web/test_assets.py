"""Static files: kept for a year under their fingerprint, compressed, nothing outside of the folder."""

from __future__ import annotations

import gzip

from flask import Flask


def test_a_module_and_what_it_imports_are_kept_for_a_year(app: Flask) -> None:
    with app.test_request_context():
        address = app.jinja_env.globals["asset"]("js/app.js")
    client = app.test_client()
    entry = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert entry.headers["Content-Encoding"] == "gzip"
    assert b"behaviors/live.js" in gzip.decompress(entry.data)
    imported = client.get(address.replace("app.js", "behaviors/live.js"))
    for answer in (entry, imported):
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.mimetype == "text/javascript"


def test_an_old_pages_address_still_answers_but_is_not_kept(app: Flask) -> None:
    answer = app.test_client().get("/static/v-000000000000/js/app.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_nothing_outside_of_the_folder(app: Flask) -> None:
    for path in ("../config.py", "%2e%2e/config.py", "js/../../config.py", "/etc/passwd"):
        answer = app.test_client().get(f"/static/v-000000000000/{path}", headers={"Accept-Encoding": "gzip"})
        assert answer.status_code in (404, 308), path


def test_robots_are_kept_out_and_an_icon_is_there(app: Flask) -> None:
    assert "Disallow: /" in app.test_client().get("/robots.txt").text
    assert app.test_client().get("/favicon.ico", follow_redirects=True).mimetype == "image/svg+xml"
