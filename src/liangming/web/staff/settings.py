"""What Django needs besides the pages' settings where staff sign in."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from liangming.errors import Misuse
from liangming.storage import databases
from liangming.storage.addresses import SQLITE, kind_of, sqlite_path
from liangming.web import settings as ours

if TYPE_CHECKING:
    from liangming.assembly import Settings

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
APPS: Final = (
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "liangming.web.staff.apps.StaffConfig",
    "liangming.web.staff.console.apps.ConsoleConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSettings:
    """How staff sign in.

    Attributes:
        database: address of the tables, never the store's own SQLite file.
        idle: seconds without a page after which a session is locked.
        issuer: of single sign-on (OIDC); empty where there is none.
        client: our id there.
        secret: our secret there.
    """

    database: str
    idle: int = 300
    issuer: str = ""
    client: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return "<StaffSettings>"


def staff_settings(settings: Settings) -> StaffSettings:
    """From the environment: beside the store's SQLite file, or in the same PostgreSQL.

    Raises:
        Misuse: ``assembly.setting-unfit``: the secret's file cannot be read.
    """
    from liangming.assembly import SETTING_UNFIT

    issuer, client, file = settings.oidc
    try:
        secret = file.read_text("utf-8").strip() if file is not None else ""
    except (OSError, UnicodeDecodeError):
        raise Misuse(SETTING_UNFIT, field="LIANGMING_OIDC_SECRET_FILE") from None
    database = settings.database
    if kind_of(database) == SQLITE:
        database = f"sqlite:///{sqlite_path(database).absolute().with_name('staff.sqlite3')}"
    return StaffSettings(
        database=database, idle=settings.staff_idle, issuer=issuer, client=client, secret=secret
    )


def django_settings(
    staff: StaffSettings, *, token: bytes, hosts: tuple[str, ...]
) -> dict[str, Any]:
    """The additions, by Django's names.

    Args:
        staff: as configured.
        token: the installation's token key; sessions are bound to a key derived from it.
        hosts: names of the site; cookies need HTTPS unless all of them are loopback.
    """
    key = hmac.new(token, b"liangming/web/1\0staff", hashlib.sha256).hexdigest()
    local = LOOPBACK.issuperset(hosts)
    return {
        "SECRET_KEY": key,
        "DATABASES": _databases(staff.database),
        "INSTALLED_APPS": list(APPS),
        "AUTH_USER_MODEL": "staff.Member",
        # allauth asks to find its middleware here; ``room`` puts it before staff pages only.
        "MIDDLEWARE": [*ours.MIDDLEWARE, "allauth.account.middleware.AccountMiddleware"],
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": 12},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
             "OPTIONS": {"user_attributes": ("username", "name")}},
        ],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.ScryptPasswordHasher"],
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
        "SESSION_ENGINE": "django.contrib.sessions.backends.db",
        "SESSION_COOKIE_NAME": "staff",
        "SESSION_COOKIE_HTTPONLY": True,
        # Lax: coming back from single sign-on is a step from another site.
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": not local,
        "SESSION_COOKIE_AGE": 10 * 3600,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "LOGIN_URL": "/staff/login/",
        "LOGIN_REDIRECT_URL": "/staff/",
        "ACCOUNT_ADAPTER": "liangming.web.staff.adapters.AccountAdapter",
        "ACCOUNT_USER_MODEL_EMAIL_FIELD": None,
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "/staff/login/",
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 300,
        "ACCOUNT_LOGIN_BY_CODE_ENABLED": False,
        "MFA_ADAPTER": "liangming.web.staff.adapters.KeyAdapter",
        "MFA_SUPPORTED_TYPES": ["webauthn", "totp", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_PASSKEY_SIGNUP_ENABLED": False,
        "MFA_WEBAUTHN_USER_VERIFICATION": "required",
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": local,
        "MFA_TOTP_ISSUER": "亮明",
        # One step back and one ahead (RFC 6238, 5.2): a code typed as it changes is not refused.
        "MFA_TOTP_TOLERANCE": 1,
        "MFA_RECOVERY_CODES_SHOW_ONCE": False,
        "MFA_RECOVERY_CODE_COUNT": 10,
        "USERSESSIONS_TRACK_ACTIVITY": True,
        "SOCIALACCOUNT_ADAPTER": "liangming.web.staff.adapters.SignOnAdapter",
        "SOCIALACCOUNT_AUTO_SIGNUP": False,
        "SOCIALACCOUNT_LOGIN_ON_GET": True,
        "SOCIALACCOUNT_PROVIDERS": _providers(staff),
        "LIANGMING_STAFF": staff,
    }  # fmt: skip


def _databases(url: str) -> dict[str, Any]:
    found = databases(url)
    if kind_of(url) == SQLITE:
        found["default"]["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
    return found


def _providers(staff: StaffSettings) -> dict[str, Any]:
    if not staff.issuer:
        return {}
    app = {
        "provider_id": "signon",
        "name": "OIDC",
        "client_id": staff.client,
        "secret": staff.secret,
        "settings": {"server_url": staff.issuer, "fetch_userinfo": False},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
