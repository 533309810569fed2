"""Lines of a queue_log: every event of Asterisk, those of dialplans, and garbage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.connectors.queue_log import KNOWN, MISSING, Facts, Garbage, QueueEvent, parse, read

HEAD = "1795507200|1795507190.7|algemeen|SIP/101|"


def facts(rest: str) -> Facts:
    return parse(HEAD + rest).facts


@pytest.mark.parametrize("end", ["", "|"])
@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("ENTERQUEUE||0612345678|3", Facts(caller="0612345678", position=3)),
        ("CONNECT|12|1795507190.8|4", Facts(hold=12, ring_ms=4000)),
        ("COMPLETECALLER|12|95|3", Facts(hold=12, talk=95, position=3)),
        ("COMPLETEAGENT|12|95|3", Facts(hold=12, talk=95, position=3)),
        ("ABANDON|1|3|25", Facts(wait=25, position=3)),
        ("EXITWITHTIMEOUT|1|3|25", Facts(wait=25, position=3)),
        ("EXITEMPTY|1|3|25", Facts(wait=25, position=3)),
        ("EXITWITHKEY|9|1|3|25", Facts(wait=25, position=3, key="9")),
        ("WITHDRAW|1|3|25|info", Facts(wait=25, position=3)),
        ("BLINDTRANSFER|2300|intern|12|95|3", Facts(hold=12, talk=95, position=3, target="2300")),
        ("ATTENDEDTRANSFER|BRIDGE|a1b2|12|95|3", Facts(hold=12, talk=95, position=3, target="a1b2")),
        ("ATTENDEDTRANSFER|LINK|SIP/a|SIP/b|12|95|3", Facts(hold=12, talk=95, position=3, target="SIP/a SIP/b")),
        ("RINGNOANSWER|15000", Facts(ring_ms=15000)),
        ("RINGCANCELED|700", Facts(ring_ms=700)),
        ("PAUSE|lunch", Facts()),
        ("QUEUESTART", Facts()),
        ("JOINEMPTY|anything|at all", Facts()),
    ],
)
def test_what_each_event_says(rest: str, end: str, expected: Facts) -> None:
    assert facts(rest + end) == expected


def test_a_line_is_an_event_with_its_data_as_written() -> None:
    event = parse("1795507200|NONE|NONE|SIP/101|DID|0201234567|x|")
    assert event == QueueEvent(1795507200, "NONE", "NONE", "SIP/101", "DID", ["0201234567", "x"], Facts())
    assert "DID" not in KNOWN


def test_old_exchanges_tell_less() -> None:
    assert facts("EXITWITHTIMEOUT|1") == Facts()
    assert facts("CONNECT|12") == Facts(hold=12)
    assert facts("COMPLETEAGENT||") == Facts(hold=MISSING)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("nonsense", "1 fields"),
        ("1795507200|1|algemeen|NONE", "4 fields"),
        ("tomorrow|1|algemeen|NONE|ABANDON|1|1|5", "'tomorrow', not seconds since 1970"),
        ("12|1|algemeen|NONE|ABANDON|1|1|5", "between 2000 and 2100"),
        ("9999999999|1|algemeen|NONE|ABANDON|1|1|5", "between 2000 and 2100"),
        (HEAD, "no event"),
        (HEAD + "CONNECT|soon|1|2", "hold time is 'soon'"),
        (HEAD + "CONNECT|-3|1|2", "hold time is '-3'"),
        (HEAD + "ABANDON|1|1|²", "wait is '²'"),
        (HEAD + "COMPLETEAGENT|1|9999999999|1", "talk time"),
        (HEAD + "ATTENDEDTRANSFER|BRIDGE|3", "2 fields of data"),
        (HEAD + "NOTE|a\x00b", "NUL"),
        (HEAD + "NOTE|" + "x" * 5000, "characters"),
        ("1795507200|" + "9" * 81 + "|algemeen|NONE|ABANDON|1|1|5", "81 characters"),
    ],
)
def test_garbage_is_told_with_its_number_and_stops_nothing(line: str, problem: str) -> None:
    good = HEAD + "CONNECT|1|2|3"
    first, second, third = read([good, line, good + "\r\n"], first=7)
    assert isinstance(second, Garbage)
    assert (second.number, second.line) == (8, line)
    assert problem in second.problem
    assert first == third == (good, parse(good))


@given(st.lists(st.text()))
def test_no_line_raises_anything(lines: list[str]) -> None:
    assert len(list(read(lines))) == sum(bool(line.rstrip("\r\n")) for line in lines)


@given(st.lists(st.sampled_from(["1795507200", "c.1", "q", "CONNECT", "ATTENDEDTRANSFER", "3", "", "-1"]), max_size=10))
def test_no_mixture_of_fields_raises_anything(fields: list[str]) -> None:
    for item in read(["|".join(fields)]):
        assert isinstance(item, Garbage) or item[1].event
