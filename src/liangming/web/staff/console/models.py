"""The console's tables: counts that can be made again from the log, and inspectors' admissions."""

from __future__ import annotations

from django.db import models


class Position(models.Model):
    """How far the log was counted: one row."""

    id = models.SmallIntegerField(primary_key=True)
    next = models.BigIntegerField()


class Unended(models.Model):
    """A check that was counted as begun and has not ended."""

    check_id = models.CharField(max_length=40, primary_key=True)
    operator = models.CharField(max_length=64)
    scene = models.CharField(max_length=128)
    outlet = models.CharField(max_length=128)
    kind = models.CharField(max_length=64)
    way = models.CharField(max_length=32, default="", blank=True)
    chosen_at = models.BigIntegerField(default=0)
    purpose = models.CharField(max_length=128, default="", blank=True)
    notice = models.CharField(max_length=128, default="", blank=True)


class Choices(models.Model):
    """One month at one scene by one way."""

    operator = models.CharField(max_length=64)
    month = models.IntegerField()
    scene = models.CharField(max_length=128)
    outlet = models.CharField(max_length=128)
    kind = models.CharField(max_length=64)
    way = models.CharField(max_length=32, default="", blank=True)
    ended = models.BigIntegerField(default=0)
    passed = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    left = models.BigIntegerField(default=0)
    expired = models.BigIntegerField(default=0)
    timed = models.BigIntegerField(default=0)
    log_sum = models.FloatField(default=0.0)
    log_squares = models.FloatField(default=0.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "month", "scene", "outlet", "kind", "way"],
                name="console_choices_cell",
            )
        ]


class Consents(models.Model):
    """Consents to one purpose under one notice at one scene; ``over``: ended with their check."""

    operator = models.CharField(max_length=64)
    scene = models.CharField(max_length=128)
    purpose = models.CharField(max_length=128)
    notice = models.CharField(max_length=128)
    given = models.BigIntegerField(default=0)
    withdrawn = models.BigIntegerField(default=0)
    over = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "scene", "purpose", "notice"], name="console_consents_cell"
            )
        ]


class Heard(models.Model):
    """What was heard of a device."""

    device = models.CharField(max_length=64, primary_key=True)
    came = models.BigIntegerField(default=0)
    last = models.BigIntegerField(default=-1)
    last_at = models.BigIntegerField(default=0)
    forks = models.BigIntegerField(default=0)


class Admission(models.Model):
    """An inspector who may look at what a mandate covers, from a day to a day."""

    mandate = models.CharField(max_length=40)
    inspector = models.CharField(max_length=32)
    operator = models.CharField(max_length=64)
    first_day = models.DateField()
    last_day = models.DateField()
    by = models.CharField(max_length=32)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["inspector"], name="console_admission_who")]
