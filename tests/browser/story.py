"""One case told chapter by chapter: each chapter is what one person does in their own browser, by what the pages show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.message import EmailMessage
from functools import cache
from typing import Any

from playwright.sync_api import Page, expect

from engine.clock import local
from engine.commands.parts.samples import PASSWORD
from engine.rules.scenario import EXAMPLES, load_examples
from tests.browser.running import Person, Running, link_in
from tests.builders import HOME

PROCESS = "izin-optikal"
WRITTEN = (date(2026, 6, 1), date(2026, 7, 31))
"""The examples were written for these days; in the browser they happen today."""

OWN_PASSWORD = "empat kata yang mudah"


@cache
def examples() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    return load_examples((HOME / "processes" / PROCESS / "scenarios" / EXAMPLES).read_bytes())


def sample(name: str, **changed: Any) -> dict[str, Any]:
    """The example answer `activity.name`, as of today, with some of it changed."""
    activity, _, which = name.partition(".")
    return {**{key: as_of_today(value) for key, value in examples()[activity][which].items()}, **changed}


def as_of_today(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 10 and value[:4] == str(WRITTEN[0].year) and value[4] == "-":
        if WRITTEN[0] <= date.fromisoformat(value) <= WRITTEN[1]:
            return local(datetime.now(UTC)).date().isoformat()
    return value


@dataclass
class Story:
    """A case in a running office. `cast` gives everyone a browser; `take` may take a picture of a page."""

    office: Running
    cast: Callable[[str], Person]
    take: Callable[[Page, str], None]
    name: str = "Sari Rekaan"
    shop: str = "Optik Sari Terang"
    device: str = "ponsel"
    case: str = ""
    number: str = ""
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the applicant gets mail."""
        return f"{self.username}@contoh.example"

    @property
    def username(self) -> str:
        """The user name that the applicant chooses."""
        return self.name.lower().replace(" ", ".")

    def person(self, post: str) -> Person:
        """The holder of a post, signed in."""
        found = self.cast(post)
        if found.page.url == "about:blank":
            found.sign_in(post.replace("_", "."), PASSWORD)
        return found

    @property
    def applicant(self) -> Person:
        return self.cast("pemohon")

    # --- registration ---

    def register(self) -> None:
        """A visitor finds the form from the front page and sends it."""
        visitor = self.cast("tamu")
        visitor.open("/")
        self.take(visitor.page, "beranda")
        visitor.follow("Daftar akun dan ajukan")
        visitor.answer(sample("registrasi.biasa", nama=self.name, nama_pengguna=self.username, surel=self.address))
        visitor.press("Kirim pendaftaran")
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Pendaftaran diterima")

    def approve_account(self) -> None:
        officer = self.person("front_office")
        self.take(officer.page, "kotak-masuk")
        self.do("front_office", sample("periksa_akun.setuju"), words=self.name)

    def activate(self) -> None:
        """By the link in the mail; then the first sign-in."""
        applicant = self.applicant
        applicant.open(link_in(self.letter("sudah disetujui")))
        applicant.page.fill("#kata_sandi", OWN_PASSWORD)
        applicant.page.fill("#ulangi", OWN_PASSWORD)
        applicant.press("Aktifkan akun")
        applicant.sign_in(self.username, OWN_PASSWORD)

    # --- the application ---

    def apply(self) -> None:
        """With one fault at first: everything typed and uploaded is still there, and only the fault is mended."""
        applicant = self.applicant
        applicant.follow("Lanjutkan")
        self.fill_application(nib="12345")
        before = answers_on(applicant.page)
        self.send(applicant)
        expect(applicant.page.locator("#ringkasan-galat")).to_be_focused()
        after = answers_on(applicant.page)
        assert [one for one in before if one not in after] == []
        kept = {name for name, _ in after if name.endswith(".berkas")}
        assert len(kept) == len(sample("ajukan_permohonan.perorangan")["persyaratan"])
        assert applicant.page.locator(".fault-summary li").all_inner_texts() == [
            "Nomor induk berusaha (NIB): NIB terdiri dari 13 angka."]
        applicant.answer({"nib": sample("ajukan_permohonan.perorangan")["nib"]})
        self.send(applicant)
        self.confirm(applicant)

    def fill_application(self, **changed: Any) -> None:
        """The whole form, with its uploads."""
        values = sample("ajukan_permohonan.perorangan", nama=self.name, surel=self.address, nama_optikal=self.shop)
        self.applicant.answer({**values, **changed})

    def send(self, applicant: Person) -> None:
        applicant.press("Periksa dan kirim")

    def confirm(self, applicant: Person) -> None:
        """The page that shows everything once more, then the receipt."""
        expect(applicant.page.get_by_role("heading", level=1)).to_have_text("Periksa sebelum mengirim")
        applicant.press("Kirim")
        self.case = applicant.page.url.split("?")[0].rpartition("/")[2]
        self.number = applicant.page.locator(".over").inner_text().split(" ·")[0]

    def mend(self, faults: Mapping[str, str], files: Mapping[str, str]) -> None:
        """From the mail, on a phone: the reasons are there after few presses, and only the returned rows can be mended."""
        phone = self.cast(self.device)
        phone.open(link_in(self.letter("perlu dilengkapi")))
        phone.answer_sign_in(self.username, OWN_PASSWORD)
        phone.follow("Lanjutkan")
        assert all(reason in phone.text for reason in faults.values())
        self.seen["presses to the reason"] = phone.presses
        self.take(phone.page, "ponsel-perbaiki")
        assert phone.page.locator('#isian input[type="file"]:not([capture])').count() == len(faults)
        rows = [{"dokumen": code, "berkas": token} for code, token in files.items()]
        phone.answer({"persyaratan": rows, "pernyataan_benar": True})
        self.send(phone)
        self.confirm(phone)

    # --- officers ---

    def do(self, post: str, values: Mapping[str, Any], *, activity: str = "", words: str = "", picture: str = "") -> None:
        """Find the task by words of its row, take it, answer the form, finish."""
        officer = self.find(post, words or self.shop, activity)
        officer.answer(values)
        if picture:
            self.take(officer.page, picture)
        officer.press("Selesaikan tugas")
        expect(officer.page.get_by_role("heading", level=1)).to_have_text("Kotak masuk")

    def find(self, post: str, words: str, activity: str = "") -> Person:
        """Take the task whose row in the inbox says these words."""
        officer = self.person(post)
        officer.open("/kotak-masuk")
        row = officer.page.locator(".rows > li").filter(has_text=words).filter(has_text=activity)
        officer.presses += 1
        with officer.page.expect_navigation():
            row.first.locator("button, a.button").click()
        return officer

    def return_file(self, faults: Mapping[str, str]) -> None:
        """Front Office sends the file back: two documents with a reason each, the others are in order."""
        rows = [{**row, "status": "tidak_sesuai", "keterangan": faults[row["dokumen"]]} if row["dokumen"] in faults else row
                for row in examples()["periksa_berkas"]["lengkap"]["catatan"]]
        self.do("front_office", {"catatan": rows, "lengkap": False}, picture="tugas")

    def study(self, found: Mapping[str, str]) -> None:
        """Meeting and visit, by the Tim Teknis; the visit with photos and signatures drawn on the glass."""
        self.do("back_office", sample("entri_data_teknis.keduanya"))
        self.do("tim_teknis", sample("rapat_kajian.disetujui", **found), activity="rapat")
        visit = sample("hasil_peninjauan.memenuhi", foto="depan.jpg", temuan="Ruang tunggu bersih dan terang.")
        self.do("tim_teknis", {**visit, **found}, activity="peninjauan")

    def draft(self, name: str = "izin") -> None:
        """The letter is written, and verified twice."""
        self.do("back_office", sample(f"susun_naskah.{name}"))
        self.do("kasi", sample("verifikasi_kasi.setuju"), picture="verifikasi")
        self.do("kabid", sample("verifikasi_kabid.setuju"))

    def decide(self, passphrase: str) -> Person:
        """The head of the office reads, decides and signs; the page that says what came of it."""
        head = self.person("kepala")
        head.open("/tanda-tangan")
        self.take(head.page, "tanda-tangan")
        head.presses += 1
        with head.page.expect_navigation():
            head.page.locator(".to-sign > li").filter(has_text=self.number).locator("a.button").click()
        head.answer({**sample("penetapan.setuju"), "frasa_sandi": passphrase})
        head.press("Kirim keputusan")
        return head

    def try_wrong_passphrase(self) -> None:
        """Nothing is signed, a sentence says so, and the task waits again with the same number."""
        head = self.decide("bukan frasa saya")
        self.seen["after the wrong passphrase"] = head.page.locator("main").inner_text()
        head.follow("Coba lagi")
        said = head.page.locator(".letter-view .quiet").first.inner_text()
        self.seen["number before"] = said.rpartition("nomor ")[2]

    def sign(self, passphrase: str) -> None:
        head = self.decide(passphrase)
        expect(head.page.locator(".notice.positive h2")).to_contain_text("Sudah ditandatangani")
        self.seen["number signed"] = head.page.locator(".notice b").inner_text()

    def look_back(self) -> None:
        """The auditor opens the case and its replay."""
        auditor = self.person("auditor")
        auditor.open(f"/berkas/{self.case}")
        self.seen["timeline"] = [(one.locator("h3").inner_text(), one.locator(".by").inner_text())
                                 for one in auditor.page.locator(".timeline > li").all()]
        auditor.follow("Putar ulang")
        self.take(auditor.page, "putar-ulang")

    def letter(self, about: str) -> EmailMessage:
        """What the applicant was sent."""
        return self.office.letter(self.address, about)


def answers_on(page: Page) -> list[list[str]]:
    """Every answer that stands in the form: what was typed, chosen, and kept."""
    found: list[list[str]] = page.evaluate("""() => [...document.querySelectorAll('#isian [name]')]
        .filter(one => one.name[0] !== '_' && one.type !== 'file')
        .filter(one => !['radio', 'checkbox'].includes(one.type) || one.checked)
        .map(one => [one.name, one.value])""")
    return found
