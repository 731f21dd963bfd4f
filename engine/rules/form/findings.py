"""Is a form's definition sound? What an analyst is told before a form comes into force, one finding per mistake."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.rules.form.condition_findings import condition_findings
from engine.rules.form.model import CHOICES, CONTAINERS, IGNORED, INPUTS, KINDS, LISTS, NOTHING, TODAY
from engine.rules.form.patterns import pattern_fault
from engine.rules.form.reading import (
    KEPT_BY,
    OBJECTION,
    components_of,
    hide_of,
    key_of,
    label_of,
    paths_of,
    properties_of,
)

Schema = Mapping[str, Any]
KEY = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
RESERVED = frozenset({"this", "parent", TODAY, "and", "or", "not", "in", "some", "every", "satisfies", "count", "true",
                      "false", "null", "baris", "variabel"})
PREFILL = re.compile(r"hari_ini|(?:variabel|baris)\.[a-z0-9_]+|[a-z0-9_]+(?:\.[a-z0-9_]+){1,2}", re.ASCII)
PROPERTIES = frozenset({"bagian", "pribadi", "rahasia", "isi_awal", "sumber", "kunci", "ikut", "saring", "pesan_pola",
                        "paling_sedikit", "paling_banyak", "gambar", "tampilan", "isi_otomatis", "kamera"})
OBJECTION_WORDS = re.compile(r"tolak_(?:bila|pesan)(?:_\d+)?")
NUMBERS = ("minLength", "maxLength", "min", "max")
MOST_COMPONENTS = 400
DEEPEST = 6


@dataclass(frozen=True)
class FormFinding:
    """One mistake in a form's definition: which component, what kind of mistake, how to mend it."""

    where: str
    code: str
    advice: str

    def __str__(self) -> str:
        return f"{self.where}: {self.advice}"


Told = Iterator[tuple[str, str]]


def definition_findings(schema: object, shared: Mapping[str, Schema] = NOTHING,
                        sources: Collection[str] | None = None) -> list[FormFinding]:
    """Everything that is wrong with a form; `sources` are the lists of the process, where they are known."""
    broken = _broken(schema, shared)
    if broken:
        return broken
    assert isinstance(schema, Mapping)
    components = components_of(schema, shared)
    found = list(_component_findings(components, sources, ""))
    return found or [FormFinding(*told) for told in condition_findings(components)]


def _broken(schema: object, shared: Mapping[str, Schema]) -> list[FormFinding]:
    """What makes it impossible to look further."""
    if not isinstance(schema, Mapping):
        return [FormFinding("formulir", "bentuk", "berkas harus berisi satu objek JSON dengan daftar components")]
    found = list(_shape_findings(schema, shared, "formulir", 0))
    if not found and _count(components_of(schema, shared)) > MOST_COMPONENTS:
        return [FormFinding("formulir", "terlalu_besar", f"paling banyak {MOST_COMPONENTS} komponen")]
    return found


def _count(components: Sequence[Schema]) -> int:
    return sum(1 + _count(one.get("components", ())) for one in components)


def _shape_findings(schema: Schema, shared: Mapping[str, Schema], where: str, depth: int) -> Iterator[FormFinding]:
    components = schema.get("components", ())
    if depth > DEEPEST or not isinstance(components, (list, tuple)):
        yield FormFinding(where, "bentuk", f"components harus berupa daftar, paling dalam {DEEPEST} tingkat")
        return
    for number, one in enumerate(components):
        place = _place(one, number) if isinstance(one, Mapping) else f"komponen {number + 1}"
        told = _shape(one)
        if told:
            yield FormFinding(place, *told)
        else:
            yield from _inner_shape(one, shared, place, depth)


def _shape(one: object) -> tuple[str, str] | None:
    if not isinstance(one, Mapping) or not isinstance(one.get("type"), str):
        return "bentuk", "setiap komponen harus berupa objek dengan kunci type"
    if one["type"] not in (*KINDS, *IGNORED):
        return "jenis", f"jenis “{one['type'][:40]}” tidak didukung; pakai salah satu dari {', '.join(KINDS)}"
    properties = one.get("properties", NOTHING)
    if not isinstance(properties, Mapping) or not all(isinstance(value, str) for value in properties.values()):
        return "bentuk", "nilai di properties harus berupa teks"
    words = ("key", "path", "label", "dateLabel", "timeLabel", "description", "text", "accept", "subtype")
    wrong = next((name for name in words if not isinstance(one.get(name, ""), str)), None)
    return ("bentuk", f"{wrong} harus berupa teks") if wrong else None


