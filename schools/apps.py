from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "schools"
    verbose_name = "People, schools and rosters"

    def ready(self):
        from schools import corrections, today

        today.add_waiting(corrections.reports_waiting)
