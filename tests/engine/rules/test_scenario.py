"""Scenario files: what is understood, and that every slip of the pen is named with its step."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from engine.rules.calendars import NewDay
from engine.rules.scenario import ScenarioRefused, load_examples, load_scenario

WIB = timezone(timedelta(hours=7))
HEAD = 'nama = "Contoh"\nmulai = 2026-06-09T08:00:00+07:00\n'
START = '[[langkah]]\nsiapa = "warga"\nmulai = "ajukan"\npada = 2026-06-09T08:00:00+07:00\nlalu = {}\n'
STEP = START + '[[langkah]]\nsiapa = "loket"\ntugas = "periksa"\npada = 2026-06-09T09:00:00+07:00\n'


def decreed(day: str, then: str = "lalu = {}") -> str:
    """A scenario in which the administrator changes the calendar so."""
    return f'{HEAD}{START}[[langkah]]\nsiapa = "administrator"\nkalender = {day}\npada = 2026-06-09T09:00:00+07:00\n{then}\n'


def scenario(text: str, examples: str = ""):
    return load_scenario("contoh", text.encode(), load_examples(examples.encode()))


def refused(text: str) -> str:
    with pytest.raises(ScenarioRefused) as refusal:
        scenario(text)
    return refusal.value.advice


def test_a_step_says_who_does_what_when_and_what_must_follow():
    written = 'isi = { lengkap = false }\nlalu = { menunggu = ["isi@warga"], pesan = ["kembali"] }\n'
    step = scenario(HEAD + STEP + written).steps[-1]
    assert (step.who, step.deed, step.name, step.values) == ("loket", "task", "periksa", {"lengkap": False})
    assert step.at == datetime(2026, 6, 9, 9, tzinfo=WIB)
    assert step.then is not None
    assert (step.then.waiting, step.then.notices) == (("isi@warga",), ("kembali",))
    assert (step.then.documents, step.then.end) == ((), None)


def test_due_dates_may_be_written_as_text_or_as_moments():
    for written in ('"2026-06-10T16:00:00+07:00"', "2026-06-10T16:00:00+07:00"):
        step = scenario(HEAD + STEP + f"lalu = {{ batas = {{ isi = {written} }} }}\n").steps[-1]
        assert step.then is not None and step.then.dues == {"isi": "2026-06-10T16:00:00+07:00"}


def test_time_passes_in_a_step_of_the_system():
    text = HEAD + START + '[[langkah]]\nsiapa = "sistem"\njam = 2026-07-09T09:00:00+07:00\nlalu = { akhir = "ditutup" }\n'
    step = scenario(text).steps[-1]
    assert (step.deed, step.at, step.then and step.then.end) == ("wait", datetime(2026, 7, 9, 9, tzinfo=WIB), "ditutup")


def test_shared_values_stand_under_the_values_of_the_step():
    examples = '[periksa.lengkap]\nlengkap = true\ntanggal = 2026-06-09\n'
    step = scenario(HEAD + STEP + 'contoh = "lengkap"\nisi = { catatan = "baik" }\nlalu = {}\n', examples).steps[-1]
    assert step.values == {"lengkap": True, "tanggal": "2026-06-09", "catatan": "baik"}


def test_people_may_be_declared_with_their_posts():
    declared = '[orang.rina]\nnama = "Rina Contoh"\njabatan = ["kasi", "kabid"]\n'
    people = scenario(HEAD + STEP + "lalu = {}\n" + declared).people
    assert people["rina"].posts == ("kasi", "kabid")


def test_a_refusal_may_be_what_is_expected():
    step = scenario(HEAD + STEP + 'ditolak = "isian_salah"\n').steps[-1]
    assert (step.refused, step.then) == ("isian_salah", None)


def test_a_day_of_the_calendar_is_changed_by_the_administrator():
    day = '{ hari = 2026-06-18, jenis = "kerja", jam = [["07:30", "11:30"]], dasar = "SK 9" }'
    step = scenario(decreed(day, 'lalu = { bergeser = ["janji"] }')).steps[-1]
    assert (step.who, step.deed, step.day) == (
        "administrator", "calendar", NewDay(date(2026, 6, 18), True, [["07:30", "11:30"]], "SK 9"))
    assert step.then is not None and step.then.moved == ("janji",)


def test_services_outside_are_named_in_the_head_and_fail_in_a_step():
    failing = 'layanan = { tte = "mati", surel = "menolak_alamat_pemohon" }\n'
    known = scenario(HEAD + 'layanan = ["tte"]\n' + STEP + failing + 'lalu = { gagal = ["surel: kembali"] }\n')
    assert known.services == ("surel", "tte") and known.needs_own_office
    assert known.steps[-1].services == {"tte": "mati", "surel": "menolak_alamat_pemohon"}
    assert known.steps[-1].then is not None and known.steps[-1].then.failures == ("surel: kembali",)


def test_choices_of_the_process_may_be_otherwise_for_one_case():
    known = scenario(HEAD + "pilihan = { mediasi = true }\n" + STEP + "lalu = {}\n")
    assert known.choices == {"mediasi": True} and known.needs_own_office


def test_a_scenario_of_any_office_needs_none_of_its_own():
    assert not scenario(HEAD + STEP + "lalu = {}\n").needs_own_office


@pytest.mark.parametrize(("text", "said"), [
    (HEAD + STEP + 'layanan = { surel = "lambat" }\nlalu = {}\n', "surel = mati atau menolak_alamat_pemohon"),
    (HEAD + STEP + 'layanan = { tte = "mati" }\nlalu = {}\n', "kepala skenario"),
    (HEAD + STEP + 'layanan = { pos = "mati" }\nlalu = {}\n', "pos"),
    (HEAD + STEP + 'layanan = "mati"\nlalu = {}\n', "tabel"),
    (HEAD + 'pilihan = { mediasi = "ya" }\n' + STEP + "lalu = {}\n", "true atau false"),
    (HEAD + 'layanan = ["faks"]\n' + STEP + "lalu = {}\n", "faks"),
    (HEAD + STEP + 'lalu = { ambang = ["terlambat isi@loket"] }\n', "pengingat kegiatan@jabatan"),
    (decreed('{ hari = "besok", jenis = "libur", dasar = "SK" }'), "kalender.hari"),
    (decreed('{ hari = 2026-06-18, jenis = "cuti", dasar = "SK" }'), "libur atau kerja"),
    (decreed('{ hari = 2026-06-18, jenis = "libur" }'), "kalender.dasar"),
    (decreed('{ tanggal = 2026-06-18 }'), "tanggal"),
    (decreed('"libur"'), "{ hari, jenis, dasar }"),
    (decreed('{ hari = 2026-06-18, jenis = "libur", dasar = "SK" }').replace("administrator", "loket"), "administrator"),
    (HEAD + STEP.replace('"loket"', '"administrator"') + "lalu = {}\n", "administrator"),
    ("nama = ", "tidak dapat dibaca"),
    (HEAD, "[[langkah]]"),
    (HEAD + STEP, "langkah 2"),
    (HEAD + STEP.removeprefix(START) + "lalu = {}\n", "langkah pertama"),
    (HEAD + START + START, "langkah 2"),
    (HEAD + STEP + 'lalu = {}\nditolak = "x"\n', "salah satu"),
    (HEAD + STEP + 'mulai = "ajukan"\nlalu = {}\n', "tepat satu"),
    (HEAD + STEP + 'lalu = { menuggu = [] }\n', "menuggu"),
    (HEAD + STEP + 'lalu = { menunggu = ["isi"] }\n', "kegiatan@lajur"),
    (HEAD + STEP + 'lalu = { batas = { isi = "besok" } }\n', "bukan waktu"),
    (HEAD + STEP + 'contoh = "tak_ada"\nlalu = {}\n', "tak_ada"),
    (HEAD + STEP + 'isi = { suhu = 2.5 }\nlalu = {}\n', "pecahan"),
    (HEAD + STEP.replace("+07:00", "") + "lalu = {}\n", "zona"),
    (HEAD + STEP.replace("T09", "T07") + "lalu = {}\n", "mendahului"),
    (HEAD + STEP.replace('"loket"', '"sistem"') + "lalu = {}\n", "sistem"),
    (HEAD.replace("nama", "judul") + STEP + "lalu = {}\n", "judul"),
])
def test_a_slip_is_refused_and_named(text, said):
    assert said in refused(text)


def test_examples_that_are_no_tables_are_refused():
    with pytest.raises(ScenarioRefused):
        load_examples(b'periksa = "lengkap"\n')