def _inner_shape(one: Schema, shared: Mapping[str, Schema], place: str, depth: int) -> Iterator[FormFinding]:
    name = properties_of(one).get("bagian")
    if name is None:
        yield from _shape_findings(one, shared, place, depth + 1)
    elif name not in shared or one["type"] != "group":
        yield FormFinding(place, "bagian", f"bagian “{name}” tidak ada di forms/_shared; hanya untuk group")
    elif not isinstance(shared[name], Mapping):
        yield FormFinding(place, "bentuk", f"bagian “{name}” harus berisi satu objek JSON")
    else:
        yield from _shape_findings(shared[name], NOTHING, name, depth + 1)


def _place(one: Schema, number: int) -> str:
    found = one.get("path") or one.get("key") or one.get("label") or one.get("id")
    return str(found)[:60] if found else f"komponen {number + 1}"


def _component_findings(components: list[Schema], sources: Collection[str] | None,
                        prefix: str) -> Iterator[FormFinding]:
    seen: set[str] = set()
    for number, one in enumerate(_level(components)):
        place = f"{prefix}{_place(one, number)}"
        for code, advice in (*_own_findings(one, sources), *_key_findings(one, seen)):
            yield FormFinding(place, code, advice)
        if one["type"] == "dynamiclist":
            yield from _component_findings(list(one.get("components", ())), sources, f"{place}.")


def _level(components: list[Schema]) -> Iterator[Schema]:
    """The components of one level, groups opened."""
    for one in components:
        yield one
        if one["type"] == "group":
            yield from _level(list(one.get("components", ())))


def _key_findings(one: Schema, seen: set[str]) -> Told:
    key = key_of(one)
    if one["type"] == "group" and one.get("path"):
        yield "kunci_bentuk", "group tidak boleh punya path; isiannya tetap di tingkat yang sama"
    if one["type"] not in (*INPUTS, "dynamiclist"):
        return
    if not KEY.fullmatch(key) or key in RESERVED:
        yield "kunci_bentuk", f"kunci “{key}” harus huruf kecil, angka, garis bawah; tanpa titik; bukan kata khusus"
    if key in seen:
        yield "kunci_ganda", f"kunci “{key}” dipakai dua kali"
    seen.add(key)


def _own_findings(one: Schema, sources: Collection[str] | None) -> Told:
    yield from _label_findings(one)
    yield from _property_findings(one, sources)
    yield from _validation_findings(one)
    yield from _kind_findings(one)


def _label_findings(one: Schema) -> Told:
    if one["type"] in (*INPUTS, *CONTAINERS) and not label_of(one):
        yield "tanpa_label", "label belum diisi; tanpa label orang tidak tahu apa yang diminta"
    if one["type"] == "text" and not str(one.get("text", "")).strip():
        yield "tanpa_label", "teks kosong; isi atau hapus komponen ini"


def _property_findings(one: Schema, sources: Collection[str] | None) -> Told:
    own = properties_of(one)
    for name in own:
        if name not in PROPERTIES and not OBJECTION_WORDS.fullmatch(name):
            yield "properti", f"properti “{name}” tidak dikenal; periksa ejaannya di forms/README.md"
        if OBJECTION.fullmatch(name) and not own.get(name.replace("bila", "pesan", 1), "").strip():
            yield "properti", f"“{name}” butuh kalimatnya di “{name.replace('bila', 'pesan', 1)}”"
    if not all(PREFILL.fullmatch(path) for path in paths_of(own.get("isi_awal", ""))):
        yield "isi_awal", "isi_awal harus berbentuk kegiatan.kunci, baris.kunci, variabel.nama, atau hari_ini"
    yield from _source_findings(one, own, sources)
    if own.get("rahasia") == "ya" and one["type"] != "textfield":
        yield "rahasia", "hanya textfield yang boleh rahasia"


