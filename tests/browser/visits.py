"""Which pages are visited, by whom, in which state. Every page of the house stands here; a test says which one does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from engine.authoring.props import content_of
from engine.rules.people import SYSTEM
from tests.browser.house import House
from tests.browser_tools import Watch, watch

Act = Callable[[House, Page], None]


@dataclass(frozen=True)
class Visit:
    """One page in one state: the view, who looks, where it is, and what is done there first."""

    endpoint: str
    state: str
    who: Callable[[House], str]
    address: Callable[[House], str]
    act: Act | None = None
    status: int = 200

    def __str__(self) -> str:
        return f"{self.endpoint}-{self.state}".replace(" ", "-")


def by(who: str) -> Callable[[House], str]:
    return lambda house: who


def at(address: str) -> Callable[[House], str]:
    return lambda house: address


VISITOR = by("tamu")


def visited(house: House, page: Page, visit: Visit) -> Watch:
    """Go there as that person and do what is done there first; what the browser complains of and asks for meanwhile."""
    house.enter(page.context, visit.who(house))
    eyes = watch(page)
    response = page.goto(house.base + visit.address(house))
    assert response is not None and response.status == visit.status
    if visit.act is not None:
        with page.expect_navigation():
            visit.act(house, page)
    return eyes


def fill(**values: str) -> Act:
    """Type into fields by id, then press the form's button."""
    def act(house: House, page: Page) -> None:
        for name, value in values.items():
            page.fill(f"#{name}", value)
        page.locator("main form").filter(has=page.locator(f"#{next(iter(values))}")).locator("button").last.click()
    return act


def press(text: str) -> Act:
    """Press a button by its words."""
    return lambda house, page: page.get_by_role("button", name=text).first.click()


def upload(content: bytes, name: str = "berkas.pdf") -> Act:
    """Choose a file for the check page and send it."""
    def act(house: House, page: Page) -> None:
        page.set_input_files("#berkas", {"name": name, "mimeType": "application/pdf", "buffer": content})
        page.get_by_role("button", name="Periksa berkas").click()
    return act


def _applicant(outcome: str) -> Callable[[House], str]:
    return lambda house: house.ended(outcome).row.applicant or ""


def _draft_applicant(house: House) -> str:
    return house.waiting_for_applicant(returned=False)[0].row.applicant or ""


def _returned_applicant(house: House) -> str:
    return house.waiting_for_applicant(returned=True)[0].row.applicant or ""


def _form(returned: bool) -> Callable[[House], str]:
    def address(house: House) -> str:
        case, task = house.waiting_for_applicant(returned=returned)
        return f"/tugas/{case.row.id}/{task.task}"
    return address


