"""Letters of one case: rendered, signed, verified, published. Each once: the key is claimed, the result registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.clock import stamp
from engine.digest import canonical, sha256
from engine.documents import letters
from engine.documents.judging import Expected, Judgement, judge
from engine.documents.letters import Letter
from engine.documents.papers import bundle
from engine.documents.signing import Signed, SigningFailed, SignJob
from engine.errors import HandlerFailed
from engine.handling import INTERRUPTED
from engine.marks import mark
from engine.rules.language import day_and_date
from engine.rules.people import SYSTEM
from engine.rules.process import DocumentKind
from engine.rules.validity import valid_until
from engine.runtime.services import letter_values
from engine.runtime.services.order import Order
from engine.runtime.signatories import Signatories
from engine.store import directory, files, papers
from engine.store.database import Connection
from engine.store.papers import DocumentRow

PDF = "application/pdf"


@dataclass(frozen=True)
class CaseLetters:
    """engine.handling.Letters for one effect."""

    order: Order
    signatories: Signatories

    # --- render ---

    def starts_promise(self, kind: str) -> bool:
        """True for the receipt that starts the promise to the applicant."""
        promise = self.order.edition.process.promise
        return promise is not None and promise.starts == kind

    def render(self, kind: str, behind: Sequence[bytes] = ()) -> Mapping[str, Any]:
        """Render the document, or take the unsigned one of an earlier try when nothing in it would change.

        `behind` = PDFs that are bound behind it.
        """
        declared = self._declared(kind)
        with self.order.house.database.reading() as connection:
            known = papers.by_key(connection, self.order.key)
            values = letter_values.collect(connection, self.order)
            last = papers.newest(connection, self.order.row.id, kind)
        if known is not None:
            return self._receipt(known)
        self._complete_or_fail(declared)
        draft = self._is_draft(declared)
        source = self._source_digest(declared, values, draft)
        if last is not None and not draft and last.signed is None and not last.draft and last.source_digest == source:
            return self._receipt(last)
        return self._receipt(self._rendered(declared, values, source, behind))

    def _declared(self, kind: str) -> DocumentKind:
        found = self.order.edition.process.documents.get(kind)
        if found is None:
            raise HandlerFailed("dokumen_tidak_ada", f"Dokumen “{kind}” belum ada di process.toml.")
        return found

    def _complete_or_fail(self, declared: DocumentKind) -> None:
        for path in declared.required:
            activity, _, key = path.partition(".")
            if self.order.answers.get(activity, {}).get(key) in (None, "", []):
                raise HandlerFailed("isi_kurang", declared.advice or f"Isian {path} untuk “{declared.name}” masih kosong.")

    def _is_draft(self, declared: DocumentKind) -> bool:
        """A signed kind is a draft until a post that signs has decided."""
        actor = self.order.last_actor
        post = self.order.edition.process.posts.get(actor.post or "") if actor else None
        return declared.signed and not (post is not None and post.signs)

    def _source_digest(self, declared: DocumentKind, values: Mapping[str, Any], draft: bool) -> bytes:
        steady = {name: value for name, value in values.items() if name not in letter_values.VOLATILE}
        signer = self.order.last_actor.record() if self.order.last_actor else None
        return bytes.fromhex(sha256(canonical({"values": steady, "signer": signer, "draft": draft,
                                               "number": self._number(declared, values, draft)})))

    def _number(self, declared: DocumentKind, values: Mapping[str, Any], draft: bool) -> str | None:
        return None if draft or declared.register is None else values["nomor"].get(declared.register)

    def _rendered(self, declared: DocumentKind, values: Mapping[str, Any], source: bytes,
                  behind: Sequence[bytes]) -> DocumentRow:
        order, house, draft = self.order, self.order.house, self._is_draft(declared)
        with house.database.reading() as connection:
            version = papers.next_version(connection, order.row.id, declared.id)
            values = dict(values) | {"dokumen": self._document(connection, declared, values, draft, version)}
        paper = values["dokumen"]
        letter = Letter(f"processes/{order.row.process}/documents/{declared.template}", order.edition.files, values, order.at,
                        self._metadata(declared, version, source), self._pictures(values))
        pdf = letters.render(letter).pdf
        pdf = bundle([pdf, *behind]) if behind else pdf
        kept = house.files.laid_down(order.row.id, f"{declared.id}-{version}.pdf", pdf, PDF, SYSTEM)
        row = DocumentRow(paper["id"], order.row.id, declared.id, version, order.key, paper["kode"], paper["nomor"] or None,
                          stamp(house.clock.now()), source, kept.sha256, draft)
        mark("rendered_not_registered")
        with house.database.transaction() as connection:
            known = papers.by_key(connection, order.key)
            if known is None:
                order.claim(connection)
                house.files.register(connection, kept)
                row = replace(row, version=papers.next_version(connection, order.row.id, declared.id))
                papers.save(connection, row)
            mark("rendering_in_commit")
        return known or row

    def _document(self, connection: Connection, declared: DocumentKind, values: Mapping[str, Any], draft: bool,
                  version: int) -> dict[str, Any]:
        order = self.order
        code, signer = order.house.clock.new_code(), self.signatories.signer
        return {"id": order.house.clock.new_id(), "jenis": declared.id, "nama": declared.name, "versi": version, "kode": code,
                "nomor": self._number(declared, values, draft) or "", "konsep": draft, "templat": declared.template,
                "tautan_periksa": f"{order.house.settings.address}/v/{code}", "ditandatangani": declared.signed,
                "uji_coba": declared.signed and signer.uji_coba, "penerbit_sertifikat": signer.issuer_words or "",
                "berlaku_sampai": valid_until(order.edition.process, order.today).isoformat(),
                "penandatangan": self._signatory(connection, declared, draft)}

    def _signatory(self, connection: Connection, declared: DocumentKind, draft: bool) -> dict[str, str] | None:
        process, actor = self.order.edition.process, self.order.last_actor
        if declared.signed and not draft and actor is not None:
            return letter_values.person(connection, process, actor)
        signing = [post.id for post in process.posts.values() if post.signs]
        return letter_values.holder(connection, process, signing, self.order.today)

    def _metadata(self, declared: DocumentKind, version: int, source: bytes) -> dict[str, str]:
        order = self.order
        return {"kasus": order.row.id, "edisi": order.edition.hash, "templat": f"{declared.template} v{version}",
                "kepala_rantai": order.row.head}

    def _pictures(self, values: Mapping[str, Any]) -> dict[str, bytes]:
        files = self.order.house.files
        known = files.values_of(self.order.row.id)
        return {digest: files.read(self.order.row.id, digest) for digest in letters.pictures_wanted(values) if digest in known}

    def _receipt(self, row: DocumentRow) -> dict[str, Any]:
        return {"document": row.id, "kind": row.kind, "version": row.version, "sha256": row.rendered, "number": row.number,
                "draft": row.draft}

    def take_back_own(self) -> None:
        """Throw the letter away that this very effect made: its case is over, and nobody was told of it."""
        with self.order.house.database.transaction() as connection:
            row = papers.by_key(connection, self.order.key)
            if row is not None and row.signed is None and row.published_at is None:
                papers.forget(connection, row.id)
                files.forget(connection, row.case, row.rendered)

    # --- sign ---

    def sign(self, kind: str, secret: str | None) -> Mapping[str, Any]:
        """Sign the newest final document of this kind, once; the registered signature of an earlier try is the answer.

        Without the secret there is only that answer; the claim is taken back, so that a request which was given up for
        dead and still runs cannot register what it signs.
        """
        order = self.order
        with order.house.database.transaction() as connection:
            row = self._final(connection, kind)
            if row.signed is None:
                order.claim(connection)
                row = self._final(connection, kind)   # who held the effect before may have registered a signature
            if row.signed is None:
                papers.claim_signature(connection, row.id, order.key if secret is not None else None)
        if row.signed is not None:
            return dict(row.receipt or {})
        if secret is None:
            raise _interrupted()
        mark("claimed_not_signed")
        return self._registered(replace(row, sign_key=order.key), self._signed(row, secret))

    def _final(self, connection: Connection, kind: str) -> DocumentRow:
        row = papers.newest(connection, self.order.row.id, kind)
        if row is None or row.draft:
            raise HandlerFailed("belum_dicetak", "Dokumen akhir belum dicetak, jadi belum dapat ditandatangani.")
        return row

    def _signed(self, row: DocumentRow, secret: str) -> Signed:
        order, actor = self.order, self.order.last_actor
        if actor is None or actor.account is None:
            raise HandlerFailed("tte_gagal", "Penanda tangan tidak dikenal.")
        pdf = order.house.files.read(row.case, row.rendered)
        process, kind = order.edition.process, order.edition.process.documents[row.kind]
        place = str(order.edition.office.get("kota", ""))
        reason = f"{process.name}: {kind.name}, {day_and_date(order.today)}"
        job = SignJob(pdf, actor.account, order.at, reason, place, self._identity(actor.account), row.sign_reference)
        try:
            return self.signatories.signer.sign(job, secret)
        except SigningFailed as refusal:
            self._remember(row, refusal.reference)
            raise HandlerFailed(refusal.code, refusal.advice) from None   # what was typed must not follow in a traceback

    def _remember(self, row: DocumentRow, reference: str | None) -> None:
        """A try that was not answered may have been carried out: the next one asks for its result first."""
        if reference != row.sign_reference:
            with self.order.house.database.transaction() as connection:
                papers.change(connection, row.id, sign_reference=reference)

    def _identity(self, account: str) -> str:
        with self.order.house.database.reading() as connection:
            known = directory.account(connection, account)
        return known.identity if known else ""

    def _registered(self, row: DocumentRow, signed: Signed) -> Mapping[str, Any]:
        """Register file and signature in one transaction; what is signed and not registered is an orphan."""
        order, house = self.order, self.order.house
        receipt = {"document": row.id, "kind": row.kind, "number": row.number, **signed.record()}
        name = f"{row.kind}-{row.number or row.version}.pdf".replace("/", "-")
        kept = house.files.laid_down(row.case, name, signed.pdf, PDF, SYSTEM)
        signer = order.last_actor.account if order.last_actor else None
        mark("signed_not_registered")
        with house.database.transaction() as connection:
            order.claim(connection)
            won = papers.register_signature(connection, replace(row, signed=signed.sha256, signer=signer, receipt=receipt))
            if won:
                house.files.register(connection, kept)
            known = papers.by_id(connection, row.id)
            mark("signature_in_commit")
        mark("signature_registered")
        if not won and (known is None or known.signed is None):
            raise _interrupted()
        return dict(known.receipt or {}) if known else receipt

    def unsign_own(self) -> None:
        """Take the signature out of the register that this very effect made: its case ended otherwise meanwhile."""
        with self.order.house.database.transaction() as connection:
            for row in papers.of_case(connection, self.order.row.id):
                if row.signed is not None and row.sign_key == self.order.key and row.published_at is None:
                    self._unsigned(connection, row)

    def _unsigned(self, connection: Connection, row: DocumentRow) -> None:
        """Out of the register, if it is still that signature; its file is an orphan then."""
        if papers.unregister_signature(connection, row.id, str(row.signed)):
            files.forget(connection, row.case, str(row.signed))

    # --- verify and publish ---

    def verify(self, kind: str) -> Mapping[str, Any]:
        """Judge the signed file as anyone would."""
        row = self._newest(kind)
        judgement = self._judged(row)
        if not judgement.authentic:
            with self.order.house.database.transaction() as connection:
                self.order.claim(connection)
                self._unsigned(connection, row)
            raise HandlerFailed("tanda_tangan_tidak_sah", "Hasil tanda tangan tidak lulus pemeriksaan: "
                                + " ".join(line.sentence for line in judgement.lines if line.holds is False))
        return {"document": row.id, "verification": judgement.record()}

    def _judged(self, row: DocumentRow) -> Judgement:
        pdf = self.order.house.files.read(row.case, row.sha256)
        receipt = row.receipt or {}
        return judge(pdf, self.signatories.roots, Expected((row.signed or "",), receipt.get("certificate_fingerprint"),
                                                           self.order.at))

    def _newest(self, kind: str) -> DocumentRow:
        with self.order.house.database.reading() as connection:
            row = papers.newest(connection, self.order.row.id, kind)
        if row is None:
            raise HandlerFailed("belum_dicetak", f"Dokumen “{kind}” belum dibuat.")
        return row

    def publish(self, kind: str) -> Mapping[str, Any]:
        """Give the document out; a licence enters the register and replaces the older one it names."""
        order, declared, row = self.order, self._declared(kind), self._newest(kind)
        if declared.signed and row.signed is None:
            raise HandlerFailed("belum_ditandatangani", "Dokumen ini belum ditandatangani, jadi belum dapat diterbitkan.")
        licence = declared.outcome == "terbit"
        until = valid_until(order.edition.process, order.today).isoformat() if licence else None
        with order.house.database.transaction() as connection:
            older = self._older(connection, declared, row) if licence else None
            if not papers.is_published(connection, row.id):
                order.claim(connection)
                papers.change(connection, row.id, published_at=stamp(order.at), valid_until=until,
                              standing="berlaku" if licence else None)
                if older is not None:
                    papers.change(connection, older.id, standing="diganti")
        return {"document": row.id, "kind": kind, "number": row.number, "valid_until": until,
                "replaces": older.number if older else None}

    def _older(self, connection: Connection, declared: DocumentKind, row: DocumentRow) -> DocumentRow | None:
        """The licence that this one names as the one it replaces."""
        activity, _, key = (declared.replaces or "").partition(".")
        number = str(self.order.answers.get(activity, {}).get(key) or "")
        older = papers.by_number(connection, number) if number else None
        return None if older is None or older.id == row.id or older.kind != declared.id else older

    def withdraw_own(self) -> None:
        """Undo the publication by this very effect when its case ended otherwise meanwhile; a licence that may have been
        seen is shown as revoked, and the one that it had replaced is in force again."""
        with self.order.house.database.transaction() as connection:
            for row in papers.of_case(connection, self.order.row.id):
                if row.published_at == stamp(self.order.at) and row.kind == self.order.effect.arguments.get("dokumen"):
                    self._withdrawn(connection, row)

    def _withdrawn(self, connection: Connection, row: DocumentRow) -> None:
        if row.standing is None:
            papers.change(connection, row.id, published_at=None)
        elif row.standing == "berlaku":
            papers.change(connection, row.id, standing="dicabut")
            older = self._older(connection, self._declared(row.kind), row)
            if older is not None and older.standing == "diganti":
                papers.change(connection, older.id, standing="berlaku")


def _interrupted() -> HandlerFailed:
    return HandlerFailed(INTERRUPTED, "Penandatanganan terputus sebelum selesai. Nomor dan naskah tetap aman; "
                                      "ketik lagi frasa sandi untuk melanjutkan.")
