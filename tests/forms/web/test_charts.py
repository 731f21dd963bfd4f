"""Charts: what is drawn is what the numbers say, and fits."""

from __future__ import annotations

import pytest

from forms.web.charts import FLOOR, LONGEST, TOP, WIDTH, bars, columns, level


def test_a_column_is_as_high_as_its_part_and_nothing_has_no_height() -> None:
    found = columns([("Jan", 0.0, "0%"), ("Feb", 1.0, "100%"), ("Mar", None, "")])
    assert [one.height for one in found] == [0, FLOOR - TOP, 0]
    assert [one.newest for one in found] == [False, False, True]
    assert all(one.y + one.height == FLOOR and one.x + one.width <= WIDTH for one in found)


def test_a_lying_bar_has_its_late_part_and_the_longest_ends_before_its_number_runs_out() -> None:
    found = bars([("Loket", 4, 1), ("Kepala Dinas Penanaman Modal", 8, 0), ("Kasi", 0, 0)])
    assert found[0].good == pytest.approx(3 * found[0].late, abs=.3)
    assert found[0].text == "4, 1 terlambat" and found[1].text == "8"
    assert max(one.good + one.late for one in found) == LONGEST and found[0].top < found[1].y


def test_nothing_can_be_drawn_too() -> None:
    assert (columns([]), bars([])) == ([], [])


@pytest.mark.parametrize(("value", "most", "heat"), [(0, 0, 0), (0, 9, 0), (1, 9, 1), (3, 9, 1), (4, 9, 2), (6, 9, 2),
                                                     (7, 9, 3), (9, 9, 3), (1, 1, 1), (2, 2, 2), (1, 3, 1)])
def test_heat_goes_by_thirds_of_the_largest_and_a_single_one_is_no_blaze(value: int, most: int, heat: int) -> None:
    assert level(value, most) == heat