def _whole_return(house: House, page: Page) -> None:
    """Send every document that was asked for again, agree, and go on to the review."""
    fields = page.locator("#isian input[type=file]:not([capture])")
    for number in range(fields.count()):
        name = f"berkas-{number}.pdf"
        fields.nth(number).set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content_of(name)})
        page.get_by_role("link", name=name).wait_for()
    for box in page.locator("#isian input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="Periksa dan kirim").click()


def _closed_form(house: House) -> str:
    case = house.ended("terbit")
    lane = case.edition.process.applicant_lane
    task = next(one for one in case.tasks if lane and one.post == lane.post)
    return f"/tugas/{case.row.id}/{task.task}"


def _process(house: House) -> str:
    return house.engine.catalog.in_force()[0].process.id


def _licence(house: House) -> str:
    return next(row.code for row in house.ended("terbit").documents if row.signed)


def _flipped_licence(house: House, page: Page) -> None:
    row = next(row for row in house.ended("terbit").documents if row.signed)
    content = bytearray(house.engine.papers.read(row))
    content[len(content) // 2] ^= 1
    upload(bytes(content))(house, page)


def _true_licence(house: House, page: Page) -> None:
    upload(house.engine.papers.read(next(row for row in house.ended("terbit").documents if row.signed)))(house, page)


def _link(house: House) -> str:
    applicant = house.ended("terbit").row.applicant or ""
    return f"/aktifkan/{house.engine.administration.new_link(applicant, SYSTEM)}"


def _receipt_of(house: House, page: Page) -> None:
    case = house.in_office()
    account = house.engine.administration.account(case.row.applicant or "")
    fill(nomor=case.row.number or "", angka=account.identity[-4:] or "0000")(house, page)


PUBLIC = (
    Visit("public.home", "one process", VISITOR, at("/")),
    Visit("public.service", "standard", VISITOR, lambda house: f"/layanan/{_process(house)}"),
    Visit("public.contact", "from data", VISITOR, at("/kontak")),
    Visit("public.track", "empty", VISITOR, at("/lacak?nomor=AB-1")),
    Visit("public.tracked", "not found", VISITOR, at("/lacak"), fill(nomor="AB-2026-000001-X", angka="0000")),
    Visit("public.tracked", "in the office", VISITOR, at("/lacak"), _receipt_of),
    Visit("public.check", "empty", VISITOR, at("/periksa")),
    Visit("public.verdict", "unknown code", VISITOR, at("/v/AAAAAAAAAAAAAAAA"), status=404),
    Visit("public.verdict", "licence", VISITOR, lambda house: f"/v/{_licence(house).lower()}"),
    Visit("public.judge", "nothing chosen", VISITOR, at("/periksa"), press("Periksa berkas")),
    Visit("public.judge", "genuine", VISITOR, at("/periksa"), _true_licence),
    Visit("public.judge", "one byte changed", VISITOR, at("/periksa"), _flipped_licence),
    Visit("public.judge", "without signature", VISITOR, at("/periksa"), upload(content_of("surat.pdf"))),
    Visit("sign_in.page", "demo", VISITOR, at("/masuk")),
    Visit("sign_in.enter", "wrong password", VISITOR, at("/masuk"), fill(nama_pengguna="siapa", kata_sandi="salah")),
    Visit("sign_in.activation", "new link", VISITOR, _link),
    Visit("sign_in.activate", "too short", VISITOR, _link, fill(kata_sandi="pendek", ulangi="pendek")),
    Visit("refusal", "not there", VISITOR, at("/tidak-ada"), status=404),
    Visit("applicant.register", "empty", VISITOR, lambda house: f"/daftar/{_process(house)}"),
    Visit("applicant.registering", "faulty", VISITOR, lambda house: f"/daftar/{_process(house)}", press("Kirim pendaftaran")),
    Visit("applicant.registered", "sent", VISITOR, lambda house: f"/daftar/{_process(house)}/terkirim"),
)

APPLICANT = (
    Visit("applicant.mine", "draft", _draft_applicant, at("/permohonan")),
    Visit("applicant.mine", "returned", _returned_applicant, at("/permohonan")),
    Visit("applicant.mine", "finished", _applicant("terbit"), at("/permohonan")),
    Visit("tasks.show", "applicant draft", _draft_applicant, _form(False)),
    Visit("tasks.show", "applicant return", _returned_applicant, _form(True)),
    Visit("tasks.show", "applicant done already", _applicant("terbit"), _closed_form, status=409),
    Visit("tasks.take", "applicant faulty", _draft_applicant, _form(False), press("Periksa dan kirim")),
    Visit("tasks.review", "before sending", _returned_applicant, _form(True), _whole_return),
    Visit("applicant.case", "returned", _returned_applicant,
          lambda house: f"/permohonan/{house.waiting_for_applicant(returned=True)[0].row.id}"),
    Visit("applicant.case", "granted", _applicant("terbit"), lambda house: f"/permohonan/{house.ended('terbit').row.id}"),
    Visit("applicant.case", "refused", _applicant("ditolak"), lambda house: f"/permohonan/{house.ended('ditolak').row.id}"),
    Visit("applicant.withdrawal", "asked back", _returned_applicant,
          lambda house: f"/permohonan/{house.waiting_for_applicant(returned=True)[0].row.id}/cabut"),
    Visit("applicant.withdraw", "without reason", _returned_applicant,
          lambda house: f"/permohonan/{house.waiting_for_applicant(returned=True)[0].row.id}/cabut",
          press("Cabut permohonan ini")),
    Visit("sign_in.capacity", "applicant", _draft_applicant, at("/jabatan")),
    Visit("refusal", "wrong role", _draft_applicant, at("/kotak-masuk"), status=403),
)


def _desk(house: House) -> str:
    """The post with the most work."""
    tasks = house.office_tasks()
    return max({task.post for task in tasks}, key=lambda post: sum(task.post == post for task in tasks))


def _desk_task(house: House) -> str:
    task = next(task for task in house.office_tasks() if task.post == _desk(house))
    return f"/tugas/{task.case}/{task.task}"


def _finish(house: House, page: Page) -> None:
    page.locator(".action-bar .button-main").click()


def _done_task(house: House) -> str:
    case = house.ended("terbit")
    task = next(task for task in case.tasks if task.post == _desk(house))
    return f"/tugas/{case.row.id}/{task.task}"


def _case(prefix: str, outcome: str = "terbit", rest: str = "") -> Callable[[House], str]:
    return lambda house: f"/{prefix}/{house.ended(outcome).row.id}{rest}"


def _hand_over(house: House) -> str:
    task = house.office_tasks()[0]
    return f"/berkas/{task.case}/tugas/{task.task}/alihkan"


def _signer(house: House) -> str:
    return house.signing_post()


def _account(house: House) -> str:
    return f"/akun/{house.account_of(house.signing_post())}"


def _message(house: House) -> str:
    return f"/surat-keluar/{next(one for case in house.cases for one in case.messages).id}"


def _examine(content: bytes, name: str) -> Act:
    def act(house: House, page: Page) -> None:
        page.locator("main input[type=file]").first.set_input_files(
            {"name": name, "mimeType": "application/xml", "buffer": content})
        page.locator("main form").filter(has=page.locator("input[type=file]")).locator("button").last.click()
    return act


def change(**values: str) -> Act:
    """Ask what a change of the chosen day would move."""
    def act(house: House, page: Page) -> None:
        for name, value in values.items():
            page.fill(f"#{name}", value)
        page.get_by_role("button", name="Lihat yang bergeser").click()
    return act


def _no_decree(house: House, page: Page) -> None:
    """Nothing but a space is typed, which a browser lets through."""
    page.fill("#dasar", " ")
    page.get_by_role("button", name="Ambil alih").click()


def _late_list(house: House) -> str:
    return f"/kinerja/berkas?p={_process(house)}&w=terbuka&k={house.office_tasks()[0].activity}"


ADMINISTRATOR, AUDITOR, ANALYST = by("administrator"), by("auditor"), by("analis")

OFFICE = (
    Visit("inbox.mine", "busy desk", _desk, at("/kotak-masuk")),
    Visit("inbox.mine", "nothing found", _desk, at("/kotak-masuk?q=tidakada")),
    Visit("tasks.show", "officer", _desk, _desk_task),
    Visit("tasks.take", "officer faulty", _desk, _desk_task, _finish),
    Visit("tasks.show", "officer done already", _desk, _done_task, status=409),
    Visit("cases.search", "all", _desk, at("/berkas")),
    Visit("cases.search", "nothing found", _desk, at("/berkas?q=tidakada")),
    Visit("cases.show", "granted", _desk, _case("berkas")),
    Visit("cases.show", "refused", AUDITOR, _case("berkas", "ditolak")),
    Visit("cases.show", "in the office", ADMINISTRATOR, lambda house: f"/berkas/{house.in_office().row.id}"),
    Visit("signing.waiting", "list", _signer, at("/tanda-tangan")),
    Visit("signing.outcome", "signed", _signer, _case("tanda-tangan", rest="/hasil")),
    Visit("signing.certificate", "in force", _signer, at("/sertifikat")),
    Visit("sign_in.capacity", "officer", _desk, at("/jabatan")),
    Visit("refusal", "officer elsewhere", _desk, at("/akun"), status=403),
    Visit("administration.accounts", "all", ADMINISTRATOR, at("/akun")),
    Visit("administration.account", "signer", ADMINISTRATOR, _account),
    Visit("administration.new", "empty", ADMINISTRATOR, at("/akun/baru")),
    Visit("administration.hand_over", "task", ADMINISTRATOR, _hand_over),
    Visit("administration.incidents", "none", ADMINISTRATOR, at("/insiden")),
    Visit("administration.mail", "all", ADMINISTRATOR, at("/surat-keluar")),
    Visit("administration.message", "one", ADMINISTRATOR, _message),
    Visit("calendar.year", "this year", ADMINISTRATOR, at("/kalender")),
    Visit("calendar.year", "a day chosen", ADMINISTRATOR, at("/kalender?hari=2026-12-07")),
    Visit("calendar.year", "not decreed", ADMINISTRATOR, at("/kalender?tahun=2031")),
    Visit("calendar.change", "preview", ADMINISTRATOR, at("/kalender?hari=2026-12-07"), change(dasar="SK 99/2026 (rekaan)")),
    Visit("calendar.change", "faulty hours", ADMINISTRATOR, at("/kalender?hari=2026-12-06"), change(dasar="SK 1", jam="pagi")),
    Visit("calendar_tables.offered", "new tables", ADMINISTRATOR, at("/kalender/tabel")),
    Visit("calendar_tables.take_over", "without decree", ADMINISTRATOR, at("/kalender/tabel"), _no_decree),
    Visit("calendar_tables.taken", "last year's", ADMINISTRATOR, at("/kalender/tabel/1")),
    Visit("service_level.show", "load", _signer, at("/kinerja?m=3")),
    Visit("service_level.show", "lateness", ADMINISTRATOR, at("/kinerja?m=12&panas=telat")),
    Visit("service_level.step", "worked on", _signer,
          lambda house: f"/kinerja/langkah/{house.office_tasks()[0].activity}?m=3"),
    Visit("service_cases.behind", "open", _signer, _late_list),
    Visit("service_cases.behind", "none", AUDITOR, at("/kinerja/berkas?w=dilanggar")),
    Visit("notices.mine", "chosen", _desk, at("/pemberitahuan")),
    Visit("audit.cases", "all", AUDITOR, at("/audit")),
    Visit("audit.show", "granted", AUDITOR, _case("audit")),
    Visit("audit.run_again", "same", AUDITOR, _case("audit"), press("Jalankan ulang")),
    Visit("analyst.processes", "in force", ANALYST, at("/proses")),
    Visit("analyst.process", "drawn", ANALYST, lambda house: f"/proses/{_process(house)}"),
    Visit("analyst.check", "empty", ANALYST, at("/periksa-proses")),
    Visit("analyst.examine", "broken file", ANALYST, at("/periksa-proses"), _examine(b"<bpmn", "rusak.bpmn")),
)

VISITS = (*PUBLIC, *APPLICANT, *OFFICE)

NOT_PAGES = {
    "static", "assets.source", "cases.diagram", "casefile.attachment", "casefile.letter", "inbox.state",
    "health.alive", "health.ready", "health.metrics",
    "calendar.export", "service_level.export", "service_level.workbook", "service_cases.export", "service_cases.workbook",
    "administration.export", "audit.export", "audit.table", "cases.export", "inbox.export", "sign_in.arrive",
}
"""Views that answer with a file, a fragment or a way on."""
