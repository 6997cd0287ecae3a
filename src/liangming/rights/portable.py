"""The copy that a person takes away: everything held about them, readable by a machine.

``docs/spec/personal-copy.md``. It is made in memory and handed out; no copy of it stays here.

Law: pipl.45
"""

from __future__ import annotations

from typing import Any

import msgspec

from liangming.check.desk import held
from liangming.check.ports import PersonRow
from liangming.check.states import Passed
from liangming.clock import from_micros, rfc3339
from liangming.rights.desk import RightsDesk, requests_of
from liangming.rights.states import tag

FORMAT = "liangming/personal-copy/1"


async def copy_of(
    desk: RightsDesk, check: str, person: PersonRow, fields: dict[str, str]
) -> dict[str, Any]:
    """The copy as plain values.

    Args:
        fields: as opened for this request; the opening is in the log.
    """
    premises = desk.premises
    before = await held(premises, check)
    about = before.state.about
    scene = premises.scenes.get(about.scene)
    leaves = await premises.store.leaves(check)
    return {
        "format": FORMAT,
        "made_at": rfc3339(premises.clock.now()),
        "operator": {
            "id": about.operator,
            "name": scene.operator.name.zh if scene is not None else "",
            "contact": scene.operator.contact.zh if scene is not None else "",
        },
        "registered": {
            "fields": fields,
            "since": rfc3339(from_micros(person.registered_at)),
            "last_seen": rfc3339(from_micros(person.last_seen_at)),
            "keep_until": rfc3339(from_micros(person.keep_until)),
            "articles": sorted({kept.article for kept in scene.retention}) if scene else [],
        },
        "check": {
            "id": about.id,
            "scene": about.scene,
            "outlet": about.outlet,
            "kind": about.kind.value,
            "purpose": scene.purpose.zh if scene is not None else "",
            "grounds": list(about.grounds),
            "citations": list(about.citations),
            "opened_at": rfc3339(about.opened_at),
            "register": before.state.register if isinstance(before.state, Passed) else "nothing",
            "events": [
                {
                    "tag": leaf.tag,
                    "at": rfc3339(from_micros(leaf.at)),
                    "facts": msgspec.json.decode(leaf.facts),
                }
                for leaf in leaves
            ],
        },
        "requests": [
            {
                "id": state.about.id,
                "right": state.about.right.value,
                "state": tag(state),
                "asked_at": rfc3339(state.about.asked_at),
            }
            for state in await requests_of(desk, check)
        ],
    }
