"""Where and for what a check happens (场景), and whether that may be at all.

Order: an operator's TOML file is read (``load``: form only, every fault with its line) → its
scenes are put into the law's words (``situation``), beside their sisters on other channels
(``channels``) → the corpus answers *configure*, the house adds its own (``lawfulness``) → only
lawful scenes enter the ``catalogue`` that the rest of the program sees.

This room never mends a file by itself, never lets an undetermined scene live, and knows nothing
of any person: a scene file holds companies, places and rules only.
"""

from liangming.scene.catalogue import SceneCatalogue
from liangming.scene.channels import Departure, departures
from liangming.scene.checking import Report, Result, check_files, check_scenes
from liangming.scene.faults import BadSceneFile, Fault
from liangming.scene.fields import FIELDS
from liangming.scene.kinds import KINDS, Character
from liangming.scene.lawfulness import judge, judge_one
from liangming.scene.lines import Source
from liangming.scene.load import load_scene_file
from liangming.scene.model import (
    Accepted,
    Assessment,
    FaceTerms,
    Kept,
    Operator,
    Outlet,
    Scene,
    Text,
    Way,
)
from liangming.scene.order import published_order
from liangming.scene.problem import Basis, Citation, Judgement, Lawful, Problem, Unlawful

__all__ = [
    "FIELDS",
    "KINDS",
    "Accepted",
    "Assessment",
    "BadSceneFile",
    "Basis",
    "Character",
    "Citation",
    "Departure",
    "FaceTerms",
    "Fault",
    "Judgement",
    "Kept",
    "Lawful",
    "Operator",
    "Outlet",
    "Problem",
    "Report",
    "Result",
    "Scene",
    "SceneCatalogue",
    "Source",
    "Text",
    "Unlawful",
    "Way",
    "check_files",
    "check_scenes",
    "departures",
    "judge",
    "judge_one",
    "load_scene_file",
    "published_order",
]