def _source_findings(one: Schema, own: Mapping[str, str], sources: Collection[str] | None) -> Told:
    name = own.get("sumber")
    if name is not None and one["type"] != "dynamiclist":
        yield "sumber", "hanya dynamiclist yang boleh memakai sumber"
    if name is not None and sources is not None and name not in sources:
        yield "sumber", f"sumber “{name}” tidak ada; yang ada: {', '.join(sorted(sources)) or 'tidak ada'}"
    if "saring" in own and (name is None or not KEPT_BY.fullmatch(own["saring"])):
        yield "sumber", "saring harus berbentuk “kegiatan.daftar.kunci = nilai” dan disertai sumber"
    for word in ("paling_sedikit", "paling_banyak"):
        if word in own and not (own[word].isascii() and own[word].isdecimal() and int(own[word]) <= 100):
            yield "properti", f"{word} harus bilangan 0 sampai 100"


def _validation_findings(one: Schema) -> Told:
    check = one.get("validate", NOTHING)
    if not isinstance(check, Mapping):
        yield "bentuk", "validate harus berupa objek"
        return
    for name in NUMBERS:
        if not _is_number(check.get(name, 0), whole=name.endswith("Length")):
            yield "batas_ungkapan", f"{name} harus angka biasa, bukan ungkapan"
    if not isinstance(check.get("required", False), bool):
        yield "batas_ungkapan", "required harus true atau false, bukan ungkapan"
    pattern = check.get("pattern")
    fault = None if pattern in (None, "") else pattern_fault(pattern) if isinstance(pattern, str) else "pola harus teks"
    if fault:
        yield "pola", f"{fault}; sederhanakan pola itu"


def _is_number(value: object, *, whole: bool) -> bool:
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return False
    shape = r"\d{0,15}" if whole else r"|-?\d{1,15}(\.\d{1,6})?"
    return re.fullmatch(shape, str(value), re.ASCII) is not None


def _kind_findings(one: Schema) -> Told:
    kind = one["type"]
    if kind in (*CHOICES, *LISTS):
        yield from _choice_findings(one)
    if kind == "number" and not (isinstance(one.get("decimalDigits"), int) and 0 <= one["decimalDigits"] <= 6):
        yield "desimal", "decimalDigits harus ditulis: 0 untuk bilangan bulat, paling banyak 6"
    if kind == "datetime" and one.get("subtype") not in ("date", "time"):
        yield "subtype", "subtype harus date atau time; untuk tanggal dan jam pakai dua isian"
    if "conditional" in one and not isinstance(hide_of(one), (str, type(None))):
        yield "syarat", "conditional.hide harus teks yang diawali ="
    if one.get("defaultValue") is not None and not _fits_kind(kind, one["defaultValue"]):
        yield "bawaan", "defaultValue tidak sesuai jenis isiannya"


def _fits_kind(kind: str, value: object) -> bool:
    of_kind: Mapping[str, tuple[type, ...]] = {
        "checkbox": (bool,), "number": (int, str), "checklist": (list,), "taglist": (list,),
        **dict.fromkeys(CHOICES, (str, bool, int))}
    wanted = of_kind.get(kind, (str,))
    return isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool))


def _choice_findings(one: Schema) -> Told:
    if one.get("valuesKey") or one.get("valuesExpression"):
        yield "pilihan", "pilihan harus ditulis di values, bukan diambil dari kunci atau ungkapan"
    values = one.get("values")
    if not isinstance(values, list) or not values or not all(_is_option(choice) for choice in values):
        yield "pilihan", "values harus berisi pilihan, masing-masing dengan label dan value"
        return
    tokens = [str(choice["value"]).lower() for choice in values]
    if len(tokens) != len(set(tokens)):
        yield "pilihan", "ada dua pilihan dengan value yang sama"


def _is_option(choice: object) -> bool:
    return (isinstance(choice, Mapping) and isinstance(choice.get("label"), str) and bool(choice["label"].strip())
            and isinstance(choice.get("value"), (str, bool, int)) and choice["value"] != "")
