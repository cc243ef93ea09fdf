from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments and results"

    def ready(self):
        import assessments.checklist
        import assessments.unfinished
        from assessments.history import ROWS_THAT_NAME, keep_tests
        from assessments.merging import ResultsOfStudents
        from assessments.retention import add_classes_of_results
        from assessments.views.asked import HIDDEN
        from schools import checklist
        from schools.drawn.pages import goes_by
        from schools.merging.movers import add_mover
        from schools.privacy.rows_that_name import name_rows
        from schools.years import unfinished

        checklist.add_part(assessments.checklist.PART)
        unfinished.add_part(assessments.unfinished.PART)
        add_classes_of_results()
        keep_tests()
        goes_by(HIDDEN)
        name_rows(ROWS_THAT_NAME)
        add_mover("results", ResultsOfStudents())
