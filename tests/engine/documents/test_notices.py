"""Promises of notices: a text says what it was given, prints a dash for what is missing, and can do nothing else."""

import pytest

from engine.documents.notices import NoticeRefused, check_notice, names_in, render_notice

TEXT = """Perihal: Berkas {{ permohonan.nomor }} diterima

Yth. {{ pesan.nama }},
{% if permohonan.target_selesai %}
Selesai paling lambat {{ permohonan.target_selesai | hari_tanggal }}.
{% endif %}
{% for satu in persyaratan %}
- {{ satu.nama }}
{% endfor %}
"""
VALUES = {"permohonan": {"nomor": "XX-2026-000001-A", "target_selesai": "2026-04-10T09:00:00.000000Z"},
          "pesan": {"nama": "Sari"},
          "persyaratan": [{"nama": "Denah"}, {"nama": "Foto"}]}


def body(text, **values):
    return render_notice(f"Perihal: uji\n{text}\n", values)[1].strip()


def test_a_notice_says_what_it_was_given():
    assert render_notice(TEXT, VALUES) == (
        "Berkas XX-2026-000001-A diterima",
        "Yth. Sari,\nSelesai paling lambat Jumat, 10 April 2026.\n- Denah\n- Foto\n")


def test_what_is_missing_prints_as_a_dash_and_stops_nothing():
    assert render_notice(TEXT, {}) == ("Berkas - diterima", "Yth. -,\n")
    assert body("{{ isian.apa.saja.di.sini }} {{ nomor.izin }}", nomor={"izin": None}) == "- -"


def test_a_name_cannot_break_out_of_the_subject_line():
    subject, _ = render_notice("Perihal: {{ pesan.nama }}\nisi\n", {"pesan": {"nama": "A\nBcc: lain@contoh.id"}})
    assert subject == "A Bcc: lain@contoh.id"


def test_values_are_never_read_as_template():
    assert body("{{ pesan.nama }}", pesan={"nama": "{{ kantor }}"}) == "{{ kantor }}"


@pytest.mark.parametrize(("text", "said"), [
    ("{{ t | tanggal_panjang }}", "1 Januari 2027"),
    ("{{ t | hari_tanggal }}", "Jumat, 1 Januari 2027"),
    ("{{ t | jam }}", "02.30 WIB"),
    ("{{ t | tanggal_jam }}", "Jumat, 1 Januari 2027, 02.30 WIB"),
    ("{{ d | hari }}", "Kamis"),
    ("{{ n | terbilang }}", "seribu dua ratus"),
    ("{{ n | ribuan }} {{ n | rupiah }}", "1.200 Rp1.200"),
    ("{{ s | besar }}", "PELAN"),
    ("{{ yes }} {{ no }}", "ya tidak"),
    ("{{ several }}", "satu, dua"),
    ("{{ s | tanggal_panjang }} {{ none | jam }} {{ s | terbilang }}", "pelan - pelan"),
])
def test_filters_write_as_an_office_does(text, said):
    values = {"t": "2026-12-31T19:30:00.000000Z", "d": "2026-12-31", "n": 1200, "s": "pelan", "yes": True, "no": False,
              "several": ["satu", "dua"], "none": None}
    assert body(text, **values) == said


def test_the_offices_zone_is_used_where_it_is_given():
    assert body("{{ t | jam }}", t="2026-06-09T03:00:00.000000Z", kantor={"zona": "Asia/Jayapura"}) == "12.00 WIT"


@pytest.mark.parametrize("text", [
    "{{ ''.__class__.__mro__ }}{{ range(9) }}", "{{ range(1000000000) }}", "{{ 'a' * 1000000000 }}",
    "{{ 2 ** 999999 }}",
    "{% set x = 1 %}", "{% include 'x' %}", "{% import 'x' as y %}", "{% macro m() %}{% endmacro %}",
    "{% block b %}{% endblock %}",
    "{{ pesan.nama.upper() }}", "{{ pesan | attr('x') }}", "{{ pesan | tojson }}", "{{ _rahasia }}",
    "{{ pesan.nama | besar(1) }}",
    "{% for a in x %}{% for b in x %}{% for c in x %}{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in x recursive %}{% endfor %}", "{{ pesan.nama", "{% if x %}", "{{ x is callable }}", "{{ lipsum() }}",
    "{{ " + "(" * 3000,
])
def test_whatever_computes_calls_or_defines_is_refused(text):
    with pytest.raises(NoticeRefused) as refused:
        check_notice(f"Perihal: uji\n{text}\n")
    assert refused.value.advice.startswith("Teks pesan tidak dapat dipakai")


@pytest.mark.parametrize(("source", "word"), [
    ("Halo\nisi", "Perihal"), ("", "Perihal"), ("Perihal: \nisi", "Perihal"), ("Perihal: ada\n  \n", "kosong"),
    ("Perihal: ada\n" + "x" * 20_001, "lebih panjang"),
])
def test_a_notice_without_subject_or_body_is_refused(source, word):
    with pytest.raises(NoticeRefused, match=word):
        check_notice(source)


def test_the_line_of_the_mistake_is_told():
    with pytest.raises(NoticeRefused, match="baris 3"):
        check_notice("Perihal: uji\nsatu\n{{ x | entah }}\n")


def test_the_paths_a_notice_asks_for_can_be_listed():
    assert names_in(TEXT) >= {"permohonan.nomor", "permohonan.target_selesai", "pesan.nama"}
