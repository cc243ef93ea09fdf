from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments and results"

    def ready(self):
        from assessments.checklist import PART
        from assessments.history import keep_tests
        from assessments.merging import ResultsOfStudents
        from assessments.retention import add_classes_of_results
        from schools.checklist import add_part
        from schools.merging.movers import add_mover

        add_part(PART)
        add_classes_of_results()
        keep_tests()
        add_mover("results", ResultsOfStudents())
