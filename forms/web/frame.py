"""What every page carries: the office's name, the menu, who is signed in, the banner of a demo, a message."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from engine.rules.people import PREFIXES
from forms.web import ground, menu
from forms.web.messages import message
from forms.web.visitor import FIELD, Visitor, form_token, visitor


def install(app: Flask) -> None:
    """Give every template what the frame needs."""
    app.context_processor(carried)
    app.jinja_env.globals.update(token_formulir=form_token, nama_kolom_token=FIELD, nama_jabatan=ground.post_name,
                                 awalan_jabatan=lambda capacity: PREFIXES.get(capacity, ""))


def carried() -> dict[str, Any]:
    """The words and people of the frame."""
    who, editions = visitor(), ground.editions()
    return {"kantor": ground.office(), "menu": list(menu.links(who)), "siapa": who, "kapasitas": capacity(who),
            "contoh": ground.is_demo(), "kini": ground.engine().clock.now(),
            "layanan_tunggal": editions[0].process if len(editions) == 1 else None,
            "pesan": message(request.args.get("pesan"))}


def capacity(who: Visitor) -> str:
    """The post a person acts from, with its prefix; empty for visitors."""
    if who.actor is None:
        return ""
    if who.actor.capacity == "pemohon":
        return "Pemohon"
    return PREFIXES.get(who.actor.capacity, "") + ground.post_name(who.actor.post)
