"""Seven people take a case from registration to a signed licence, in browsers of their own, over an office that really runs.

On the way a form is sent back with nothing lost, two documents are returned and only these mended, there are a meeting and
a visit with photos and a drawn signature, and a passphrase is wrong once. Another case ends in a signed refusal. What was
signed is then judged by everyone who may be asked: the public page, the command line, and a reader that is not ours.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.authoring.rehearsal import PASSPHRASE
from tests.browser.answering import Hand
from tests.browser.pictures import letter_picture
from tests.browser.running import Person, Running, person, started
from tests.browser.story import Story, sample

FAULTS = {"ktp": "Foto buram.", "sip_ro": "Masa berlaku tidak terbaca."}
MENDED = {"ktp": "ktp-jelas.jpg", "sip_ro": "sip-jelas.pdf"}
REFUSED = {"rekomendasi": "ditolak", "alasan_rekomendasi": "Izin praktik penanggung jawab tidak berlaku."}
REFUSALS_ONLY = ("the server responded with a status of 422", "the server responded with a status of 404")


@pytest.fixture(scope="module")
def office(demo: Callable[[], Path]) -> Iterator[Running]:
    with started(demo()) as running:
        yield running


@pytest.fixture(scope="module")
def cast(browser: Browser, office: Running) -> Iterator[Callable[[str], Person]]:
    """Everybody's own browser, opened when they first appear; in the end none of them has complained."""
    people: dict[str, Person] = {}
    with ExitStack() as open_browsers:
        def appear(who: str) -> Person:
            if who not in people:
                people[who] = open_browsers.enter_context(person(browser, office.base, phone=who == "ponsel"))
            return people[who]
        yield appear
        complaints = [one for who in people.values() for one in who.eyes.complaints]
        assert [one for one in complaints if not any(usual in one for usual in REFUSALS_ONLY)] == []


@pytest.fixture(scope="module")
def licensed(office: Running, cast: Callable[[str], Person], take: Callable[[Page, str], None]) -> Story:
    """The whole way of the first case."""
    story = Story(office, cast, take)
    for chapter in (story.register, story.approve_account, story.activate, story.apply):
        chapter()
    story.return_file(FAULTS)
    story.mend(FAULTS, MENDED)
    story.do("front_office", sample("periksa_berkas.lengkap"))
    story.study()
    story.draft()
    story.try_wrong_passphrase()
    story.sign(PASSPHRASE)
    story.look_back()
    return story


@pytest.fixture(scope="module")
def refused(licensed: Story) -> Story:
    """Another case of the same applicant, who has an account now; the meeting finds against it."""
    story = Story(licensed.office, licensed.cast, lambda page, name: None, shop="Optik Sari Redup")
    story.apply_again()
    story.do("front_office", sample("periksa_berkas.lengkap"))
    story.do("back_office", sample("entri_data_teknis.rapat"))
    story.do("tim_teknis", sample("rapat_kajian.disetujui", **REFUSED))
    story.draft("penolakan")
    story.sign(PASSPHRASE)
    return story


