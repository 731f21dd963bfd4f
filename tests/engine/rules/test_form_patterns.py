"""Which patterns a form may use, and that none of them keeps the server busy."""

from __future__ import annotations

import time

import pytest

from engine.rules.form.patterns import fits, pattern_fault


@pytest.mark.parametrize("source", [
    "^[0-9]{16}$", "^[a-z][a-z0-9._]{3,29}$", r"^\d{2}\.\d{3}$", r"^-?[0-9]{1,2}\.[0-9]{3,8}, ?[0-9]{2,3}$",
    "^(AB|CD)[0-9]+$",
    "^(ab){2}$", "^[^<>]+$", r"^(\+62|0)[0-9 \-]{8,16}$", "^(abc[0-9]+)?$", "^a+b*c{2,}$"])
def test_plain_patterns_are_taken(source):
    assert pattern_fault(source) is None


@pytest.mark.parametrize("source", [
    "[0-9]{16}", "^[0-9]{16}", "^(a+)+$", "^(a|aa)*$", "^(a*){2,}$", "^((ab)*)*$", "^(x(a|b))+$", r"^(a)\1$",
    "^(?=a)a$",
    "^(?<!a)b$", "^(?P<n>a)$", "^[a$", "^a{3,1}$", "^a+b+c+d+$", "^" + "a" * 300 + "$", "^(a$", r"^\p{L}$", "^a**$",
    "^a*+$", "^a+?$"])
def test_patterns_that_repeat_what_varies_or_use_more_than_the_subset_are_refused(source):
    assert pattern_fault(source)


def test_a_pattern_covers_the_whole_text_and_digits_are_ascii():
    assert fits("^[0-9]+$", "123")
    assert not fits("^[0-9]+$", "123a")
    assert not fits("^[0-9]+$", "123\n")
    assert not fits(r"^\d+$", "١٢٣")


def test_the_worst_pattern_that_is_taken_answers_at_once():
    source = "^[a-z]+[a-z0-9]+[a-z]*!$"
    assert pattern_fault(source) is None
    started = time.perf_counter()
    assert not fits(source, "a" * 200)
    assert time.perf_counter() - started < 1
