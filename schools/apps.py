from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "schools"
    verbose_name = "People, schools and rosters"

    def ready(self):
        from schools.checklist import reports_waiting
        from schools.today import add_waiting

        add_waiting(reports_waiting)
