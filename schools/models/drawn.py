"""Pages that are kept as they were drawn, and the marks that say which tables were changed since.

`schools/drawn/` draws, keeps and shows them. Both tables are unlogged: a crash, a copy of the database or a backup
takes no page along, and a page is never older than the marks that speak against it.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from schools.models.people import User


class MomentField(models.Field):
    """Which transactions were over at a moment, as PostgreSQL knows it (`pg_current_snapshot()`)."""

    def db_type(self, connection):
        return "pg_snapshot"


class TransactionField(models.Field):
    """The number of a transaction, which is never given twice (`pg_current_xact_id()`)."""

    def db_type(self, connection):
        return "xid8"


class DrawnPage(models.Model):
    """A page as one reader saw it last, good until a table it was drawn from changes or `until` comes.

    key      stands for the reader, the address, what the page goes by in the session, and this version of the portal
    by       what else it goes by and no table holds: the visit that "since you were here" counts from
    tables   those that were read to draw it
    moment   when it was drawn, in transactions
    access   the row of the access log that a look at it writes; none for a page without students
    """

    never_drawn = True

    key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    path = models.TextField()
    session = models.JSONField()
    by = models.CharField(max_length=100)
    body = models.TextField()
    access = models.JSONField(null=True)
    tables = ArrayField(models.TextField())
    moment = MomentField()
    until = models.DateTimeField()
    looked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-looked_at"], condition=Q(body=""), name="drawnpage_to_draw")]

    def __str__(self):
        return f"{self.path} as user {self.user_id} sees it"


class ChangedTable(models.Model):
    """That a transaction changed a table: written by a trigger, once for both."""

    never_drawn = True

    pk = models.CompositePrimaryKey("name", "change")
    name = models.TextField()
    change = TransactionField()
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.name} in {self.change}"
