"""Is this PDF authentic? Against the office's register where there is one, else from its signature alone."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from engine.assembly import Entry, Judgement
from engine.authoring.folder import read_limited
from engine.commands.parts.answers import answer
from engine.commands.parts.office import is_set_up, opened, settings_of
from engine.documents.judging import judge
from engine.documents.signing import load_certificate
from engine.errors import CannotRun

NAME = "verify-document"
HELP = "Periksa keaslian sebuah PDF; --root FILE.pem bila kantornya tidak ada di mesin ini."


def arguments(parser: ArgumentParser) -> None:
    """The file, and whom to trust."""
    parser.add_argument("dokumen", type=Path, metavar="FILE", help="berkas PDF")
    parser.add_argument("--root", type=Path, action="append", default=[], metavar="PEM",
                        help="sertifikat akar yang dipercaya (boleh berkali-kali)")


def run(args: Namespace) -> int:
    """0 authentic, 1 not."""
    pdf, roots = read_limited(args.dokumen), [read_limited(one) for one in args.root]
    judgement, entry = _judged(args, pdf, roots)
    document = judgement.record() | {"putusan": judgement.conclusion, "nomor": entry.number if entry else None,
                                     "berlaku": entry.standing if entry else None}
    answer(args, document, _lines(judgement, entry))
    return int(not judgement.authentic)


def _judged(args: Namespace, pdf: bytes, roots: list[bytes]) -> tuple[Judgement, Entry | None]:
    settings = settings_of(args)
    if roots or not is_set_up(settings):
        if args.data is not None and not roots:
            raise CannotRun(str(args.data), advice=f"Belum ada kantor di folder {args.data}; hilangkan --data untuk menilai "
                                                   "tanda tangannya saja.")
        return _by_signature(pdf, roots), None
    with opened(args) as engine:
        entry = engine.papers.by_file(pdf)
        return engine.papers.judge(pdf, entry), entry


def _by_signature(pdf: bytes, roots: list[bytes]) -> Judgement:
    try:
        for root in roots:
            load_certificate(root)
    except (ValueError, TypeError) as fault:
        raise CannotRun(f"root: {fault}", advice="Sertifikat akar tidak dapat dibaca; berikan berkas PEM.") from fault
    return judge(pdf, roots)


def _lines(judgement: Judgement, entry: Entry | None) -> list[str]:
    marks = {True: "ya", False: "TIDAK", None: "tidak dinilai"}
    told = [f"{one.title}: {marks[one.holds]}. {one.sentence}" for one in judgement.lines]
    if judgement.signer is not None:
        told.append(f"Sertifikat: {judgement.signer.subject}, seri {judgement.signer.serial}.")
    if entry is not None:
        told.append(f"Terdaftar: {entry.name} nomor {entry.number or '-'}, {entry.standing or 'tanpa masa berlaku'}.")
    return [*told, judgement.conclusion]
