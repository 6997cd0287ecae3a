"""The schema, in Django's words: only its migrations make tables.

Nobody queries through these models. The stores write by their own statements, and the pages never
open this database while serving (``docs/adr/0008-storage.md``). What each column means is said at
the rows in ``check.ports``, and in ``docs/spec/schema.md``. No column holds plaintext about a
person.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from liangming.storage.fields import Place, Word


class Person(models.Model):
    """One registered person; the keyed index is the key, so that the table partitions by it."""

    person = models.BinaryField(primary_key=True, max_length=16)
    operator = Word(max_length=64)
    index_version = models.IntegerField()
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField()
    registered_at = models.BigIntegerField()
    last_seen_at = models.BigIntegerField()
    due_at = models.BigIntegerField()  # when the end of their retention is looked at
    keep_until = models.BigIntegerField(null=True)  # where it is later than that
    visits = models.BinaryField(null=True)  # numbers of their checks; see storage.visits

    class Meta:
        db_table = "persons"
        indexes = [models.Index(fields=["due_at"], name="persons_due_at")]


class Visits(models.Model):
    """Numbers of a person's checks that have no room in their row; see storage.visits."""

    pk = models.CompositePrimaryKey("person", "first")
    person = models.BinaryField(max_length=16)
    first = models.BinaryField(max_length=16)
    numbers = models.BinaryField()

    class Meta:
        db_table = "visits"


class Check(models.Model):
    """One check and its state."""

    id = Word(primary_key=True, max_length=40)
    operator = Word(max_length=64)
    scene = Word(max_length=128)
    outlet = Word(max_length=128)
    kind = Word(max_length=64)
    state = Word(max_length=32)
    version = models.IntegerField()
    person = models.BinaryField(null=True, max_length=16)
    opened_at = models.BigIntegerField()
    changed_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    leaf_key = models.BinaryField(max_length=37)  # kept under a pad; see check.leaf_keys
    body = models.BinaryField()
    due_at = models.BigIntegerField(null=True)  # expires_at while unfinished

    class Meta:
        db_table = "checks"
        indexes = [
            models.Index(
                fields=["due_at"], name="checks_due_at", condition=Q(due_at__isnull=False)
            ),
        ]


class Leaf(models.Model):
    """One event, at its place in the log."""

    seq = Place(primary_key=True)
    check_id = Word(max_length=40)
    number = models.IntegerField()
    tag = Word(max_length=96)
    at = models.BigIntegerField()
    facts = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        db_table = "leaves"
        constraints = [
            models.UniqueConstraint(fields=["check_id", "number"], name="leaves_check_number")
        ]


class Pattern(models.Model):
    """What poured checks share; see check.pattern. Rows of it are never changed."""

    key = models.BinaryField(primary_key=True, max_length=16)
    data = models.BinaryField()
    tags = models.TextField()  # of its events, each between spaces

    class Meta:
        db_table = "patterns"


class LogHead(models.Model):
    """The next free place in the log: one row."""

    id = models.SmallIntegerField(primary_key=True)
    next = models.BigIntegerField()

    class Meta:
        db_table = "log_head"


class Consent(models.Model):
    """A consent as last given or withdrawn."""

    id = Word(primary_key=True, max_length=40)
    check_id = Word(max_length=40)
    scene = Word(max_length=128)
    purpose = Word(max_length=128)
    notice = Word(max_length=128)
    device = Word(max_length=128)
    state = Word(max_length=32)
    at = models.BigIntegerField()

    class Meta:
        db_table = "consents"


class PickupCode(models.Model):
    """A pick-up code that waits, as a keyed digest."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    scene = Word(max_length=128)
    parcel = Word(max_length=128)
    expires_at = models.BigIntegerField()

    class Meta:
        db_table = "pickup_codes"
        indexes = [models.Index(fields=["expires_at"], name="pickup_codes_expires_at")]


class Redemption(models.Model):
    """A single-use code that was used."""

    code = models.BinaryField(primary_key=True, max_length=32)
    at = models.BigIntegerField()

    class Meta:
        db_table = "redemptions"


class Remembered(models.Model):
    """An answer to give again, for 24 hours."""

    pk = models.CompositePrimaryKey("client", "route", "key")
    client = Word(max_length=40)
    route = Word(max_length=128)
    key = Word(max_length=255)
    digest = models.BinaryField(max_length=32)
    status = models.SmallIntegerField()
    answer = models.BinaryField()
    at = models.BigIntegerField()

    class Meta:
        db_table = "remembered"
        indexes = [models.Index(fields=["at"], name="remembered_at")]


class Record(models.Model):
    """One record of the docket: a request, a hold, a duty (``docket.ports``)."""

    id = Word(primary_key=True, max_length=40)
    kind = Word(max_length=32)
    operator = Word(max_length=64)
    about = Word(max_length=128)
    state = Word(max_length=32)
    version = models.IntegerField()
    opened_at = models.BigIntegerField()
    changed_at = models.BigIntegerField()
    due_at = models.BigIntegerField(null=True)
    keep_until = models.BigIntegerField(null=True)
    leaf_key = models.BinaryField(max_length=63)  # kept under a pad; see docket.leaf_keys
    body = models.BinaryField()
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "records"
        indexes = [
            models.Index(fields=["kind", "id"], name="records_kind"),
            models.Index(fields=["about", "kind", "id"], name="records_about_id"),
            models.Index(
                fields=["kind", "due_at"],
                name="records_due_at",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["keep_until"],
                name="records_keep_until",
                condition=Q(keep_until__isnull=False),
            ),
        ]


class Client(models.Model):
    """An API client."""

    id = Word(primary_key=True, max_length=40)
    operator = Word(max_length=64)
    name = models.TextField()
    digest = models.BinaryField(max_length=32)
    scopes = models.TextField()  # separated by spaces, as scenes and outlets
    created_at = models.BigIntegerField()
    revoked_at = models.BigIntegerField(null=True)
    scenes = models.TextField(default="")
    outlets = models.TextField(default="")
    days = models.IntegerField(default=0)
    expires_at = models.BigIntegerField(null=True)
    hint = Word(max_length=8, default="")
    former = models.BinaryField(max_length=32, default=b"")
    former_until = models.BigIntegerField(null=True)
    used_on = models.BigIntegerField(null=True)
    asked_by = Word(max_length=64, default="")
    agreed_by = Word(max_length=64, default="")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "clients"