@pytest.fixture(scope="module")
def licence(licensed: Story, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The signed licence as the applicant downloads it."""
    return downloaded(licensed, "Surat izin", tmp_path_factory.mktemp("unduhan"))


def downloaded(story: Story, name: str, folder: Path) -> Path:
    applicant = story.applicant
    applicant.open(f"/permohonan/{story.case}")
    address = applicant.page.get_by_role("link", name=name).first.get_attribute("href")
    answer = applicant.page.context.request.get(applicant.base + str(address))
    assert answer.ok and answer.headers["content-type"] == "application/pdf"
    path = folder / f"{name}.pdf".replace(" ", "-")
    path.write_bytes(answer.body())
    return path


def words_in(pdf: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout


# --- the way ---------------------------------------------------------------------------------------------------------


DOERS = {
    "Registrasi di aplikasi": "Pemohon", "Memeriksa permohonan akun": "Front Office", "Melakukan permohonan izin": "pemohon",
    "Memeriksa kelengkapan berkas": "Front Office", "Melengkapi permohonan izin": "pemohon",
    "Entri data teknis dan agenda kajian": "Back Office", "Rapat kajian teknis": "Tim Teknis",
    "Peninjauan lapangan": "Tim Teknis", "Membuat naskah izin atau penolakan": "Back Office",
    "Menetapkan dan menandatangani": "Kepala Dinas"}
VERIFIED = "Verifikasi dan validasi naskah"


def test_every_activity_was_done_by_the_person_whose_lane_it_is(licensed: Story) -> None:
    told = [(title, by) for title, by in licensed.seen["timeline"] if title in DOERS or title == VERIFIED]
    assert {title for title, _ in told} == {*DOERS, VERIFIED}
    assert [(title, by) for title, by in told if title in DOERS and DOERS[title] not in by] == []
    twice = [by for title, by in told if title == VERIFIED]
    assert len(twice) == 2 and "Kepala Bidang" in twice[0] and "Kepala Seksi" in twice[1]


def test_the_reason_of_a_return_is_two_presses_from_the_mail(licensed: Story) -> None:
    assert licensed.seen["presses to the reason"] <= 2


def test_a_wrong_passphrase_signs_nothing_and_keeps_the_number(licensed: Story) -> None:
    assert "Frasa sandi" in licensed.seen["after the wrong passphrase"]
    assert licensed.seen["number before"] == licensed.seen["number signed"] != ""


def test_the_applicant_gets_receipt_and_licence(licensed: Story, licence: Path) -> None:
    assert licensed.seen["number signed"] in words_in(licence)
    assert licensed.letter("sudah terbit")["To"] == licensed.address
    applicant = licensed.applicant
    applicant.open(f"/permohonan/{licensed.case}")
    expect(applicant.page.get_by_role("link", name="Tanda terima")).to_have_count(1)


def test_the_other_case_ends_in_a_signed_refusal(refused: Story, tmp_path: Path) -> None:
    letter = downloaded(refused, "Surat penolakan", tmp_path)
    assert "tidak berlaku" in words_in(letter)
    assert refused.office.command("verify-document", str(letter)).returncode == 0
    refused.applicant.open("/permohonan")
    assert "ditolak" in refused.applicant.text.lower()


def test_the_most_urgent_task_is_found_and_finished_in_four_presses(office: Running, browser: Browser) -> None:
    """Beyond answering the form: signing in, taking what stands on top, finishing it."""
    with person(browser, office.base) as officer:
        officer.sign_in("kasi", "kata sandi contoh")
        officer.press_first(".rows > li")
        Hand(officer.page).answer(sample("verifikasi_kasi.setuju"))
        officer.press("Selesaikan tugas")
        expect(officer.page.get_by_role("heading", level=1)).to_have_text("Kotak masuk")
        assert officer.presses <= 4


# --- what was signed -------------------------------------------------------------------------------------------------


def test_the_code_on_the_licence_leads_anybody_to_a_page_that_confirms_it(licensed: Story, licence: Path, cast: Callable[
        [str], Person], take: Callable[[Page, str], None]) -> None:
    stranger = cast("tamu")
    stranger.open(code_address(licence))
    expect(stranger.page.locator(".checks > li.positive")).to_have_count(4)
    assert licensed.seen["number signed"] in stranger.text and licensed.name not in stranger.text
    take(stranger.page, "periksa-izin")
    letter_picture(licence, take)


def code_address(pdf: Path) -> str:
    """The address that is printed under the QR code."""
    return next(word for word in words_in(pdf).split() if "/v/" in word)


CHANGES: Mapping[str, Callable[[bytes], bytes]] = {
    "one byte flipped": lambda pdf: pdf[:len(pdf) // 2] + bytes([pdf[len(pdf) // 2] ^ 1]) + pdf[len(pdf) // 2 + 1:],
    "one byte appended": lambda pdf: pdf + b" ",
    "cut short": lambda pdf: pdf[:-1000],
}


def test_an_upload_of_the_licence_is_confirmed_and_a_changed_one_is_not(licence: Path, cast: Callable[[str], Person]) -> None:
    stranger = cast("tamu")
    assert judged_by_upload(stranger, licence.read_bytes()) == "Dokumen ini asli"
    for change in CHANGES.values():
        assert judged_by_upload(stranger, change(licence.read_bytes())) == "Dokumen ini tidak dapat dipastikan asli"


def judged_by_upload(stranger: Person, content: bytes) -> str:
    stranger.open("/periksa")
    stranger.page.set_input_files("#berkas", {"name": "izin.pdf", "mimeType": "application/pdf", "buffer": content})
    stranger.press("Periksa berkas")
    return stranger.page.get_by_role("heading", level=1).inner_text()


def test_the_command_line_confirms_it_with_the_register_and_from_the_signature_alone(
        office: Running, licence: Path, tmp_path: Path) -> None:
    """Who has no register needs the office's root certificate, which the office gives to anybody."""
    root = tmp_path / "akar.pem"
    root.write_text(office.command("keys", "root").stdout)
    for words in (("--data", str(office.folder)), ("--root", str(root))):
        told = office.command("verify-document", str(licence), *words, folder=False)
        assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("change", CHANGES)
def test_the_command_line_refuses_a_changed_one(office: Running, licence: Path, tmp_path: Path, change: str) -> None:
    altered = tmp_path / "berubah.pdf"
    altered.write_bytes(CHANGES[change](licence.read_bytes()))
    assert office.command("verify-document", str(altered)).returncode == 1


def test_a_reader_that_is_not_ours_finds_the_signature_valid_and_all_of_it_signed(licence: Path) -> None:
    said = subprocess.run(["pdfsig", licence], capture_output=True, text=True).stdout
    assert "Signature is Valid" in said and "Total document signed" in said


@pytest.mark.parametrize("words", [("verify",), ("replay", "--all")])
def test_the_office_can_be_verified_and_executed_again(office: Running, refused: Story, words: tuple[str, ...]) -> None:
    told = office.command(*words)
    assert told.returncode == 0, told.stdout + told.stderr
