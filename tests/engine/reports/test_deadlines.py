"""The promises of a case as pages read them: what runs, until when, why; standing still; in danger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.clock import parse_stamp, stamp
from engine.reports import deadlines
from engine.reports.deadlines import Deadline, Standing
from engine.store import cases
from engine.store.cases import TaskRow
from tests.builders import Office, open_office
from tests.engine.runtime.test_promises import to_activity


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    opened = open_office(tmp_path_factory.mktemp("kantor"))
    yield opened
    opened.engine.close()


@pytest.fixture(scope="module")
def drafted(office: Office) -> str:
    """A case whose letter is being verified: its task, its group's clock, the promise and the legal limit run."""
    return to_activity(office, "verifikasi_kasi")


def every(office: Office, case: str) -> dict[str, Deadline]:
    return {one.kind: one for one in office.engine.case_files.read(case).deadlines.every}


def away(office: Office, case: str) -> TaskRow:
    """The applicant has had the file since an hour ago."""
    return TaskRow(case, 99 << 20, "x", "pemohon", stamp(office.clock.now() - timedelta(hours=1)))


def test_each_promise_has_its_moment_and_its_days(office: Office, drafted: str) -> None:
    found = every(office, drafted)
    assert list(found) == ["tugas", "kelompok", "janji", "undang_undang"]
    for one in found.values():
        assert one.at is not None and one.why is not None and one.why.days and one.limit
        assert one.why.due >= one.at if one.kind == "tugas" else one.why.due == one.at
    assert (found["kelompok"].limit, found["janji"].limit) == ("6 hari kerja", "14 hari kerja")
    assert "susun_naskah" in found["kelompok"].activities


def test_while_the_applicant_has_the_file_the_clocks_of_the_case_stand_still(office: Office, drafted: str) -> None:
    promises, row = office.engine.promises, office.row(drafted)
    with office.engine.database.reading() as connection:
        tasks = cases.tasks(connection, drafted)
    gone = away(office, drafted)
    found = deadlines.read(promises, Standing(row, [*tasks, gone], []), office.clock.now())
    assert found.paused_since == parse_stamp(gone.opened_at)
    assert {one.kind: one.at for one in found.every if one.kind != "tugas"} == {
        "kelompok": None, "janji": None, "undang_undang": None}
    assert found.in_danger is None


def test_the_legal_limit_is_flagged_from_its_first_threshold(office: Office, drafted: str) -> None:
    promises, row = office.engine.promises, office.row(drafted)
    limit = every(office, drafted)["undang_undang"].at
    assert limit is not None
    warned = promises.warned_from(row.edition, limit)
    assert warned < limit
    with office.engine.database.reading() as connection:
        standing = Standing(row, cases.tasks(connection, drafted), cases.dues(connection, drafted))
    before = deadlines.read(promises, standing, warned - timedelta(minutes=1))
    near, past = (deadlines.read(promises, standing, at) for at in (warned, limit + timedelta(days=1)))
    assert before.in_danger is None
    assert near.in_danger is not None and past.in_danger is not None and past.in_danger.at == limit


def test_a_case_that_never_was_received_has_no_promise(office: Office) -> None:
    assert set(every(office, to_activity(office, "periksa_berkas"))) == {"tugas"}


def test_a_case_that_ended_keeps_what_was_promised(tmp_path: Path) -> None:
    opened = open_office(tmp_path)
    case = opened.play("02-rapat-saja")
    found = opened.engine.case_files.read(case)
    assert [one.kind for one in found.deadlines.every] == ["janji"]
    assert found.deadlines.of_kind("janji").at == found.promised
    opened.engine.close()
