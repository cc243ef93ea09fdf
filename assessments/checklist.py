"""What a district's first results need of test set-up and files: this room's part of the checklist of a first day."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from assessments.models import Assessment, Standard, Upload, Window
from schools.checklist import Part, Step


def _columns(user) -> dict:
    of_district = {"district": OuterRef("pk")}
    year = {"year__district": OuterRef("pk"), "year__ends__gte": user.standing.today}
    tests = Assessment.objects.visible_to(user).filter(
        ~Q(kind=Assessment.Kind.FORM) | Q(items__isnull=False), **of_district
    )
    return {
        "has_standards": Exists(Standard.objects.visible_to(user)),
        "has_test": Exists(tests),
        "has_window": Exists(Window.objects.visible_to(user).filter(**year)),
        "has_results": Exists(Upload.objects.visible_to(user).filter(state=Upload.State.PUBLISHED, **of_district)),
    }


def _steps(district) -> list[Step]:
    tests = reverse("assessments:tests")
    return [
        Step("Standards", district.has_standards, tests, "what the questions ask for"),
        Step("Test and item list", district.has_test, tests, "questions, keys, cut scores"),
        Step("Window", district.has_window, tests, "when this year's tests are given"),
        Step("First file", district.has_results, reverse("assessments:uploads"), "published results"),
    ]


PART = Part(_columns, _steps)
