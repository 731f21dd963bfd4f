"""What is counted of a task and of a case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.runtime.counting import in_steps, month_of, task, verdict, whole_case
from engine.store.cases import CaseRow, TaskRow
from engine.store.service_level import Counted

ENDED = CaseRow("k", "p", "e", 1, b"", ended_at="2026-06-09T03:00:00.000000Z", promised="2026-06-10T03:00:00.000000Z",
                office_minutes=900, applicant_minutes=300)


@pytest.mark.parametrize(("minutes", "counted"), [
    (0, 0), (1, 1), (119, 119), (120, 120), (124, 120), (449, 445), (450, 450), (464, 450), (465, 465), (3150, 3150)])
def test_short_times_are_counted_to_the_minute_and_long_ones_in_steps(minutes: int, counted: int) -> None:
    assert in_steps(minutes) == counted


@pytest.mark.parametrize(("due", "finished", "told"), [
    (None, "2026-06-09", "tanpa"), ("2026-06-09", "2026-06-09", "tepat"), ("2026-06-09", "2026-06-10", "lewat")])
def test_at_the_limit_itself_it_is_still_in_time(due: str | None, finished: str, told: str) -> None:
    assert verdict(due, finished) == told


def test_a_task_is_counted_in_the_month_of_the_office_in_which_it_was_done() -> None:
    done = TaskRow("k", 1, "a", "loket", "2026-02-27T03:00:00.000000Z", closed_at="2026-02-28T17:00:00.000000Z",
                   office_minutes=123)
    assert task("p", done) == Counted("p", "2026-03", "a", "loket", "tanpa", 120)
    assert month_of("2026-02-28T16:59:59.999999Z") == "2026-02"


def test_a_case_is_counted_at_the_office_and_apart_from_that_with_the_applicant() -> None:
    assert whole_case(ENDED, "warga") == [
        Counted("p", "2026-06", "", "", "tepat", 900), Counted("p", "2026-06", "", "warga", "tanpa", 300)]
    assert whole_case(replace(ENDED, promised=None), None) == [Counted("p", "2026-06", "", "", "tanpa", 900)]
