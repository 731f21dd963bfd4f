"""Is this process alive, may it be sent requests, and what are its figures? For balancers and monitors, not for people."""

from __future__ import annotations

import hmac
import ipaddress

from flask import Blueprint, Response, abort, request

from forms.web.ground import engine
from forms.web.guard import opens_to

bp = Blueprint("health", __name__)

PLAIN = "text/plain; charset=utf-8"
READY, ALIVE = "siap\n", "hidup\n"
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


@bp.get("/healthz")
@opens_to("public")
def alive() -> Response:
    """This process answers; nothing else is asked."""
    return Response(ALIVE, content_type=PLAIN)


@bp.get("/readyz")
@opens_to("public")
def ready() -> Response:
    """The database answers at this release's revision and files can be written; else 503. Outsiders are not told why."""
    complaints = engine().health.complaints()
    told = "\n".join(complaints) + "\n" if _may_know() else "belum siap\n"
    return Response(told if complaints else READY, status=503 if complaints else 200, content_type=PLAIN)


@bp.get("/metrics")
@opens_to("public")
def metrics() -> Response:
    """Figures for Prometheus: with the token of IZIN_METRICS_TOKEN; without one set, only for this very machine."""
    if not _may_know():
        abort(403)
    return Response(engine().health.metrics(), content_type=engine().health.content_type)


def _may_know() -> bool:
    token = engine().settings.metrics_token
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    # What a proxy hands on comes from this machine too, but not from here.
    return _is_loopback(request.remote_addr or "") and not any(name in request.headers for name in FORWARDED)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
