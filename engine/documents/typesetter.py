"""The typesetter: a child process that sets one letter after the other and may be killed. Knows nothing but Typst.

One line of JSON comes in (folder, main file, time), one line goes out; the PDF is written beside the folder. It runs
apart from the engine because a template is an analyst's text: it may loop, eat memory or ask the network for a package.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

import typst

MEMORY = 2 << 30
NOWHERE = "/nonexistent"
DEAD_PROXY = "http://127.0.0.1:9"


def shut_out_the_network() -> None:
    """A package import is refused before; should one slip through, it meets a closed door instead of a server."""
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"):
        os.environ[name] = DEAD_PROXY


def set_letter(job: dict[str, object], fonts: typst.Fonts) -> dict[str, object]:
    root = Path(str(job["root"]))
    compiler = typst.Compiler(
        str(root / str(job["main"])), root=str(root), font_paths=fonts, ignore_system_fonts=True,
        package_path=NOWHERE, package_cache_path=NOWHERE)
    pdf = compiler.compile(format="pdf", pdf_standards=["a-2a"], timestamp=int(str(job["timestamp"])))
    if not isinstance(pdf, bytes):
        return {"error": "the template yields no document"}
    Path(str(job["output"])).write_bytes(pdf)
    return {"boxes": json.loads(compiler.query("<kotak_ttd>", field="value"))}


def answer(line: str, fonts: typst.Fonts) -> dict[str, object]:
    try:
        return set_letter(json.loads(line), fonts)
    except typst.TypstError as error:
        return {"error": f"{error.message} | {error.diagnostic}"}
    except (RuntimeError, MemoryError) as error:
        return {"error": str(error)}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    shut_out_the_network()
    fonts = typst.Fonts(include_system_fonts=False)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(line, fonts)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
