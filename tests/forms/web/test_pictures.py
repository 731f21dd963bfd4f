"""The small picture of the way, for any process."""

from __future__ import annotations

import pytest

from forms.web import pictures
from forms.web.pictures import FIRST, LAST, draw, steps_of
from tests.builders import Office


def test_the_steps_are_the_rows_of_the_sop_in_order_and_returns_belong_to_their_row(second_office: Office) -> None:
    edition = second_office.edition
    steps = steps_of(edition.process, edition.diagram)
    assert [step.number for step in steps] == ["1", "2", "3"]
    assert steps[0].activities == ("ajukan_reklame", "lengkapi_reklame")
    assert [step.lane for step in steps] == ["Warga", "Loket Kecamatan", "Camat"]
    assert [step.limit for step in steps] == ["", "2 jam", "2 hari kerja"]
    assert [step.applicant for step in steps] == [True, False, False]


def test_a_shared_limit_is_told_with_the_rows_that_share_it(office: Office) -> None:
    process = office.edition.process
    group = process.groups[0]
    rows = [process.rows[one].number for one in group.activities]
    assert pictures.limit_words(process, group.activities[0]) == f"{group.limit} untuk langkah {rows[0]} sampai {rows[-1]}"


@pytest.mark.parametrize("house", ["office", "second_office"])
def test_every_step_has_a_place_in_its_lane_and_none_lies_outside(house: str, request: pytest.FixtureRequest) -> None:
    edition = request.getfixturevalue(house).edition
    picture = draw(edition.process, edition.diagram)
    assert len(picture.bands) == len(edition.process.lanes)
    assert picture.nodes[0].x == FIRST and picture.nodes[-1].x == LAST
    assert all(0 < node.y < picture.height for node in picture.nodes)
    assert len(picture.ways) == len(picture.nodes) - 1


def test_what_is_done_and_where_it_stands_is_marked_and_told(second_office: Office) -> None:
    edition = second_office.edition
    picture = draw(edition.process, edition.diagram, {"ajukan_reklame"}, {"periksa_reklame"})
    assert [node.state for node in picture.nodes] == ["done", "now", "next"]
    assert [band.now for band in picture.bands] == [False, True, False]
    assert picture.sentence == "Langkah 1 sudah dilalui. Sekarang di langkah 2, Memeriksa permohonan, Loket Kecamatan."


def test_what_lies_before_the_first_step_of_a_case_needs_no_doing(second_office: Office) -> None:
    edition = second_office.edition
    picture = draw(edition.process, edition.diagram, (), {"putuskan_reklame"})
    assert [node.state for node in picture.nodes] == ["done", "done", "now"]
    assert picture.sentence.startswith("Langkah 1 dan 2 sudah dilalui.")


def test_a_name_is_told_without_its_number() -> None:
    assert pictures.plain_name("10. Menetapkan") == "Menetapkan"
    assert pictures.plain_name("Menetapkan 2. tahap") == "Menetapkan 2. tahap"


def test_after_a_return_what_was_done_behind_it_is_to_be_done_again(second_office: Office) -> None:
    edition = second_office.edition
    picture = draw(edition.process, edition.diagram, {"ajukan_reklame", "periksa_reklame"}, {"lengkapi_reklame"})
    assert [node.state for node in picture.nodes] == ["now", "next", "next"]
    assert picture.sentence == "Sekarang di langkah 1, Melengkapi permohonan, Warga."
