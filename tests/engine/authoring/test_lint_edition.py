"""A whole edition: what its files say of each other must be true. The second house is broken in one place at a time."""

from functools import cache

import pytest

from engine.assembly import load_handlers
from engine.authoring.folder import edition_files, read_limited
from engine.authoring.lint import CAUTION, FAULT, check_edition
from engine.errors import CannotRun
from engine.settings import ROOT

HOUSE = ROOT / "tests" / "second_house"
NAME = "izin-reklame"
FOLDER, FORMS = f"processes/{NAME}", f"forms/{NAME}"
TOML, DIAGRAM = f"{FOLDER}/process.toml", f"{FOLDER}/{NAME}.bpmn"
HANDLERS = load_handlers(ROOT / "handlers")


@cache
def house():
    return edition_files(HOUSE / "processes", HOUSE / "forms", NAME)


def changed(path, old, new):
    text = house()[path].decode()
    assert old in text, f"{old!r} is not in {path}"
    return {**house(), path: text.replace(old, new).encode()}


def told(files, code, element=None, place=None):
    found = check_edition(files, HANDLERS)
    wanted = [one for one in found if one.code == code and element in (None, one.element) and place in (None,
                                                                                                        one.place)]
    assert wanted, "\n".join(map(str, found)) or "nothing found"
    assert all(one.remedy.endswith((".", "”")) and one.message for one in found)
    return wanted


def test_the_second_house_and_every_process_of_the_office_are_sound():
    assert check_edition(house(), HANDLERS) == []
    for path in sorted((ROOT / "processes").glob("*/process.toml")):
        found = check_edition(edition_files(ROOT / "processes", ROOT / "forms", path.parent.name), HANDLERS)
        assert [one for one in found if one.severity == FAULT] == []


