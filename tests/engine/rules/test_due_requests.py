"""JSON lines: every good line is answered, every bad line is refused under its id, nothing is guessed."""

import json
import tomllib
from pathlib import Path

import pytest

from engine.rules.calendars import calendar_from
from engine.rules.due_requests import answer_line, write_line

TABLES = tomllib.loads((Path(__file__).parents[3] / "processes/_shared/kalender.toml").read_text(encoding="utf-8"))
ASKED = {"id": "a", "received": "2026-03-13T10:00+07:00", "duration": "7 hari kerja"}
SPENT = {"id": "b", "from": "2026-06-12T15:00+07:00", "to": "2026-06-15T08:00+07:00"}


@pytest.fixture(scope="module")
def calendar():
    """The calendar every office starts from."""
    return calendar_from(TABLES)


def answer(calendar, **asked):
    """The answer to one object."""
    return answer_line(calendar, json.dumps(asked).encode())


@pytest.mark.parametrize(("change", "due"), [
    ({}, "2026-03-31T16:00:00+07:00"),
    ({"received": "2026-03-13T03:00Z"}, "2026-03-31T16:00:00+07:00"),
    ({"received": "2026-03-12T22:30:00-04:30"}, "2026-03-31T16:00:00+07:00"),
    ({"received": "2026-03-13T10:00:00.25+07", "duration": "1 jam"}, "2026-03-13T11:00:00.250000+07:00"),
    ({"received": "2026-03-13T10:00:07+07:00", "duration": "1 jam"}, "2026-03-13T11:00:07+07:00"),
    ({"pauses": []}, "2026-03-31T16:00:00+07:00"),
    ({"pauses": None, "overrides": None}, "2026-03-31T16:00:00+07:00"),
    ({"pauses": [["2026-03-16T10:00+07:00", "2026-03-17T09:00+07:00"]]}, "2026-04-01T16:00:00+07:00"),
    ({"overrides": {"2026-03-18": {"kind": "kerja"}}}, "2026-03-30T16:00:00+07:00"),
    ({"overrides": {"2026-03-31": {"kind": "kerja", "hours": [["07:30", "12:00"]]}}}, "2026-03-31T12:00:00+07:00"),
    ({"overrides": {"2026-03-31": {"kind": "libur"}, "2026-04-01": {"kind": "libur", "hours": None}}},
     "2026-04-02T16:00:00+07:00"),
])
def test_a_due_date_is_answered_in_office_time(calendar, change, due):
    assert answer(calendar, **{**ASKED, **change}) == {"id": "a", "due": due}


@pytest.mark.parametrize(("change", "minutes", "applicant"), [
    ({}, 120, 0),
    ({"pauses": [["2026-06-12T16:00+07:00", "2026-06-15T07:45+07:00"]]}, 75, 45),
    ({"to": "2026-06-12T15:00:45+07:00"}, 0.75, 0),
    ({"to": "2026-06-12T15:00+07:00"}, 0, 0),
    ({"overrides": {"2026-06-13": {"kind": "kerja", "hours": [["08:00", "09:00"]]}}}, 180, 0),
])
def test_elapsed_minutes_are_split(calendar, change, minutes, applicant):
    assert answer(calendar, **{**SPENT, **change}) == {"id": "b", "minutes": minutes, "pemohon_minutes": applicant}


@pytest.mark.parametrize("change", [
    {"received": "2026-03-13T10:00"}, {"received": "20260313T1000+07:00"}, {"received": "2026-W11-5T10:00+07:00"},
    {"received": "2026-02-29T10:00+07:00"}, {"received": "2026-03-13T24:00+07:00"},
    {"received": "2026-03-13 10:00+07:00"}, {"received": "2026-03-13"}, {"received": 5}, {"received": None},
    {"received": "2026-03-13T10:00:00.1234567+07:00"}, {"received": "2026-03-13T10:00+25:00"},
    {"received": "٢٠٢٦-03-13T10:00+07:00"}, {"received": "9999-12-31T10:00+07:00"},
    {"duration": "7 hari"}, {"duration": "0 jam"}, {"duration": 7}, {"duration": "-1 jam"},
    {"pauses": [["2026-03-17T09:00+07:00", "2026-03-16T09:00+07:00"]]}, {"pauses": [["2026-03-16T09:00+07:00"]]},
    {"pauses": {}}, {"pauses": [["2026-03-16T09:00+07:00", None]]}, {"pauses": ["2026-03-16T09:00+07:00"]},
    {"overrides": {"20260318": {"kind": "kerja"}}}, {"overrides": {"2026-W12-3": {"kind": "kerja"}}},
    {"overrides": {"2026-02-30": {"kind": "kerja"}}}, {"overrides": {"2026-03-18": {"kind": "cuti"}}},
    {"overrides": {"2026-03-18": "kerja"}}, {"overrides": []}, {"overrides": {"2026-03-18": {}}},
    {"overrides": {"2026-03-18": {"kind": "kerja", "hours": []}}},
    {"overrides": {"2026-03-18": {"kind": "kerja", "hours": [["12:00", "07:30"]]}}},
    {"overrides": {"2026-03-18": {"kind": "libur", "hours": [["07:30", "12:00"]]}}},
    {"overrides": {"2026-03-18": {"kind": "kerja", "jam": [["07:30", "12:00"]]}}},
    {"from": "2026-03-13T10:00+07:00"}, {"pause": []},
])
def test_a_bad_line_is_answered_under_its_id(calendar, change):
    found = answer(calendar, **{**ASKED, **change})
    assert (set(found), found["id"]) == ({"id", "error"}, "a")
    assert found["error"].endswith(".")


@pytest.mark.parametrize("missing", ["received", "duration"])
def test_a_line_that_asks_half_is_refused(calendar, missing):
    found = answer(calendar, **{key: value for key, value in ASKED.items() if key != missing})
    assert missing in found["error"]


def test_time_that_runs_backwards_is_refused(calendar):
    assert "error" in answer(calendar, id=1, **{"from": SPENT["to"], "to": SPENT["from"]})


@pytest.mark.parametrize("line", [
    b"", b"{", b"[]", b"5", b"null", b'"a"', b"\xff\xfe", b'{"id": "a", "id": "b"}', b'{"id": NaN}',
    b"[" * 100_000,
    b'{"received": "2026-03-13T10:00+07:00", "duration": "1 jam"}', b'{"id": true}', b'{"id": {"a": 1}}',
    b'{"id": 1.5}',
    b'{"id": "a", "received": "2026-03-13T10:00+07:00", "duration": "1 jam", "duration": "2 jam"}',
])
def test_a_line_that_is_no_request_is_refused_without_an_id(calendar, line):
    found = answer_line(calendar, line)
    assert (set(found), found["id"]) == ({"id", "error"}, None)


def test_ids_come_back_as_they_were_written(calendar):
    for name in ("a", "Ä\ud800", 7, ""):
        assert json.loads(write_line(answer(calendar, **{**ASKED, "id": name})))["id"] == name
