"""The small files of scenarios are real: what the office takes from a person, it takes from a scenario."""

from __future__ import annotations

import pytest

from engine.authoring.props import content_of
from engine.documents import uploads
from engine.rules.scenario import ScenarioRefused


@pytest.mark.parametrize(("token", "kind"), [("ktp.pdf", "application/pdf"), ("denah.jpg", "image/jpeg")])
def test_an_upload_takes_them_as_what_they_are_called(token, kind):
    assert uploads.accept(token, content_of(token)).type == kind


def test_papers_with_different_names_differ():
    assert content_of("a.pdf") != content_of("b.pdf")


def test_another_kind_is_refused_with_a_way_out():
    with pytest.raises(ScenarioRefused) as refusal:
        content_of("ktp.exe")
    assert ".pdf" in refusal.value.advice
