"""The sandbox: how to start one, and whom to try there."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse

from liangming.providers.simulated_people import LEFT_SCENE, PEOPLE, SCENE
from liangming.web.staff.integrator.hall import Hall


def sandbox(request: HttpRequest) -> HttpResponse:
    """The test persons, as the sandbox knows them."""
    hall = Hall(request)
    context = {
        "people": [
            (person, msgspec.json.encode(person.evidence).decode() if person.evidence else "")
            for person in PEOPLE
        ],
        "scene": SCENE,
        "left_scene": LEFT_SCENE,
        "here": hall.house.simulated,
    }
    return hall.show("sandbox", context)
