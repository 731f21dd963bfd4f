"""People who do not exist, for offices in which nothing counts. Any likeness is chance."""

from __future__ import annotations

from dataclasses import dataclass

FIRST = ("Ratna", "Bima", "Citra", "Dimas", "Endah", "Farid", "Gita", "Hendra", "Intan", "Jaya", "Kartika", "Lukman", "Mira",
         "Nanda", "Oka", "Puspita", "Rangga", "Sekar", "Taufik", "Utami", "Vina", "Wahyu", "Yoga", "Zahra")
LAST = ("Rekaan", "Contohwati", "Umpama", "Misalnya", "Andaikan", "Khayalan", "Angan")
BRANDS = ("Melati", "Kenanga", "Cempaka", "Anggrek", "Mawar", "Teratai", "Dahlia", "Flamboyan", "Kamboja", "Bugenvil",
          "Seruni", "Wijaya Kusuma", "Tanjung", "Sedap Malam", "Alamanda", "Asoka", "Soka", "Lavender", "Krisan", "Gardenia")


@dataclass(frozen=True)
class Person:
    """One invented person. The names of the members are the keys of `[akun]` in process.toml."""

    nama: str
    nama_pengguna: str
    surel: str
    merek: str
    nip: str


def person(number: int) -> Person:
    """The person with this number; the same one each time."""
    first = FIRST[number % len(FIRST)]
    last = LAST[(number + number // len(FIRST)) % len(LAST)]
    username = f"{first}.{last}".lower()
    # A number of the form that civil servants have, with a day that no calendar knows.
    return Person(f"{first} {last}", username, f"{username}@contoh.example", BRANDS[number % len(BRANDS)],
                  f"19800000{200000 + number:06d}1{number:03d}")
