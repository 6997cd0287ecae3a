"""The one place that plugs things together and reads the environment.

Everything has a default that works on one machine: SQLite in one file, a key file beside it, the
scenes of a folder.

1 ``settings`` what the environment says · 2 ``log`` the log and its witnesses · 3 ``house`` the rest
"""

from liangming.assembly.house import (
    FOLDER_UNFIT,
    beside,
    lawful_scenes,
    load_keys,
    needs_store,
    premises,
    reading,
    reading_house,
    restored,
    rights_desk,
    watch_file,
)
from liangming.assembly.keeping import Keeping, KeptApart, KeptHere
from liangming.assembly.log import Evidence, Turn, evidence, log_files, log_policy
from liangming.assembly.settings import (
    SETTING_UNFIT,
    SETTINGS,
    Setting,
    Settings,
    webhook_networks,
)

__all__ = [
    "FOLDER_UNFIT",
    "SETTINGS",
    "SETTING_UNFIT",
    "Evidence",
    "Keeping",
    "KeptApart",
    "KeptHere",
    "Setting",
    "Settings",
    "Turn",
    "beside",
    "evidence",
    "lawful_scenes",
    "load_keys",
    "log_files",
    "log_policy",
    "needs_store",
    "premises",
    "reading",
    "reading_house",
    "restored",
    "rights_desk",
    "watch_file",
    "webhook_networks",
]
