"""The web application for a server of many processes: `gunicorn 'forms.web.wsgi:create()'`, behind a reverse proxy.

Each process assembles an engine of its own after it was forked; nothing is shared but the database and the files.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

from werkzeug.middleware.proxy_fix import ProxyFix

from engine.assembly import Engine, assemble, keep_log, read_settings
from engine.errors import CannotRun
from forms.web.app import create_app

Application = Callable[..., Iterable[bytes]]


def create() -> Application:
    """The application of the settings in the environment; a sentence on standard error says why there is none."""
    try:
        settings = read_settings(os.environ)
        keep_log(settings)
        engine = assemble(settings)
        engine.health.must_be_ready()
        must_be_real(engine)
    except CannotRun as refusal:
        print(f"izin: {refusal.advice}", file=sys.stderr, flush=True)
        raise
    return behind(create_app(engine), settings.proxy)


def must_be_real(engine: Engine) -> None:
    """CannotRun for a demo: its passwords stand on its sign-in page, and this server cannot know who reaches it."""
    if engine.identity.is_demo:
        raise CannotRun("demo", advice=f"Folder {engine.settings.data} berisi contoh; contoh hanya dijalankan dengan "
                                       "`./izin start`. Pilih folder kantor yang sungguhan dengan IZIN_DATA.")


def behind(application: Application, proxies: int) -> Application:
    """Believe so many proxies what they say about the visitor's address and https; none by default."""
    return ProxyFix(application, x_for=proxies, x_proto=proxies, x_host=0) if proxies else application
