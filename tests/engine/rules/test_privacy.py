"""Particulars: what a mask leaves, and who reads without one. All people are invented."""

import pytest

from engine.rules.people import SYSTEM, VISITOR, Actor
from engine.rules.privacy import mask_email, mask_nik, mask_phone, mask_text, mask_values, may_see_personal

POSTS = ("loket", "pimpinan")


@pytest.mark.parametrize(("text", "masked"), [
    ("3214010101900001", "3214••••••••0001"),
    ("sari.wulan@contoh.id", "s••••@contoh.id"),
    ("081234567678", "0812••••678"),
    ("+62 812-3456-7678", "+628••••678"),
    ("Sari Wulandari", "S•••• W••••"),
    ("", ""),
])
def test_a_mask_keeps_enough_to_recognise(text, masked):
    assert mask_text(text) == masked


def test_masks_hide_the_length_of_what_they_hide():
    assert mask_email("a@contoh.id") == mask_email("ananda.putri@contoh.id")
    assert len(mask_phone("0812345678")) == len(mask_phone("081234567890"))
    assert len(mask_nik("3214010101900001")) == 16


def test_only_personal_keys_are_masked_and_only_at_their_own_place():
    values = {"nik": "3214010101900001", "jumlah": 3, "lengkap": True,
              "tim": [{"nama": "Sari Wulandari", "jabatan": "anggota"}],
              "alamat": {"jalan": "Jalan Melati 5", "kota": "X"}}
    assert mask_values(values, {"nik", "tim.nama", "alamat.jalan", "kota", "umur"}) == {
        "nik": "3214••••••••0001", "jumlah": 3, "lengkap": True,
        "tim": [{"nama": "S•••• W••••", "jabatan": "anggota"}], "alamat": {"jalan": "J•••• M•••• 5••••", "kota": "X"}}


def test_values_other_than_text_say_nothing_when_masked():
    files = [{"name": "ktp.jpg", "sha256": "ab"}]
    masked = mask_values({"umur": 41, "ktp": files, "kosong": None, "ya": True}, {"umur", "ktp", "kosong", "ya"})
    assert masked == {"umur": "••••", "ktp": ["••••"], "kosong": None, "ya": "••••"}


@pytest.mark.parametrize(("actor", "allowed"), [
    (Actor("sari", None, "pemohon"), True),
    (Actor("budi", None, "pemohon"), False),
    (VISITOR, False),
    (Actor("rina", "loket", "definitif"), True),
    (Actor("dedi", "pimpinan", "plh"), True),
    (Actor("rina", "loket", "definitif", "sari"), True),
    (Actor("tono", "arsip", "definitif"), False),
    (Actor("ana", "auditor", "definitif"), False),
    (Actor("ani", "administrator", "definitif"), False),
    (Actor("sari", "auditor", "definitif"), False),
    (SYSTEM, True),
])
def test_who_reads_personal_values_in_clear(actor, allowed):
    assert may_see_personal(actor, "sari", POSTS) is allowed


def test_a_case_without_an_account_belongs_to_no_visitor():
    assert not may_see_personal(VISITOR, None, POSTS)
