"""Django's settings: pages only. No database, no sessions, no admin, no uploads."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).parent

DEBUG = False
# Our own cookies are signed with a key derived from the operator's (``house``); Django's key signs
# nothing that outlives the process.
SECRET_KEY = secrets.token_hex(32)
# Names under which the pages may be reached; ``build`` puts the installation's own here.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "liangming.web.urls"
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, Any] = {}
MIDDLEWARE = ["liangming.web.porter.Porter"]
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "liangming.web.speech"],
            "string_if_invalid": "",
        },
    }
]

# Chinese is the source text; English is the only catalogue.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [_HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# A form here has a few short fields; nothing can be uploaded (I5).
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 32
DATA_UPLOAD_MAX_NUMBER_FILES = 0
FILE_UPLOAD_HANDLERS: list[str] = []
LOGGING_CONFIG = None
