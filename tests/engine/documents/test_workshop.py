"""Files of strangers, opened apart: the same answers, and nothing that hangs or fills the memory reaches the caller."""

from __future__ import annotations

import io
import pickle
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from engine.documents.authority import TestAuthority
from engine.documents.child import Child
from engine.documents.judging import Expected, judge
from engine.documents.letters import Letter, render
from engine.documents.signing import SignJob
from engine.documents.uploads import TooHard, TooLarge, WrongKind, accept
from engine.documents.workshop import HOME, accept_apart, answer, judge_apart

AT = datetime(2026, 6, 30, 3, tzinfo=UTC)
BURNING = """
from engine.documents import workshop
workshop.CPU_SECONDS = 1
workshop.WORK["accept"] = lambda *_: any(iter(int, 1))
workshop.main()
"""
DEAF = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    authority = TestAuthority(Path(tmp_path_factory.mktemp("kunci")))
    authority.ensure()
    authority.issue("kepala", "Pejabat Uji", "sandi-uji-1", AT)
    made = render(Letter("surat.typ", {"surat.typ": b'#set text(font: "Libertinus Serif")\nIsi.'}, {}, AT)).pdf
    return authority.signer.sign(SignJob(made, "kepala", AT), "sandi-uji-1").pdf, authority.root


def test_the_judgement_is_the_same_apart(house: tuple[bytes, bytes]) -> None:
    pdf, root = house
    for content in (pdf, pdf + b"\n", b"bukan pdf"):
        assert judge_apart(content, [root]) == judge(content, [root])
    assert judge_apart(pdf, [root], Expected(("0" * 64,))).identical.holds is False


def test_an_upload_is_the_same_apart_and_a_refusal_keeps_its_advice() -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), (9, 9, 9)).save(out, "JPEG")
    assert accept_apart("a.jpg", out.getvalue()) == accept("a.jpg", out.getvalue())
    with pytest.raises(WrongKind):
        accept_apart("a.txt", b"teks")
    with pytest.raises(TooLarge) as refused:
        accept_apart("a.pdf", b"%PDF-1.7" + b"x" * (5 * 1024 * 1024))
    assert "5,0 MB" in refused.value.advice


def test_no_answer_is_an_answer_too(house: tuple[bytes, bytes]) -> None:
    child = Child(DEAF, timeout=0.3)
    judgement = judge_apart(house[0], [house[1]], child=child)
    assert not judgement.authentic and "terlalu lama" in judgement.intact.sentence
    with pytest.raises(TooHard):
        accept_apart("a.jpg", b"\xff\xd8\xff", child=child)
    child.close()


def test_a_file_that_burns_the_processor_ends_the_child_in_seconds_and_the_next_one_is_answered() -> None:
    child = Child((sys.executable, "-c", BURNING), folder=HOME)
    began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    for _ in range(2):
        with pytest.raises(TooHard):
            accept_apart("a.jpg", b"\xff\xd8\xff", child=child)
    child.close()
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began < 12


def test_the_child_does_these_two_things_only() -> None:
    with pytest.raises(KeyError):
        answer(pickle.dumps(("system", ("ls",))))
