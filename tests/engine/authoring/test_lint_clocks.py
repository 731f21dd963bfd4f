"""The clocks of an edition: whatever is written for them runs as it is meant, or is told with its remedy."""

from functools import cache

import pytest

from engine.assembly import load_handlers
from engine.authoring.folder import edition_files
from engine.authoring.lint import FAULT, check_edition
from engine.settings import ROOT

HOUSE = ROOT / "tests" / "second_house"
TOML = "processes/izin-reklame/process.toml"
HANDLERS = load_handlers(ROOT / "handlers")
NOTICES = """
[pesan.terlambat]
nama = "Tugas terlambat"
berkas = "reklame_terbit.txt"
kepada = "camat"
"""
PROMISE = '[janji]\nbatas = "3 hari kerja"\nmulai = "periksa_reklame"\n'
SOUND = {"untuk": '"tugas"', "jenis": '"eskalasi"', "kapan": '"sesudah"', "jarak": '"1 jam"', "kepada": '["camat"]',
         "pesan": '"terlambat"'}


@cache
def house():
    return edition_files(HOUSE / "processes", HOUSE / "forms", "izin-reklame")


def alarm(**changed):
    """A threshold; None leaves a key out."""
    rows = {key: value for key, value in (SOUND | changed).items() if value is not None}
    return "[[ambang]]\n" + "\n".join(f"{key} = {value}" for key, value in rows.items())


def faults(more):
    """Code and element of every fault that this piece of process.toml adds."""
    files = {**house(), TOML: house()[TOML] + f"{NOTICES}\n{more}\n".encode()}
    found = [one for one in check_edition(files, HANDLERS) if one.severity == FAULT]
    assert all(one.message and one.remedy.endswith((".", "”")) for one in found)
    return {(one.code, one.element) for one in found}


@pytest.mark.parametrize("more", [
    alarm(), alarm(kapan='"saat"', jarak=None), alarm(kepada=None, pesan=None), alarm(kecuali='["periksa_reklame"]'),
    alarm(sumber='"Usul"', yakin="false", catatan='"Tanyakan."'), '[hukum]\nbatas = "5 hari kerja"',
    PROMISE, PROMISE + 'pesan_bergeser = "reklame_terbit"', '[pencabutan]\nselama = ["periksa_reklame"]', "[pencabutan]",
    '[perpanjangan]\nhari = 30'])
def test_clocks_that_hold_are_not_complained_of(more):
    assert faults(more) == set()


@pytest.mark.parametrize(("more", "code", "element"), [
    (alarm(jarak='""'), "ambang_tanpa_jarak", "ambang 1"),
    (alarm(jarak='""', kapan='"sebelum"'), "ambang_tanpa_jarak", "ambang 1"),
    (alarm(jarak=None), "ambang_tanpa_jarak", "ambang 1"),
    (alarm(jarak="4"), "batas_salah", "ambang 1"),
    (alarm(kapan='"saat"'), "ambang_jarak_berlebih", "ambang 1"),
    (alarm(kepada="[]"), "ambang_tanpa_penerima", "ambang 1"),
    (alarm(kepada='["bupati"]'), "jabatan_tidak_dikenal", "ambang 1"),
    (alarm(kepda='["camat"]'), "kunci_tidak_dikenal", "ambang 1"),
    (alarm(warna='"merah"'), "kunci_tidak_dikenal", "ambang 1"),
    (alarm() + "\n" + alarm(warna='"merah"'), "kunci_tidak_dikenal", "ambang 2"),
    (alarm(pesan='"lupa"'), "pesan_tidak_dikenal", "ambang 1"),
    (alarm(pesan='"reklame_terbit"'), "pesan_untuk_pemohon", "ambang 1"),
    (alarm(kecuali='["periksa"]'), "kegiatan_tidak_dikenal", "periksa"),
    ('[hukum]\nbatas = ""', "batas_kosong", "hukum"), ("[hukum]\nyakin = false", "batas_kosong", "hukum"),
    ('[hukumx]\nbatas = "5 hari kerja"', "tabel_salah_eja", "hukumx"),
    ('[hukum]\nbatass = "5 hari kerja"', "kunci_salah_eja", "hukum"),
    ('[janji]\nbatas = ""\nmulai = "periksa_reklame"', "batas_kosong", "janji"),
    (PROMISE + 'pesan_bergeser = "lupa"', "pesan_tidak_dikenal", "janji"),
    ('[pencabutan]\nselama = ["periksa"]', "kegiatan_tidak_dikenal", "periksa")])
def test_a_clock_that_would_not_run_as_written_is_told(more, code, element):
    assert (code, element) in faults(more)


@pytest.mark.parametrize("more", [
    alarm(kepada="[1]"), alarm(kepada='[["kasi"]]'), alarm(kepada='"camat"'), alarm(pesan="3"), alarm(pesan="true"),
    alarm(pesan='["a"]'), alarm(kecuali="[3]"), alarm(kecuali='"periksa_reklame"'), PROMISE + 'pesan_bergeser = ["x"]',
    '[pencabutan]\nselama = "periksa_reklame"', '[kelompok_waktu.g]\nbatas = "1 jam"\nlangkah = [1]',
    '[pesan.lain]\nlampiran = [["a"]]'])
def test_a_value_of_the_wrong_kind_is_told_and_ends_no_check(more):
    assert faults(more) == {("definisi_ditolak", None)}
