"""The pure parts of hatch_build.py, which is no module of the package."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("café/ZzXx", "cafe"),
        ("Amsterdam/Ze", None),
        ("rijbewijs", "rijbewijs"),
        ("coördinatie/Aa\tpo:noun", "coordinatie"),
        ("€10-biljet/Ze", None),
        ("e-mail/Aa", None),
        ("x/Aa", None),
        ("foutwoord/ZeFw", None),
    ],
)
def test_words_are_folded_and_stripped(hook: ModuleType, line: str, word: str | None) -> None:
    assert hook.folded_word(line) == word


def test_tokens_are_kept_when_read_directly_or_through_another(hook: ModuleType) -> None:
    tokens = ["--a: var(--b, 1px); /* note */", "--b: var(--c);", "--c: 2px;", "--unused: var(--d);", "--d: 3px;"]
    theme = "\n.t {\n  " + "\n  ".join(tokens) + "\n}\n"
    kept = hook.used_tokens(theme, ".x { inline-size: var( --a ); }")
    assert "--a: var(--b, 1px);" in kept
    assert "--b: var(--c);" in kept
    assert "--c: 2px;" in kept
    assert "--unused" not in kept
    assert "--d" not in kept


def test_a_theme_in_another_form_is_kept_whole(hook: ModuleType) -> None:
    theme = "\n.t {\n  --a: 1px;\n}\n@media print {\n.t {\n  --a: 2px;\n}\n}\n"
    assert hook.used_tokens(theme, "") == theme


def test_lock_file_names_no_registry() -> None:
    lock = (ROOT / "src/kcc/web/package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "registry" not in lock
