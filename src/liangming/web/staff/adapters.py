"""Where allauth asks what Liangming decides."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponseRedirect

from liangming.web.house import house_of
from liangming.web.staff.models import Member

ENROLLING = "enrolling"
ENROLLING_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):
    """No signing up; a person who enrols has nothing yet to confirm themselves with."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Never: people are invited."""
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Always, but in the minutes after a link of their own brought somebody in."""
        request = context.request
        pk, until = request.session.get(ENROLLING, (None, 0))
        now = house_of(request).premises.clock.now().timestamp()
        if pk == request.user.pk and now < until:
            return False
        return bool(super().is_reauthentication_required(app=app))

    def get_reauthentication_methods(self, user: Member) -> list[dict[str, Any]]:
        """A passkey first."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return sorted(methods, key=lambda method: "webauthn" not in method["url"])

    def send_notification_mail(self, *_: Any, **__: Any) -> None:
        """No mail leaves this house."""


class KeyAdapter(DefaultMFAAdapter):
    """What authenticators are told about a member: a sign-in name, no more."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site, by the name under which it was reached."""
        return {"id": context.request.get_host().partition(":")[0], "name": "亮明"}

    def get_totp_label(self, user: Member) -> str:
        """The entry of an authenticator app."""
        return str(user.username)

    def send_notification_mail(self, *_: Any, **__: Any) -> None:
        """No mail leaves this house."""


class SignOnAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens accounts that exist, by their sign-in name, and makes none."""

    def is_open_for_signup(self, _request: HttpRequest, _sociallogin: Any) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie a first sign-on to the member of the same sign-in name."""
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = claims.get("id_token") or claims.get("userinfo") or claims
        named = str(claims.get("preferred_username", ""))
        member = Member.objects.filter(username=named, is_active=True).first() if named else None
        if member is None:
            raise ImmediateHttpResponse(HttpResponseRedirect("/staff/login/?unknown"))
        sociallogin.connect(request, member)

    def send_notification_mail(self, *_: Any, **__: Any) -> None:
        """No mail leaves this house."""
