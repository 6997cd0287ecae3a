"""What a client called, and its first call: lines that can be copied."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from liangming import access
from liangming.access import Scope
from liangming.access.calls import KEPT, calls_of
from liangming.ids import is_id
from liangming.law.words import Channel
from liangming.web.staff.integrator.hall import PAGE, Hall, moment


def calls(request: HttpRequest, name: str) -> HttpResponse:
    """A page of what a client called."""
    hall = Hall(request)
    client = hall.run(access.one(hall.premises, name, hall.operator))
    asked = request.GET
    before, code = asked.get("before", ""), asked.get("code", "").strip()[:100]
    failed = bool(asked.get("failed") or code)
    lines, further = hall.run(
        calls_of(
            hall.docket,
            name,
            failed=failed,
            code=code,
            before=before if is_id("cal", before) else "",
            limit=PAGE,
        )
    )
    kept = {"failed": "1"} if failed else {}
    context = {
        "client": client,
        "lines": [(moment(line.at), line, line.micros // line.count / 1000) for line in lines],
        "failed": failed,
        "code": code,
        "first": bool(before),
        "further": urlencode({**kept, "code": code, "before": further}) if further else "",
        "days": KEPT.days,
    }
    return hall.show("calls", context)


def first(request: HttpRequest, name: str) -> HttpResponse:
    """The first calls of a client, for its own rights and scenes."""
    hall = Hall(request)
    client = hall.run(access.one(hall.premises, name, hall.operator))
    seen = [
        scene
        for scene in hall.premises.scenes.values()
        if scene.operator.id == hall.operator and client.reaches(scene.id, scene.outlet.id)
    ]
    # A counter first: its checks open without a word more than the scene.
    seen.sort(key=lambda scene: (scene.channel is not Channel.COUNTER, scene.id))
    scenes = [scene.id for scene in seen]
    base = hall.house.address or f"{request.scheme}://{request.get_host()}"
    held = set(client.scopes)
    context = {
        "client": client,
        "start": f"export LM={base}\nread -rs KEY    # lmk_{client.id}_{client.hint}…",
        "me": 'curl -s $LM/v1/client -H "Authorization: Bearer $KEY"',
        "scenes": 'curl -s $LM/v1/scenes -H "Authorization: Bearer $KEY"'
        if Scope.SCENES_READ in held
        else "",
        "open": _open(scenes[0]) if Scope.CHECKS_WRITE in held and scenes else "",
        "wrong": 'curl -s $LM/v1/checks/chk_00000000000000000000000000 -H "Authorization: Bearer $KEY"',
        "reads": Scope.CHECKS_READ in held,
    }
    return hall.show("first", context)


def _open(scene: str) -> str:
    return (
        "curl -s $LM/v1/checks \\\n"
        '  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\\n'
        '  -H "Idempotency-Key: $(uuidgen)" \\\n'
        f"""  -d '{{"scene": "{scene}"}}'"""
    )
