from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class SchoolsConfig(AppConfig):
    name = "schools"
    verbose_name = "People, schools and rosters"

    def ready(self):
        from schools.checklist import reports_waiting
        from schools.history.rooms import keep_rooms
        from schools.privacy.agreements import ends_for_partner
        from schools.retention.own import add_own_classes
        from schools.today import add_waiting

        add_waiting(reports_waiting)
        add_waiting(ends_for_partner)
        keep_rooms()
        add_own_classes()
        post_migrate.connect(put_triggers, sender=self)


def put_triggers(using, **kwargs):
    """After the tables are made or changed: the triggers that keep their history, and tell pages of changes."""
    from schools.drawn.watching import watch_tables
    from schools.history.triggers import keep_tables

    keep_tables(connections[using])
    watch_tables(connections[using])
