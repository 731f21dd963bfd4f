"""The administrator: people and posts, stuck steps, outgoing mail, a task given to somebody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.rules.people import PREFIXES
from engine.store import directory
from tests.builders import Office
from tests.web_builders import Browser
from tests.web_cases import played


@pytest.fixture
def admin(second_office: Office) -> Browser:
    return Browser(second_office, second_office.actor("administrator"))


def created(admin: Browser, username: str = "wulan") -> str:
    admin.send("/akun/baru", {"username": username, "name": f"Wulan {username}", "email": "wulan@kantor.example"})
    return str(next(one.id for one in admin.office.engine.administration.accounts() if one.username == username))


def test_an_officer_gets_an_account_a_post_and_a_link_to_choose_a_password(admin: Browser) -> None:
    account = created(admin)
    assert admin.heading == "Wulan wulan" and "Belum ada jabatan" in admin.text
    admin.send(f"/akun/{account}/penunjukan", {"jabatan": "petugas_loket", "kapasitas": "definitif", "mulai": "2026-06-01"})
    assert "Petugas Loket berlaku" in admin.text
    admin.send(f"/akun/{account}/tautan")
    link = re.search(r"http://izin\.example(/aktifkan/\S+)", admin.text)
    assert link is not None
    admin.get(f"/akun/{account}")
    assert "/aktifkan/" not in admin.text
    someone = Browser(admin.office, None, admin.app)
    someone.get(link.group(1))
    someone.send(link.group(1), {"kata_sandi": "kebun teh di lereng", "ulangi": "kebun teh di lereng"})
    someone.send("/masuk", {"nama_pengguna": "wulan", "kata_sandi": "kebun teh di lereng"})
    assert someone.heading == "Kotak masuk"


def test_a_user_name_is_given_once_and_what_was_typed_stays(admin: Browser) -> None:
    created(admin)
    response = admin.send("/akun/baru", {"username": "wulan", "name": "Wulan Lain"})
    assert response.status_code == 422 and "sudah dipakai" in admin.text
    assert admin.page.find("input", id="name")["value"] == "Wulan Lain"


@pytest.mark.parametrize("wanted", [
    {"jabatan": "camat", "kapasitas": "plh", "mulai": "2026-06-09"},
    {"jabatan": "camat", "kapasitas": "plh", "mulai": "2026-06-09", "sampai": "2026-06-12"},
    {"jabatan": "camat", "kapasitas": "definitif", "mulai": "2026-06-09", "sampai": "2026-06-01"},
    {"jabatan": "tidak-ada", "kapasitas": "definitif", "mulai": "2026-06-09"},
    {"jabatan": "camat", "kapasitas": "definitif", "mulai": "besok"},
])
def test_an_appointment_that_does_not_hold_is_refused_with_the_reason(admin: Browser, wanted: dict[str, str]) -> None:
    account = created(admin)
    assert admin.send(f"/akun/{account}/penunjukan", wanted).status_code == 422
    assert admin.page.find(role="alert") is not None
    assert admin.office.engine.administration.appointments(account) == []


def test_a_plh_acts_with_the_prefix_until_the_last_day(admin: Browser) -> None:
    account = created(admin)
    admin.send(f"/akun/{account}/penunjukan", {"jabatan": "camat", "kapasitas": "plh", "mulai": "2026-06-09",
                                               "sampai": "2026-06-12", "surat": "800/12"})
    assert f"{PREFIXES['plh']}Camat Contoh" in admin.text and "800/12" in admin.text
    end = admin.page.find("form", action=re.compile("/akhiri$"))["action"]
    admin.send(end, {"terakhir": ""})
    assert "berakhir" in admin.text


def test_a_closed_account_is_signed_out_and_nobody_closes_the_own_one(admin: Browser) -> None:
    office = admin.office
    officer = office.actor("petugas_loket")
    signed_in = Browser(office, officer, admin.app)
    admin.send(f"/akun/{officer.account}/aktif", {"aktif": "tidak"})
    assert "Ditutup" in admin.text
    assert signed_in.get("/kotak-masuk").request.path == "/masuk"
    own = office.actor("administrator").account
    assert admin.send(f"/akun/{own}/aktif", {"aktif": "tidak"}).status_code == 422


def test_the_list_is_searched_and_goes_out_as_csv(admin: Browser) -> None:
    admin.get("/akun?j=pemohon")
    assert "1 akun cocok" in admin.text and "Pemohon Rekaan" in admin.text
    admin.get("/akun?q=camat")
    assert "Orang camat" in admin.text and "petugas_loket" not in admin.text
    assert "Orang camat" in admin.client.get("/akun.csv").get_data(as_text=True)


def test_a_task_is_given_to_another_holder_of_its_post(second_office: Office) -> None:
    office = second_office
    case = played(office, "kecil", until="periksa_reklame")
    admin = Browser(office, office.actor("administrator"))
    account = created(admin)
    admin.send(f"/akun/{account}/penunjukan", {"jabatan": "petugas_loket", "kapasitas": "definitif", "mulai": "2026-06-01"})
    task = office.task(case, "periksa_reklame")
    address = f"/berkas/{case}/tugas/{task.task}/alihkan"
    admin.get(address)
    assert "Wulan wulan" in admin.text and "Orang camat" not in admin.text
    assert admin.send(address, {"kepada": office.actor("camat").account or ""}).status_code == 422
    admin.send(address, {"kepada": account})
    assert office.task(case, "periksa_reklame").claimed_by == account
    assert "Dialihkan: Memeriksa permohonan" in admin.text


def test_a_stuck_step_is_shown_with_its_cause_and_runs_again(second_office: Office) -> None:
    office = second_office
    case = played(office, "kecil", until="periksa_reklame")
    engine = office.engine
    folder = engine.settings.files
    engine.tasks.complete(case, office.task(case, "periksa_reklame").task, {"baik": True}, office.actor("petugas_loket"))
    moved_away = folder.with_name("disimpan")
    folder.rename(moved_away)
    folder.write_text("bukan folder")
    for _ in range(8):
        office.settle()
        office.clock.move_to(office.clock.now() + timedelta(hours=1))
    folder.unlink()
    moved_away.rename(folder)
    admin = Browser(office, office.actor("administrator"))
    admin.get("/insiden")
    assert "1 langkah otomatis menunggu" in admin.text and "Tersangkut" in admin.text
    admin.send(admin.page.find("form", action=re.compile("/ulang$"))["action"])
    assert "Tidak ada langkah otomatis yang tersangkut" in admin.text
    office.settle()
    assert office.row(case).ended_at is not None


def test_health_names_what_needs_attention(admin: Browser) -> None:
    admin.get("/insiden")
    health = admin.page.find("section", attrs={"aria-labelledby": "kd"}).get_text(" ", strip=True)
    assert "tidak ada yang tersangkut" in health and "belum ada server surel" in health
    assert "Izin Reklame Kecil" in health


def test_links_of_messages_are_shown_in_a_demo_only(office: Office) -> None:
    played(office, "01-rapat-dan-peninjauan", until="ajukan_permohonan")
    office.settle()
    admin = Browser(office, office.actor("administrator"))
    admin.get("/surat-keluar")
    first = admin.page.find("tbody").find("a")["href"]
    admin.get(first)
    assert "[tautan disembunyikan]" in admin.text and "/aktifkan/" not in admin.text
    assert "Terkirim" in admin.text
    with office.engine.database.transaction() as connection:
        directory.save_setting(connection, "demo", "ya")
    again = Browser(office, office.actor("administrator"))
    again.get(first)
    assert re.search(r"/aktifkan/\S+", again.text)


def test_a_message_is_sent_again(office: Office) -> None:
    played(office, "01-rapat-dan-peninjauan", until="ajukan_permohonan")
    office.settle()
    admin = Browser(office, office.actor("administrator"))
    admin.get("/surat-keluar")
    admin.send(admin.page.find("form", action=re.compile("/kirim$"))["action"])
    assert "menunggu" in admin.text
    assert admin.send("/surat-keluar/tidak-ada/kirim").status_code == 404
