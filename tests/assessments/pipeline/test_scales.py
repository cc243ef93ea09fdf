"""Tests on a scale, strands that must keep their places, and long names of schools."""

import pytest

from assessments.configuration.applying import apply_configuration
from assessments.configuration.saving import ConfigurationRefused
from assessments.models import Assessment, CutScore, GrowthSummary, Result
from assessments.pipeline.acts import decide, publish_upload
from schools.models import School
from tests import make
from tests.assessments.sending import advanced, wide

pytestmark = pytest.mark.django_db


def scores(*rows):
    return "\n".join(["student_id,score", *(f"{one.number},{score}" for one, score in rows)]) + "\n"


def test_plain_scores_of_a_test_on_a_scale_are_scale_scores(tested, send):
    """They level by the scale's cut scores, and grow on the scale."""
    made = make.assessment(tested.district, "RIT", "Screener", "scores", scale="RIT", series="RIT", grades=[])
    make.cuts(made, (100, 190, 200, 210))
    ash = tested.students[:3]
    send(scores(*zip(ash, (189, 195, 205), strict=True)), assessment="RIT", publish=True)
    send(scores(*zip(ash, (199, 201, 215), strict=True)), assessment="RIT", window="2025-26/Q2", publish=True)
    winter = Result.objects.filter(administration__window=tested.winter).order_by("student")
    assert list(winter.values_list("scale_score", "points", "level")) == [
        (199, None, 2),
        (201, None, 3),
        (215, None, 4),
    ]
    growth = GrowthSummary.objects.get(network=tested.network, grade="")
    assert (growth.kind, growth.matched, growth.mean) == ("scale", 3, pytest.approx((10 + 6 + 10) / 3))


def test_points_give_no_level_on_a_scale(tested, send):
    """A scale score left blank is not a raw score below every cut."""
    Assessment.objects.filter(pk=tested.math.pk).update(scale="QMS")
    CutScore.objects.all().delete()
    make.cuts(tested.math, (100, 190, 200, 210))
    first, second = tested.students[:2]
    rows = wide((first, "205", *"ABCD"), (second, "", *"ABCD"), columns="student_id,scale_score,1,2,3,4")
    send(rows, publish=True)
    assert list(Result.objects.order_by("student").values_list("level", flat=True)) == [3, None]


def test_strands_with_results_stay_in_their_places(tested, send):
    Assessment.objects.filter(pk=tested.math.pk).update(strands=["Algebra", "Geometry"])
    send(wide((tested.students[0], *"ABCD")), publish=True)

    def set_up(*strands):
        apply_configuration({"assessments": [{"code": "QM5", "strands": list(strands)}]}, tested.district)
        return Assessment.objects.get(pk=tested.math.pk).strands

    for strands in (["Geometry", "Algebra"], ["Algebra"], []):
        with pytest.raises(ConfigurationRefused, match="in their order: Algebra, Geometry"):
            set_up(*strands)
    assert set_up("Algebra", "Geometry", "Data") == ["Algebra", "Geometry", "Data"]


def test_two_schools_whose_long_names_begin_alike_are_two(tested, send):
    long = "The Northside Partnership Elementary School, {} Campus"
    text = "student_id,school,1,2,3,4\n" + "".join(
        f'N{n},"{long.format(side)}",A,B,C,D\n' for n, side in enumerate(("North", "South"))
    )
    send(text, create_students=True, publish=True)
    made = School.objects.filter(name__startswith="The Northside")
    assert made.count() == 2 and set(Result.objects.values_list("school", flat=True)) == set(
        made.values_list("pk", flat=True)
    )
    again = send(text, create_students=True, publish=True)
    assert again.answer["rows_unchanged"] == 2


def test_the_line_kept_may_stand_under_a_students_other_number(tested, send):
    """Two numbers in the file are one student: a person says so, and which line counts."""
    first, second = tested.students[:2]
    upload = send(wide((first, *"ABCD"), ("OLD1", *"AAAA"), (second, *"ABCD")))
    upload = advanced(decide(upload, tested.admin, {"map_student": {"OLD1": first.pk}}))
    assert upload.issues.filter(code="DUPLICATE_CONFLICT").count() == 2
    upload = advanced(decide(upload, tested.admin, {"keep_line": {"OLD1": 3}}))
    assert upload.answer["rows_ignored"] == 1, upload.answer
    advanced(publish_upload(upload, tested.admin))
    assert Result.objects.get(student=first).points == 1