SETTINGS = [
    ('id = "izin-reklame"', 'id = "izin-lain"', "nama_folder", "proses"),
    ('jabatan = "camat"', 'jabatan = "bupati"', "jabatan_tidak_dikenal", "camat"),
    ('id = "loket"', 'id = "camat"', "ganda", "camat"),
    ('nama = "Loket Kecamatan"', 'nama = "Loket"', "lajur_tidak_dikenal", None),
    ('jabatan = "camat"', 'jabatan = "camat"\npemohon = true', "pemohon_ganda", None),
    ('id = "camat"\nnama = "Camat Contoh"',
     'id = "camat"\nnama = "Camat Contoh"\n[[jabatan]]\nid = "juru"\nnama = "Juru"',
     "jabatan_tidak_dipakai", "juru"),
    ('id = "putuskan_reklame"\nbaris', 'id = "putuskan"\nbaris', "kegiatan_tidak_dikenal", "putuskan"),
    ('id = "putuskan_reklame"\nbaris = "3"', 'id = "putuskan_reklame"\nbaris = "4"', "baris_berbeda",
     "putuskan_reklame"),
    ('uraian = "Memeriksa permohonan."', 'uraian = ""', "kegiatan_kosong", "periksa_reklame"),
    ('status = "Diperiksa loket"', 'status = ""', "tanpa_status", "periksa_reklame"),
    ("[akhir.reklame_terbit]", "[akhir.reklame_jadi]", "akhir_tidak_dikenal", "reklame_jadi"),
    ("[akhir.reklame_terbit]", "[akhir.reklame_jadi]", "akhir_tanpa_status", "reklame_terbit"),
    ('hasil = "ditolak"', 'hasil = "gagal"', "definisi_ditolak", None),
    ('jenis = "bilangan"', 'jenis = "pecahan"', "definisi_ditolak", None),
    ("bawaan = 0", "bawaan = 0.5", "bawaan_salah", "luas"), ("bawaan = 0", 'bawaan = "nol"', "bawaan_salah", "luas"),
    ("[variabel.baik]", "[variabel.Baik]", "nama_variabel_salah", "Baik"), ("[variabel.baik]", "[variabel.len]",
                                                                            "nama_variabel_salah", "len"),
    ("[variabel.baik]", "[variabel.bagus]", "variabel_tidak_dikenal", "periksa_reklame"),
    ('[variabel.setuju]\njenis = "ya_tidak"', '[variabel.setuju]\njenis = "ya_tidak"\n[variabel.sisa]\njenis = "teks"',
     "variabel_tidak_dipakai", "sisa"),
    ('jenis = "bilangan"', 'jenis = "teks"', "jenis_tidak_cocok", "ajukan_reklame"),
    ('pola = "{klasifikasi}/{urut:03}/{tahun}"', 'pola = "{klasifikasi}/{tahun}"', "pola_salah", "reklame"),
    ('pola = "{klasifikasi}/{urut:03}/{tahun}"', 'pola = "{bulan_masehi}/{urut}/{tahun}"', "pola_salah", "reklame"),
    ('isi = { klasifikasi = "510" }', "", "pola_salah", "reklame"),
    ('register = "reklame"', 'register = "reklam"', "register_tidak_dikenal", "surat_reklame"),
    ('templat = "surat_reklame.typ"', 'templat = "surat.typ"', "templat_tidak_ada", "surat_reklame"),
    ('templat = "surat_reklame.typ"', 'templat = "surat.typ"', "teks_tidak_dipakai", None),
    ('terbuka = true', 'terbuka_ = true', "kunci_salah_eja", "surat_reklame"),
    ('lampiran = ["surat_reklame"]', 'lampiran = ["surat"]', "dokumen_tidak_dikenal", "reklame_terbit"),
    ("[pesan.reklame_ditolak]", "[pesan.reklame_gagal]", "teks_pesan_tidak_ada", "reklame_gagal"),
    ("[pesan.reklame_ditolak]", "[pesan.reklame_gagal]", "rujukan_tidak_ada", None),
    ("[pesan.reklame_ditolak]", "[pesan.reklame_gagal]", "pesan_tidak_dipakai", "reklame_gagal"),
    ("[masa_berlaku]", '[surel_gagal]\nberi_tahu = "loket"\n[masa_berlaku]', "jabatan_tidak_dikenal", "surel_gagal"),
    ("[masa_berlaku]", '[surel_gagal]\nberi_tahu = "camat"\npesan = "gagal"\n[masa_berlaku]', "pesan_tidak_dikenal",
     "surel_gagal"),
    ('status = "Draf"', 'status = "Draf"\npilihan = "mediasi"', "pilihan_tidak_dikenal", "ajukan_reklame"),
    ('batas = "2 jam"', 'batas = "dua jam"', "batas_salah", "periksa_reklame"),
    ("[waktu.periksa_reklame]", "[waktu.periksa]", "kegiatan_tidak_dikenal", "periksa"),
    ('pemohon = ["ajukan_reklame.nama"]', 'pemohon = ["ajukan_reklame.nma"]', "jalur_salah", "[ringkasan] pemohon"),
    ('pemohon = ["ajukan_reklame.nama"]', 'pemohon = ["ajukan.nama"]', "jalur_salah", "[ringkasan] pemohon"),
    ("[masa_berlaku]", '[janji]\nbatas = "3 hari"\nmulai = "periksa_reklame"\n[masa_berlaku]', "batas_salah", "janji"),
    ("[masa_berlaku]", '[janji]\nbatas = "3 hari kerja"\nmulai = "periksa"\n[masa_berlaku]', "kegiatan_tidak_dikenal",
     "janji"),
    ("[masa_berlaku]", '[kelompok_waktu.naskah]\nlangkah = ["naskah"]\nbatas = "6 hari kerja"\n[masa_berlaku]',
     "kegiatan_tidak_dikenal", "naskah"),
    ("[masa_berlaku]", '[kelompok_waktu.n]\nlangkah = ["putuskan_reklame"]\nbatas = "6 hari"\nsub = { x = "1 jam" '
     '}\n[masa_berlaku]',
     "batas_salah", "n"),
    ("[sop]", "[sop", "definisi_ditolak", None), ("[proses]", "[lain]", "definisi_ditolak", None),
]


@pytest.mark.parametrize(("old", "new", "code", "element"), SETTINGS)
def test_a_setting_that_does_not_hold_is_told(old, new, code, element):
    told(changed(TOML, old, new), code, element)


@pytest.mark.parametrize(("rows", "code"), [
    ('[[persyaratan]]\nkode = "ktp"\nnama = "KTP"\nbila = "luass > 3"', "variabel_tidak_dikenal"),
    ('[[persyaratan]]\nkode = "ktp"\nnama = "KTP"\nbila = "luas >"', "ungkapan_ditolak"),
    ('[[persyaratan]]\nkode = "ktp"\nnama = "KTP"\nbila = "baik == \'ya\'"', "syarat_mustahil"),
    ('[[persyaratan]]\nkode = "KTP asli"\nnama = "KTP"', "kode_salah"),
    ('[[persyaratan]]\nkode = "ktp"\nnama = "A"\n[[persyaratan]]\nkode = "ktp"\nnama = "B"', "ganda"),
    ("[[persyaratan]]\nnama = 'tanpa kode'", "definisi_ditolak"), ("[[persyaratan", "definisi_ditolak")])
