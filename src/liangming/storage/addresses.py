"""A store's address: ``sqlite:///path`` or ``postgresql://…``, read once, here."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from liangming.errors import Misuse
from liangming.storage.codes import URL_UNKNOWN

SQLITE = "sqlite"
POSTGRES = "postgresql"


def kind_of(url: str) -> str:
    """``"sqlite"`` or ``"postgresql"``.

    Raises:
        Misuse: ``storage.url-unknown``. The address is not repeated: it may hold a password.
    """
    scheme = url.partition(":")[0]
    if scheme == SQLITE:
        return SQLITE
    if scheme in {"postgresql", "postgres"}:
        return POSTGRES
    raise Misuse(URL_UNKNOWN)


def sqlite_path(url: str) -> Path:
    """The file of ``sqlite:///relative`` or ``sqlite:////absolute``.

    Raises:
        Misuse: ``storage.url-unknown``: no path, or a host before it, or ``:memory:``, which would
            acknowledge what is not durable.
    """
    parts = urlsplit(url)
    path = unquote(parts.path.removeprefix("/"))
    if kind_of(url) != SQLITE or parts.netloc or not path or path == ":memory:":
        raise Misuse(URL_UNKNOWN)
    return Path(path)


def databases(url: str) -> dict[str, dict[str, Any]]:
    """Django's ``DATABASES`` for a store's address; the migrations and the pages' settings use it.

    Raises:
        Misuse: ``storage.url-unknown``.
    """
    if kind_of(url) == SQLITE:
        path = str(sqlite_path(url).absolute())
        return {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": path}}
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        options: dict[str, Any] = dict(conninfo_to_dict(url))
    except ProgrammingError:
        raise Misuse(URL_UNKNOWN) from None  # its message quotes the address
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": options.pop("dbname", ""),
            "USER": options.pop("user", ""),
            "PASSWORD": options.pop("password", ""),
            "HOST": options.pop("host", ""),
            "PORT": options.pop("port", ""),
            "OPTIONS": options,
        }
    }
