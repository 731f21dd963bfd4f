"""One transition at a time: what waits, what is ordered, what is late, where a case ends."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import NotCanonical, StepRefused
from engine.runtime.advance import (
    Complete,
    EffectDone,
    EffectFailed,
    Message,
    Ordered,
    Start,
    Step,
    TimerFired,
    apply,
    inspect,
    start,
)
from engine.runtime.diagram import Diagram, load
from tests.small_diagrams import (
    MESSAGE,
    RETURNS,
    TERMINATE,
    boundary,
    drawn,
    flows,
    handler,
    line,
    node,
    person,
    several,
    timer,
)


class Case:
    """A case that is handed one event after the other; its state lives in bytes only."""

    def __init__(self, source: bytes, message: str | None = None, **variables: Any) -> None:
        self.diagram: Diagram = load(source)
        self.seq = 1
        self.step: Step = start(self.diagram, Start(message, variables), 1)

    def hand(self, event: Any) -> Step:
        self.seq += 1
        self.step = apply(self.diagram, self.step.state, event, self.seq)
        return self.step

    def task(self, activity: str) -> int:
        waiting = (*self.step.waiting, *self.step.running, *self.step.timers)
        return next(each.task for each in waiting if each.activity == activity)

    def complete(self, activity: str, **variables: Any) -> Step:
        return self.hand(Complete(self.task(activity), variables))

    def done(self, activity: str, **variables: Any) -> Step:
        return self.hand(EffectDone(self.task(activity), variables))

    def open(self) -> list[str]:
        return sorted(each.activity for each in (*self.step.waiting, *self.step.running))


# --- people and handlers ---

def test_a_case_goes_back_and_on_as_the_condition_says() -> None:
    case = Case(RETURNS)
    for _ in range(3):
        case.complete("isi")
        assert case.complete("periksa", cukup=False).waiting[0].activity == "isi"
    case.complete("isi")
    step = case.complete("periksa", cukup=True)
    assert (step.ended, step.end, step.waiting, step.variables) == (True, "selesai", (), {"cukup": True})


def test_task_ids_are_step_number_and_count() -> None:
    case = Case(RETURNS)
    assert case.step.waiting[0].task >> 20 == 1
    assert case.complete("isi").waiting[0].task >> 20 == 2


def test_a_service_task_orders_its_effect_and_waits_for_the_result() -> None:
    case = Case(line(handler("kirim", "pos", "'ke ' + nama"), person("baca"),
                     flows("mulai > kirim", "kirim > baca", "baca > selesai")), nama="Sari")
    task = case.task("kirim")
    assert case.step.effects == (Ordered(task, "kirim", "pos", {"isi": "ke Sari"}),)
    assert [each.activity for each in case.step.running] == ["kirim"] and case.step.waiting == ()
    assert inspect(case.diagram, case.step.state).effects == ()
    step = case.done("kirim", nomor="7")
    assert (step.waiting[0].activity, step.variables, step.effects) == ("baca", {"nama": "Sari", "nomor": "7"}, ())


def test_inspecting_changes_nothing_and_tells_the_same() -> None:
    case = Case(RETURNS, cukup=None)
    told = inspect(case.diagram, case.step.state)
    assert (told.state, told.digest, told.waiting, told.variables, told.applied) == (
        case.step.state, case.step.digest, case.step.waiting, {"cukup": None}, False)


@pytest.mark.parametrize("event", [Complete, EffectDone])
def test_what_comes_too_late_changes_nothing(event: Any) -> None:
    case = Case(RETURNS)
    gone = case.task("isi")
    before = case.complete("isi")
    step = case.hand(event(gone, {"cukup": True}))
    assert (step.applied, step.state, step.effects) == (False, before.state, ())
    assert step.waiting == before.waiting


def test_events_that_do_not_fit_the_task_change_nothing() -> None:
    case = Case(line(handler("kirim"), boundary("lewat", "kirim", timer("'P1D'"), interrupting=True),
                     flows("mulai > kirim", "kirim > selesai", "lewat > selesai")))
    task, waits = case.task("kirim"), case.task("lewat")
    for event in (Complete(task, {}), TimerFired(task), EffectDone(waits, {}), Complete(waits, {}),
                  EffectFailed(waits, "mati"), EffectFailed(task, "mati"), Message("buka", {}), TimerFired(99)):
        assert not case.hand(event).applied


def test_an_ended_case_takes_nothing_more() -> None:
    case = Case(line(person("isi"), flows("mulai > isi", "isi > selesai")))
    task = case.task("isi")
    ended = case.complete("isi")
    again = case.hand(Complete(task, {"x": 1}))
    assert ended.ended and not again.applied and again.ended and again.end == "selesai" and again.state == ended.state


@pytest.mark.parametrize("value", [1.5, 2 ** 53, {1: 2}, b"x", {"a": {"b": [0.1]}}])
def test_variables_that_cannot_be_stored_exactly_are_refused(value: Any) -> None:
    case = Case(RETURNS)
    with pytest.raises(NotCanonical):
        case.complete("isi", cukup=value)
    with pytest.raises(NotCanonical):
        start(case.diagram, Start(None, {"cukup": value}), 1)


def test_variables_are_not_shared_with_the_caller() -> None:
    given = ["a"]
    case = Case(RETURNS)
    step = case.complete("isi", daftar=given)
    given.append("b")
    assert step.variables == {"daftar": ["a"]}


# --- starts, messages, ends ---

TWO_STARTS = drawn(
    node("startEvent", "satu", MESSAGE.format("m_buka")), node("startEvent", "dua", MESSAGE.format("m_tutup")),
    person("a"), person("b"), node("endEvent", "habis", TERMINATE), flows("satu > a", "dua > b", "a > b", "b > habis"))


def test_each_message_start_begins_at_its_own_place() -> None:
    assert (Case(TWO_STARTS, "buka").open(), Case(TWO_STARTS, "tutup").open()) == (["a"], ["b"])


@pytest.mark.parametrize("message", [None, "", "lain"])
def test_a_start_that_is_not_drawn_is_refused(message: str | None) -> None:
    with pytest.raises(StepRefused):
        Case(TWO_STARTS, message)
    with pytest.raises(StepRefused):
        Case(RETURNS, "buka")


LISTENER = drawn(
    node("startEvent", "mulai"), node("parallelGateway", "belah"), person("kerja"), handler("surat"),
    node("intermediateCatchEvent", "dengar", MESSAGE.format("m_tutup")), handler("batal"),
    node("endEvent", "jadi", TERMINATE), node("endEvent", "mundur", TERMINATE),
    flows("mulai > belah", "belah > kerja", "belah > dengar", "kerja > surat", "surat > jadi", "dengar > batal",
          "batal > mundur"))


def test_a_message_reaches_its_listener_with_its_variables_and_the_end_stops_all_work() -> None:
    case = Case(LISTENER)
    assert case.step.messages == ("tutup",)
    case.complete("kerja")
    assert case.hand(Message("tutup", {"alasan": "pindah"})).messages == ()
    assert case.open() == ["batal", "surat"] and case.step.variables == {"alasan": "pindah"}
    late = case.task("surat")
    step = case.done("batal")
    assert (step.ended, step.end, step.running) == (True, "mundur", ())
    assert not case.hand(EffectDone(late, {})).applied


def test_the_other_end_stops_the_listener() -> None:
    case = Case(LISTENER)
    case.complete("kerja")
    step = case.done("surat")
    assert (step.end, step.messages) == ("jadi", ())
    assert not case.hand(Message("tutup", {"alasan": "x"})).applied and case.step.variables == {}


def test_a_plain_end_waits_for_the_other_branches() -> None:
    case = Case(line(node("parallelGateway", "belah"), person("a"), person("b"), node("endEvent", "lain"),
                     flows("mulai > belah", "belah > a", "belah > b", "a > lain", "b > selesai")))
    assert (case.complete("a").ended, case.step.end) == (False, None)
    assert (case.complete("b").ended, case.step.end) == (True, "selesai")


# --- boundary events ---

SIGNING = line(
    person("putus"), handler("tanda"), boundary("mati", "tanda", '<bpmn:errorEventDefinition errorRef="galat_mati"/>',
                                                interrupting=True),
    boundary("lain", "tanda", "<bpmn:errorEventDefinition/>", interrupting=True), person("tanya"),
    flows("mulai > putus", "putus > tanda", "tanda > selesai", "mati > putus", "lain > tanya", "tanya > putus"))


@pytest.mark.parametrize(("code", "next_task"), [("mati", "putus"), ("terputus", "tanya")])
def test_a_failed_effect_goes_to_the_boundary_of_its_code_or_else_of_any(code: str, next_task: str) -> None:
    case = Case(SIGNING)
    case.complete("putus")
    failed = case.task("tanda")
    step = case.hand(EffectFailed(failed, code))
    assert (step.applied, case.open()) == (True, [next_task])
    assert not case.hand(EffectDone(failed, {})).applied


def test_an_error_is_aimed_at_the_task_that_failed_and_at_no_other() -> None:
    case = Case(drawn(
        node("startEvent", "mulai"), node("parallelGateway", "belah"), handler("a"), handler("b"),
        *(boundary(f"g{name}", name, "<bpmn:errorEventDefinition/>", interrupting=True) for name in "ab"),
        person("ra"), person("rb"), node("endEvent", "s"),
        flows("mulai > belah", "belah > a", "belah > b", "a > s", "b > s", "ga > ra", "gb > rb", "ra > s", "rb > s")))
    case.hand(EffectFailed(case.task("b"), "apa_saja"))
    assert case.open() == ["a", "rb"]


def test_a_failure_without_a_boundary_leaves_the_task_waiting_for_its_result() -> None:
    case = Case(line(handler("kirim"), flows("mulai > kirim", "kirim > selesai")))
    assert not case.hand(EffectFailed(case.task("kirim"), "mati")).applied
    assert case.open() == ["kirim"]


REMINDED = line(
    person("isi"), boundary("ingat", "isi", timer("'P14D'"), interrupting=False),
    boundary("ulang", "isi", timer("'R3/P7D'", "timeCycle"), interrupting=False),
    boundary("lewat", "isi", timer("batas", "timeDate"), interrupting=True), handler("surat"), handler("kabar"),
    person("tutup"), node("endEvent", "diam"),
    flows("mulai > isi", "isi > selesai", "ingat > surat", "surat > diam", "ulang > kabar", "kabar > diam",
          "lewat > tutup", "tutup > selesai"))


def test_timers_are_told_with_their_text_host_and_kind() -> None:
    told = {each.activity: (each.attached, each.kind, each.expression, each.interrupting)
            for each in Case(REMINDED, batas="2026-07-09").step.timers}
    assert told == {"ingat": ("isi", "once", "P14D", False), "ulang": ("isi", "cycle", "R3/P7D", False),
                    "lewat": ("isi", "once", "2026-07-09", True)}


def test_a_timer_whose_expression_gives_no_text_never_falls_due() -> None:
    assert {each.activity: each.expression for each in Case(REMINDED, batas=3).step.timers}["lewat"] == ""


def test_a_timer_keeps_the_text_it_began_with() -> None:
    case = Case(REMINDED, batas="2026-07-09")
    case.hand(TimerFired(case.task("ingat")))
    case.done("surat", batas="2027-01-01")
    assert {each.activity: each.expression for each in case.step.timers}["lewat"] == "2026-07-09"


def test_a_reminder_fires_once_and_leaves_the_task() -> None:
    case = Case(REMINDED)
    fired = case.task("ingat")
    assert [each.operation for each in case.hand(TimerFired(fired)).effects] == ["catat"]
    assert case.open() == ["isi", "surat"]
    assert not case.hand(TimerFired(fired)).applied
    case.done("surat")
    assert case.open() == ["isi"] and not case.step.ended


def test_a_repeating_timer_keeps_its_id_and_leaves_no_trace_of_its_ticks() -> None:
    case = Case(REMINDED)
    ticks, size = case.task("ulang"), len(case.step.state)
    for _ in range(50):
        case.hand(TimerFired(ticks))
        case.done("kabar")
    assert case.task("ulang") == ticks and len(case.step.state) < size + 60


def test_work_begun_by_a_tick_lives_on_when_the_task_is_done() -> None:
    case = Case(REMINDED)
    case.hand(TimerFired(case.task("ulang")))
    case.complete("isi")
    assert (case.open(), case.step.timers, case.step.ended) == (["kabar"], (), False)
    assert case.done("kabar").ended


def test_an_interrupting_timer_takes_the_task_away_with_its_other_timers() -> None:
    case = Case(REMINDED)
    gone = case.task("isi")
    case.hand(TimerFired(case.task("lewat")))
    assert (case.open(), case.step.timers) == (["tutup"], ())
    assert not case.hand(Complete(gone, {})).applied


def test_a_pause_waits_for_its_timer() -> None:
    case = Case(line(node("intermediateCatchEvent", "jeda", timer("'PT1H'")), person("a"),
                     flows("mulai > jeda", "jeda > a", "a > selesai")))
    assert (case.open(), case.step.timers[0].attached) == ([], None)
    case.hand(TimerFired(case.task("jeda")))
    assert case.open() == ["a"]


# --- gateways ---

def inclusive(*conditions: str) -> bytes:
    return line(
        node("exclusiveGateway", "temu"), node("inclusiveGateway", "pilih", default="f_pilih_c"),
        person("a"), person("b"), person("c"), node("inclusiveGateway", "gabung"), person("nilai"),
        node("exclusiveGateway", "putus", default="f_putus_selesai"),
        flows("mulai > temu", "temu > pilih", *conditions, "pilih > c", "a > gabung", "b > gabung", "c > gabung",
              "gabung > nilai", "nilai > putus", "putus > temu if lagi == True",
              "putus > selesai"))


BOTH = inclusive("pilih > a if arah in ('a', 'ab')", "pilih > b if arah in ('b', 'ab')")


@pytest.mark.parametrize(("way", "opened"), [("a", ["a"]), ("b", ["b"]), ("ab", ["a", "b"]), (None, ["c"])])
def test_an_inclusive_split_opens_all_branches_that_hold_or_the_default(way: Any, opened: Any) -> None:
    assert Case(BOTH, arah=way).open() == opened


def test_an_inclusive_join_in_a_loop_waits_for_both_branches_in_every_round() -> None:
    case = Case(BOTH, arah="ab")
    for round_ in range(30):
        first, second = ("a", "b") if round_ % 2 else ("b", "a")
        assert case.complete(first).waiting[0].activity == second, f"round {round_}"
        assert case.open() == [second]
        case.complete(second)
        assert case.open() == ["nilai"]
        case.complete("nilai", lagi=True)
    case.complete("a")
    case.complete("b")
    assert case.complete("nilai", lagi=False).ended


def test_a_join_waits_for_a_service_task_that_is_still_running() -> None:
    case = Case(line(
        node("inclusiveGateway", "pilih"), handler("a"), person("b"), node("inclusiveGateway", "gabung"),
        flows("mulai > pilih", "pilih > a if x == 1", "pilih > b if x == 1", "a > gabung", "b > gabung",
              "gabung > selesai")), x=1)
    assert case.complete("b").ended is False
    assert case.done("a").ended


def test_no_condition_and_no_default_is_refused_in_plain_words_and_nothing_changes() -> None:
    for kind in ("inclusiveGateway", "exclusiveGateway"):
        case = Case(line(person("isi"), person("a"), node(kind, "pilih", name="Jalan mana?"),
                         flows("mulai > isi", "isi > pilih", "pilih > a if arah == 'a'",
                               "pilih > selesai if arah == 'b'", "a > selesai")))
        with pytest.raises(StepRefused) as refused:
            case.complete("isi", arah="c")
        assert "Jalan mana?" in refused.value.advice
        assert apply(case.diagram, case.step.state, Complete(case.task("isi"), {"arah": "b"}), 3).ended


def test_of_two_conditions_that_hold_the_first_in_the_file_decides() -> None:
    case = Case(line(node("exclusiveGateway", "pilih", default="f_pilih_selesai"), person("a"), person("b"),
                     flows("mulai > pilih", "pilih > b if x > 1", "pilih > a if x > 0", "pilih > selesai",
                           "a > selesai", "b > selesai")), x=2)
    assert case.open() == ["b"]


def test_a_parallel_join_takes_one_token_of_each_branch() -> None:
    case = Case(line(node("parallelGateway", "belah"), person("a"), person("b"), node("parallelGateway", "gabung"),
                     flows("mulai > belah", "belah > a", "belah > b", "a > gabung", "b > gabung", "gabung > selesai")))
    assert not case.complete("b").ended
    assert case.open() == ["a"]
    assert case.complete("a").ended


def test_a_join_that_is_passed_twice_in_one_step_does_not_count_old_tokens() -> None:
    case = Case(line(
        person("isi"), node("exclusiveGateway", "temu"), node("inclusiveGateway", "pilih", default="f_pilih_gabung"),
        person("a"), node("inclusiveGateway", "gabung"), node("exclusiveGateway", "putus", default="f_putus_selesai"),
        flows("mulai > isi", "isi > temu", "temu > pilih", "pilih > gabung", "pilih > a if arah == 'a'", "a > gabung",
              "gabung > putus", "putus > temu if lagi == True", "putus > selesai")))
    with pytest.raises(StepRefused) as refused:
        case.complete("isi", lagi=True)
    assert "tanpa akhir" in refused.value.advice
    assert case.complete("isi", lagi=False).ended


# --- several people at once ---

SIGNERS = line(person("isi"), person("paraf", several("len(regu)")),
               boundary("lewat", "paraf", timer("'P7D'"), interrupting=True),
               flows("mulai > isi", "isi > paraf", "paraf > selesai", "lewat > selesai"))


@pytest.mark.parametrize("people", [1, 3])
def test_a_task_for_several_waits_for_each_of_them(people: int) -> None:
    case = Case(SIGNERS)
    case.complete("isi", regu=["x"] * people)
    assert case.open() == ["paraf"] * people and len({each.task for each in case.step.waiting}) == people
    for left in range(people - 1, -1, -1):
        step = case.complete("paraf")
        assert len(step.waiting) == left
    assert step.ended


@pytest.mark.parametrize("people", [[], None, 3, True])
def test_a_task_for_nobody_is_passed(people: Any) -> None:
    case = Case(SIGNERS)
    assert case.complete("isi", regu=people).ended


def test_a_task_for_too_many_is_refused() -> None:
    case = Case(SIGNERS)
    with pytest.raises(StepRefused):
        case.complete("isi", regu=["x"] * 101)


def test_an_interrupting_timer_takes_all_instances_away() -> None:
    case = Case(SIGNERS)
    case.complete("isi", regu=["x", "y"])
    left = case.complete("paraf").waiting[0].task
    assert case.hand(TimerFired(case.task("lewat"))).ended
    assert not case.hand(Complete(left, {})).applied


def test_one_failed_effect_of_several_leads_to_the_boundary() -> None:
    several_effects = handler("kirim").replace("</bpmn:extensionElements>", "</bpmn:extensionElements>" + several("2"))
    case = Case(line(several_effects, boundary("gagal", "kirim", "<bpmn:errorEventDefinition/>", interrupting=True),
                     person("tanya"), flows("mulai > kirim", "kirim > selesai", "gagal > tanya", "tanya > selesai")))
    assert len(case.step.effects) == 2
    case.hand(EffectFailed(case.step.running[1].task, "x"))
    assert case.open() == ["tanya"]
