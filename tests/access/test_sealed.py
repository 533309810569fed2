"""Text that a browser keeps, sealed."""

import string
from datetime import timedelta

import pytest

from kcc.access.sealed import seal, unseal
from tests.conftest import NOW

KEY, HOUR = "a secret of thirty-two characters", timedelta(hours=1)
TEXT = '{"name":"Test Bézoeker"}' * 20


def test_what_is_sealed_can_be_read_again_by_us_alone() -> None:
    sealed = seal(KEY, "details", TEXT, NOW)
    assert unseal(KEY, "details", sealed, NOW + HOUR, HOUR) == TEXT
    assert "Bezoeker" not in sealed
    assert set(sealed) <= set(string.ascii_letters + string.digits + "-_=")
    assert seal(KEY, "details", TEXT, NOW) != sealed
    assert unseal(KEY + "x", "details", sealed, NOW, HOUR) is None
    assert unseal(KEY, "other", sealed, NOW, HOUR) is None
    assert unseal(KEY, "details", sealed, NOW + HOUR + timedelta(seconds=1), HOUR) is None


@pytest.mark.parametrize("wrong", ["", "x", "é", "A" * 100, "=" * 7])
def test_what_is_not_ours_is_nothing(wrong: str) -> None:
    assert unseal(KEY, "details", wrong, NOW, HOUR) is None


def test_a_changed_letter_is_seen() -> None:
    sealed = seal(KEY, "details", TEXT, NOW)
    for place in range(0, len(sealed) - 1, 7):
        other = "A" if sealed[place] != "A" else "B"
        assert unseal(KEY, "details", sealed[:place] + other + sealed[place + 1 :], NOW, HOUR) is None
