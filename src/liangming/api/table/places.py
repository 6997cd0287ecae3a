"""Scenes, ways and notices."""

from __future__ import annotations

from typing import Final

from liangming.access import Scope
from liangming.api import places
from liangming.api.operation import Operation
from liangming.check import faults as check

PLACES: Final = "places"


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        method="GET",
        path="/v1/scenes",
        id="listScenes",
        group=PLACES,
        zh="贵企业的场景。",
        en="Your operator's scenes.",
        answer=places.scenes,
        scope=Scope.SCENES_READ,
        gives=places.ScenesAnswer,
    ),
    Operation(
        method="GET",
        path="/v1/scenes/{id}",
        id="readScene",
        group=PLACES,
        zh="一个场景。",
        en="One scene.",
        answer=places.scene,
        scope=Scope.SCENES_READ,
        gives=places.SceneAnswer,
        codes=(check.SCENE_UNKNOWN,),
    ),
    Operation(
        method="GET",
        path="/v1/methods",
        id="listMethods",
        group=PLACES,
        zh="全部方式，按公布的顺序。",
        en="All ways, in the published order.",
        answer=places.methods,
        scope=Scope.SCENES_READ,
        gives=places.MethodsAnswer,
    ),
    Operation(
        method="GET",
        path="/v1/notices/{scene}",
        id="readNotices",
        group=PLACES,
        zh="场景的告知全文；有刷脸方式的，另附刷脸的单独告知。",
        en="The notice of a scene in full, and the face's own where the scene offers it.",
        answer=places.notices,
        scope=Scope.SCENES_READ,
        gives=places.NoticesAnswer,
        codes=(check.SCENE_UNKNOWN,),
        law=("pipl.17",),
    ),
)
