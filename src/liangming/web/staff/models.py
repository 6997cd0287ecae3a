"""The tables of staff. Cold: no check reads them."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from liangming.web.staff.roles import ANSWERS, AT_THE_DESK, SEES_PEOPLE, Role

_ROLES = [(role.value, role.value) for role in Role]


class Members(BaseUserManager):
    """Members by their sign-in name."""


class Member(AbstractBaseUser):
    """One person of the staff.

    ``username`` is a staff number or short name; ``enrol_digest`` of a link that was not used yet.
    """

    username = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=40)
    role = models.CharField(max_length=16, choices=_ROLES)
    operator = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    enrol_digest = models.CharField(max_length=64, default="", blank=True)
    enrol_until = models.DateTimeField(null=True, blank=True)

    objects = Members()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []

    def __str__(self) -> str:
        return str(self.username)

    @property
    def at_the_desk(self) -> bool:
        """Whether this person opens the clerk's desk."""
        return Role(self.role) in AT_THE_DESK

    @property
    def answers(self) -> bool:
        """Whether this person handles requests and duties."""
        return Role(self.role) in ANSWERS

    @property
    def sees_people(self) -> bool:
        """Whether this person manages accounts."""
        return Role(self.role) in SEES_PEOPLE


class Deed(models.Model):
    """What was done to an account, and by whom; kept, never changed."""

    at = models.DateTimeField()
    by = models.CharField(max_length=32)
    what = models.CharField(max_length=24)
    whom = models.CharField(max_length=32)
    detail = models.CharField(max_length=40, default="", blank=True)

    def __str__(self) -> str:
        return f"{self.what} {self.whom}"


class Proposal(models.Model):
    """A risky change that waits for a second administrator."""

    at = models.DateTimeField()
    until = models.DateTimeField()
    by = models.CharField(max_length=32)
    operator = models.CharField(max_length=64)
    what = models.CharField(max_length=16)
    whom = models.CharField(max_length=32)
    name = models.CharField(max_length=40, default="", blank=True)
    role = models.CharField(max_length=16, default="", blank=True)
    decided_by = models.CharField(max_length=32, default="", blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"{self.what} {self.whom}"
