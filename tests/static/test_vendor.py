"""What we ship to browsers: vendored files are what they claim, ours are small, and nothing breaks the strict CSP."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
MANIFEST = tomllib.loads((VENDOR / "manifest.toml").read_text())["file"]
FIRST_LOAD = 60 * 1024
STATIC_IMPORT = re.compile(r'^(?:import|export)\b[^"\';]*["\'](\.[^"\']+)["\'];', re.M)


#: What a page loads for itself, or a module when it is needed (`import("./…")`).
LATER_IMPORT = re.compile(r'\bimport\(["\'](\.[^"\']+)["\']\)')


def first_load() -> set[Path]:
    """app.js and all that it imports before it runs; what is fetched on demand (`import(…)`) is not among them."""
    return loaded_by(STATIC / "js/app.js", STATIC_IMPORT)


def loaded_by(start: Path, *imports: re.Pattern[str]) -> set[Path]:
    """A module and all that it imports in these ways."""
    found: set[Path] = set()
    waiting = [start]
    while waiting:
        module = waiting.pop().resolve()
        if module not in found:
            found.add(module)
            if VENDOR not in module.parents:
                text = module.read_text()
                waiting += [module.parent / path for way in imports for path in way.findall(text)]
    return found


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["name"])
def test_a_vendored_file_is_unchanged_and_licensed(entry: dict) -> None:
    assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert (VENDOR / entry["licence_file"]).read_text().strip()
    assert entry["version"] in (VENDOR / entry["file"]).read_text()


def test_the_manifest_names_all_that_is_vendored() -> None:
    named = {entry["file"] for entry in MANIFEST} | {entry["licence_file"] for entry in MANIFEST} | {"manifest.toml"}
    assert {path.name for path in VENDOR.iterdir()} == named


def test_the_first_page_loads_little_script() -> None:
    modules = first_load()
    assert STATIC / "vendor/Sortable.min.js" not in modules
    assert sum(len(gzip.compress(module.read_bytes(), 6)) for module in modules) <= FIRST_LOAD


def test_every_module_is_loaded_small_and_says_what_it_binds() -> None:
    ours = {path.resolve() for path in (STATIC / "js").rglob("*.js")}
    pages = " ".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    starts = set(re.findall(r'asset\("(js/[^"]+\.js)"\)', pages)) | {
        "js/inbox/service-worker.js"
    }  # at an address of its own
    assert ours <= {module for start in starts for module in loaded_by(STATIC / start, STATIC_IMPORT, LATER_IMPORT)}, (
        "no page loads it"
    )
    for module in ours:
        text = module.read_text()
        assert text.startswith("// "), module
        assert text.count("\n") <= 150, module
        assert not re.search(
            r"\beval\(|new Function|innerHTML\s*=|insertAdjacentHTML|setAttribute\(\"style"
            r"|window\.(confirm|alert|prompt)",
            text,
        ), module


def test_every_stylesheet_is_linked_once_and_only_base_declares_layers() -> None:
    linked = re.findall(r'asset\("(css/[^"]+)"\)', (ROOT / "templates/web/_styles.html").read_text())
    there = sorted(str(path.relative_to(STATIC)) for path in (STATIC / "css").rglob("*.css"))
    assert sorted(linked) == there
    assert [path for path in there if re.search(r"^@layer [^{]*;", (STATIC / path).read_text(), re.M)] == [
        "css/base.css"
    ]


def test_icons_that_templates_and_scripts_name_exist() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    used = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'\b(?:icon|draw)\("([a-z0-9-]*[a-z0-9])"', path.read_text())
    }
    used |= {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'\bicon="([a-z0-9-]+)"', path.read_text())
    }
    used |= {
        name
        for path in (STATIC / "js").rglob("*.js")
        for name in re.findall(r'\bicon\("([a-z0-9-]*[a-z0-9])"', path.read_text())
    }
    assert used - drawn == set()


def test_no_template_carries_what_the_policy_refuses() -> None:
    refused = re.compile(
        r'<script(?![^>]*\bsrc=)|<style\b|\sstyle="|\son[a-z]+="|\bhx-on\b|javascript:|"js:|hx-trigger="[^"]*\['
    )
    found = {
        str(path.relative_to(ROOT)): refused.findall(path.read_text()) for path in (ROOT / "templates").rglob("*.html")
    }
    assert {path: hits for path, hits in found.items() if hits} == {}