def test_a_requirement_that_does_not_hold_is_told(rows, code):
    told({**house(), f"{FOLDER}/persyaratan.toml": rows.encode()}, code)


FORM_FAULTS = [
    ('"key": "catatan"', '"key": "baik"', "formulir_kunci_ganda"), ('"type": "textarea"', '"type": "html"',
                                                                    "formulir_jenis"),
    ('"label": "Yang harus dilengkapi"', '"label": ""', "formulir_tanpa_label"),
    ('"hide": "=baik = null', '"hide": "=bagus = null', "nama_tidak_dikenal"),
    ('"hide": "=baik', '"hide": "=baik +', "formulir_syarat"), ('"components": [', '"components": 3, "x": [',
                                                                "formulir_bentuk"),
    ('{"type": "default"', '{"type: "default"', "json_rusak"), ('"key": "baik"', '"key": "bagus"',
                                                                "variabel_tanpa_isian"),
    ('"minLength": 5', '"pattern": "(a+)+"', "formulir_pola"),
    ('"key": "catatan"', '"key": "catatan", "properties": {"isi_awal": "ajukan.x"}', "jalur_salah"),
    ('"key": "catatan"', '"key": "catatan", "properties": {"isi_awal": "ajukan_reklame.x"}', "jalur_salah"),
    ('"key": "catatan"', '"key": "catatan", "properties": {"isi_awal": "variabel.x"}', "variabel_tidak_dikenal"),
    ('"key": "baik"', '"key": "baik", "properties": {"pribadi": "ya"}', "variabel_pribadi"),
    ('"type": "textarea", "key": "catatan"', '"type": "textarea", "key": "catatan", "properties": {"sumber": "x"}',
     "formulir_sumber"),
]


@pytest.mark.parametrize(("old", "new", "code"), FORM_FAULTS)
def test_a_form_that_does_not_hold_is_told(old, new, code):
    told(changed(f"{FORMS}/periksa_reklame.json", old, new), code)


def test_a_form_that_is_missing_or_unused_is_told():
    files = dict(house())
    files[f"{FORMS}/lain.json"] = files.pop(f"{FORMS}/periksa_reklame.json")
    told(files, "formulir_tidak_ada", "periksa_reklame", DIAGRAM)
    assert told(files, "formulir_tidak_dipakai", None, f"{FORMS}/lain.json")[0].severity == CAUTION


@pytest.mark.parametrize(("content", "code"), [
    (b"tanpa perihal", "pesan_ditolak"), (b"Perihal: x\n{{ range(9) }}", "pesan_ditolak"), (b"Perihal: x\n\xff",
                                                                                            "pengodean_tidak_dikenal"),
    (b"Perihal: x\n{{ variabel.luass }}", "nama_tidak_dikenal"), (b"Perihal: x\n{{ isian.ajukan.nama }}",
                                                                  "nama_tidak_dikenal"),
    (b"Perihal: x\n{{ nomor.izin }}", "nama_tidak_dikenal"), (b"Perihal: x\n{% if %}", "pesan_ditolak")])
def test_a_notice_that_cannot_be_sent_is_told(content, code):
    told({**house(), f"{FOLDER}/notices/reklame_terbit.txt": content}, code, None,
         f"{FOLDER}/notices/reklame_terbit.txt")


@pytest.mark.parametrize("content", [b"#import \"@preview/x:1.0.0\": y", b"#datetime.today()", b"\xff\xfe", b"#let (",
                                     b"#read(\"../../x\")"])
def test_a_letter_that_cannot_be_set_is_told(content):
    told({**house(), f"{FOLDER}/documents/surat_reklame.typ": content}, "templat_salah", None,
         f"{FOLDER}/documents/surat_reklame.typ")


def test_a_letter_that_misses_a_value_of_an_empty_case_is_told_softly():
    files = {**house(), f"{FOLDER}/documents/surat_reklame.typ": b'#json("/data.json").at("tidak_ada")'}
    found = check_edition(files, HANDLERS)
    assert all(one.severity == CAUTION or "contain key" not in one.message for one in found)


