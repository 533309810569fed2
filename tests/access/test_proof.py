"""Proof of work: wanted only when it is busy, and good for one reservation, within twenty minutes."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from altcha import Challenge, Payload, Solution, solve_challenge
from hypothesis import given
from hypothesis import strategies as st

from kcc.access.proof import Proofs
from kcc.errors import ProofRequired

# Far from the machine's clock: the service can run on a clock of its own.
NOW = datetime(2031, 3, 30, 0, 59, tzinfo=UTC)
PAST = datetime(2019, 3, 30, 0, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)
KEY = "a key that is only used in this test"
ABOVE = 3


def _proofs(*, now: datetime | None = NOW, key: str = KEY, enabled: bool = True) -> Proofs:
    """Proofs, wanted at `now` already."""
    proofs = Proofs(key, enabled=enabled, above=ABOVE)
    for _ in range(ABOVE + 1 if now else 0):
        assert now
        proofs.note(now)
    return proofs


def _busy(proofs: Proofs, now: datetime) -> None:
    for _ in range(ABOVE + 1):
        proofs.note(now)


def _solve(proofs: Proofs, now: datetime) -> str:
    challenge = Challenge.from_dict(proofs.challenge(now))
    solution = solve_challenge(challenge)
    assert solution
    return Payload(challenge, solution).to_base64()


@pytest.fixture(scope="module")
def solved() -> str:
    """A right answer to a challenge of NOW."""
    return _solve(_proofs(), NOW)


def test_no_proof_is_wanted_until_more_came_in_a_minute_than_the_setting_says() -> None:
    proofs = _proofs(now=None)
    for _ in range(ABOVE):
        proofs.note(NOW)
        assert not proofs.wanted(NOW)
        proofs.check(None, NOW)
    proofs.note(NOW + 59 * SECOND)
    assert proofs.wanted(NOW + 59 * SECOND)


def test_a_minute_later_none_is_wanted_any_more() -> None:
    proofs = _proofs()
    assert proofs.wanted(NOW + 59 * SECOND)
    assert not proofs.wanted(NOW + 60 * SECOND)
    proofs.check(None, NOW + 60 * SECOND)


def test_the_minute_moves() -> None:
    proofs = _proofs(now=None)
    for second in range(0, 300, 20):  # three a minute, never four
        proofs.note(NOW + second * SECOND)
        assert not proofs.wanted(NOW + second * SECOND)


def test_a_clock_set_back_does_not_keep_asking() -> None:
    assert not _proofs().wanted(NOW - timedelta(hours=1))


def test_switched_off_none_is_ever_wanted() -> None:
    proofs = _proofs(enabled=False)
    assert not proofs.wanted(NOW)
    proofs.check("nonsense", NOW)


def test_a_solved_challenge_is_taken_once(solved: str) -> None:
    proofs = _proofs()
    proofs.check(solved, NOW)
    with pytest.raises(ProofRequired):
        proofs.check(solved, NOW)


def test_written_another_way_it_is_still_the_same_one(solved: str) -> None:
    proofs = _proofs()
    proofs.check(solved, NOW)
    other = base64.b64encode(json.dumps(json.loads(base64.b64decode(solved)), indent=1).encode()).decode()
    with pytest.raises(ProofRequired):
        proofs.check(other, NOW)


@pytest.mark.parametrize("now", [NOW, PAST], ids=["future", "past"])
def test_it_can_be_used_for_twenty_minutes_by_the_services_own_clock(now: datetime) -> None:
    proofs = _proofs(now=None)
    first, second = _solve(proofs, now), _solve(proofs, now)
    in_time, too_late = now + timedelta(minutes=19), now + timedelta(minutes=20)
    _busy(proofs, in_time)
    proofs.check(first, in_time)
    _busy(proofs, too_late)
    with pytest.raises(ProofRequired):
        proofs.check(second, too_late)


def test_another_process_with_the_same_key_takes_it(solved: str) -> None:
    _proofs().check(solved, NOW)


def test_another_installation_does_not(solved: str) -> None:
    with pytest.raises(ProofRequired):
        _proofs(key=KEY + "!").check(solved, NOW)


def _changed(solved: str, *path: str, value: object) -> str:
    data = json.loads(base64.b64decode(solved))
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    assert inner[path[-1]] != value
    inner[path[-1]] = value
    return base64.b64encode(json.dumps(data).encode()).decode()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("challenge", "parameters", "data", "expires"), 9e9),
        (("challenge", "parameters", "nonce"), "00" * 16),
        (("challenge", "parameters", "cost"), 1),
        (("challenge", "parameters", "keyPrefix"), "00"),
        (("challenge", "parameters", "keySignature"), None),
        (("challenge", "signature"), ""),
        (("solution", "derivedKey"), "00" * 32),
        (("solution",), None),
        (("challenge",), []),
        (("challenge", "parameters"), "x"),
    ],
)
def test_a_changed_challenge_or_solution_is_refused(solved: str, path: tuple[str, ...], value: object) -> None:
    with pytest.raises(ProofRequired):
        _proofs().check(_changed(solved, *path, value=value), NOW)


def test_an_unsolved_challenge_is_refused() -> None:
    proofs = _proofs()
    challenge = Challenge.from_dict(proofs.challenge(NOW))
    guess = Payload(challenge, Solution(1, challenge.parameters.key_prefix + "00" * 16)).to_base64()
    with pytest.raises(ProofRequired):
        proofs.check(guess, NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)
SHAPED = st.fixed_dictionaries(
    {
        "challenge": st.fixed_dictionaries({"parameters": JSON, "signature": JSON}) | JSON,
        "solution": st.fixed_dictionaries({"counter": JSON, "derivedKey": JSON}) | JSON,
    }
)
ENCODED = (SHAPED | JSON).map(lambda data: base64.b64encode(json.dumps(data).encode()).decode())


@given(st.none() | st.text() | ENCODED)
def test_whatever_else_is_sent_is_refused_with_a_sentence(payload: str | None) -> None:
    with pytest.raises(ProofRequired, match=r"Probeer het opnieuw, of bel ons\."):
        _proofs().check(payload, NOW)
