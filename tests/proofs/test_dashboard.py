"""The proof of the service level, small: what is put in is what the pages count, and the proof notices a stale page."""

from __future__ import annotations

import pytest

from engine.reports.service_level import Drill, Period, after
from tests.builders import Office
from tests.proofs import dashboard
from tests.proofs.crowd import Filling


def test_a_crowd_is_counted_as_if_people_had_worked(office: Office) -> None:
    crowd = Filling(office.engine, office.process, 3).fill(60, 20)
    level = office.engine.service_level
    month = level.this_month()
    found = level.overview(office.process, Period(after(month, -30), month))
    assert found.cases.count == 60 and found.open_cases == 20 + 1
    assert sum(one.done.count + one.open for one in found.steps) == crowd.tasks + 1
    for line in found.steps:
        for kind, number in (("terbuka", line.open), ("selesai", line.done.count), ("lewat", line.done.late)):
            listed = level.behind(Drill(office.process, kind, line.activity, line.post, size=500), found.period)
            assert (len(listed.lines), listed.total) == (number, number)


def test_the_proof_measures_over_http_and_finds_every_page_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    dashboard.main(["--open", "10", "--finished", "20", "--rounds", "2"])
    last = capsys.readouterr().out.splitlines()[-1]
    assert "finished=20 open=10" in last and last.endswith("stale=0")