@pytest.mark.parametrize(("old", "new", "code"), [
    ('tugas = "periksa_reklame"', 'tugas = "periksa"', "tugas_tidak_dikenal"), ("[[langkah]]", "[[langkah",
                                                                                "skenario_ditolak"),
    ("lalu ", "laluu ", "skenario_ditolak"), ("nama", "judul", "skenario_ditolak"), ("siapa", "oleh",
                                                                                     "skenario_ditolak")])
def test_a_scenario_that_is_written_wrongly_is_told(old, new, code):
    told(changed(f"{FOLDER}/scenarios/kecil.toml", old, new), code, None, f"{FOLDER}/scenarios/kecil.toml")


def test_an_edition_without_scenarios_or_diagram_or_settings_is_told():
    told({path: content for path, content in house().items() if "/scenarios/" not in path}, "tanpa_skenario")
    told({path: content for path, content in house().items() if path != DIAGRAM}, "tanpa_diagram")
    told({path: content for path, content in house().items() if path != TOML}, "tanpa_process_toml")
    told({}, "tanpa_process_toml")


BROKEN = {"zeros": b"\x00" * 100, "mark": b"\xff\xfe\x00", "lists": b"[" * 5000, "tables": b"{" * 5000,
          "deep": b"a = " + b"[" * 3000,
          "long": b"x" * (3 << 20)}


@pytest.mark.parametrize("path", [DIAGRAM, TOML, f"{FOLDER}/persyaratan.toml", f"{FORMS}/periksa_reklame.json",
                                  f"{FOLDER}/notices/reklame_terbit.txt", f"{FOLDER}/scenarios/kecil.toml"])
@pytest.mark.parametrize("how", BROKEN)
def test_no_file_however_broken_ends_in_a_trace(path, how):
    assert any(one.severity == FAULT for one in check_edition({**house(), path: BROKEN[how]}, HANDLERS))


@pytest.mark.parametrize("path", [TOML, f"{FOLDER}/persyaratan.toml"])
@pytest.mark.parametrize("value", ["3", "true", '""', '[["x"]]', "{ a = 1 }"])
def test_no_value_however_odd_ends_in_a_trace(path, value):
    lines = house()[path].decode().splitlines()
    for number, line in enumerate(lines):
        key, equals, _ = line.partition(" = ")
        if equals:
            odd = [*lines[:number], f"{key} = {value}", *lines[number + 1:]]
            assert isinstance(check_edition({**house(), path: "\n".join(odd).encode()}, HANDLERS), list), f"{path}: {key}"


@pytest.mark.parametrize("path", [DIAGRAM, TOML, f"{FORMS}/periksa_reklame.json",
                                  f"{FOLDER}/notices/reklame_terbit.txt",
                                  f"{FOLDER}/scenarios/kecil.toml"])
def test_an_empty_file_is_told(path):
    assert any(one.severity == FAULT for one in check_edition({**house(), path: b""}, HANDLERS))


def test_a_diagram_named_otherwise_is_told_softly():
    files = changed(DIAGRAM, 'id="izin_reklame"', 'id="proses_lain"')
    files[DIAGRAM] = files[DIAGRAM].replace(b'processRef="izin_reklame"', b'processRef="proses_lain"')
    assert told(files, "id_proses_berbeda", "proses_lain")[0].severity == CAUTION


def test_without_handlers_nothing_is_said_of_them():
    assert check_edition(house(), None) == []


def test_the_folder_is_read_with_a_limit_and_without_hidden_files(tmp_path):
    room = tmp_path / "processes" / "contoh"
    (room / "documents").mkdir(parents=True)
    (room / "process.toml").write_text("x = 1")
    (room / ".rahasia").write_text("x")
    (room / "documents" / "a.typ").write_text("a")
    (room / "tautan").symlink_to("/etc/hostname")
    (room / "besar.bin").write_bytes(b"x" * (9 << 20))
    files = edition_files(tmp_path / "processes", tmp_path / "forms", "contoh")
    assert sorted(files) == [f"processes/contoh/{name}" for name in ("besar.bin", "documents/a.typ", "process.toml")]
    assert len(files["processes/contoh/besar.bin"]) == (8 << 20) + 1


def test_what_is_not_there_cannot_be_read(tmp_path):
    with pytest.raises(CannotRun, match="process.toml"):
        edition_files(tmp_path, tmp_path, "hilang")
    with pytest.raises(CannotRun):
        read_limited(tmp_path / "hilang")
