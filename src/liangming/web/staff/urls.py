"""Addresses of staff: ours, and those of allauth that we offer."""

from __future__ import annotations

from typing import Final

from allauth.account.urls import urlpatterns as account
from allauth.mfa.urls import urlpatterns as keys
from allauth.socialaccount.providers.openid_connect import views as signon
from allauth.socialaccount.urls import urlpatterns as social
from allauth.usersessions.urls import urlpatterns as sessions
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_POST

from liangming.web.staff import pages
from liangming.web.staff.room import behind, through

OPEN: Final = frozenset(
    {
        "account_login", "account_logout", "account_inactive", "account_reauthenticate",
        "account_set_password", "account_change_password",
        "mfa_index", "mfa_authenticate", "mfa_reauthenticate",
        "mfa_activate_totp", "mfa_deactivate_totp",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_list_webauthn", "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn",
        "mfa_login_webauthn", "usersessions_list",

        "socialaccount_login_cancelled", "socialaccount_login_error",
    }
)  # fmt: skip
"""No signing up, no mail, no forgotten passwords by mail: an administrator makes a new link."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("", through(pages.home), name="staff_home"),
    path("lock/", through(require_POST(pages.lock_now))),
    path("enrol/<str:token>", through(pages.enrol)),
    path("people/", through(pages.people)),
    path("integrator/", include("liangming.web.staff.integrator.urls")),
    path("console/", include("liangming.web.staff.console.urls")),
    path("inspection/", include("liangming.web.staff.inspector.urls")),
    *behind([path("keys/", include(keys))], OPEN),
    *behind([path("sessions/", include(sessions))], OPEN),
    path("signon/<str:provider_id>/login/", through(signon.login), name="openid_connect_login"),
    path(
        "signon/<str:provider_id>/login/callback/",
        through(signon.callback),
        name="openid_connect_callback",
    ),
    *behind([path("social/", include(social))], OPEN),
    *behind(account, OPEN),
]
