"""What a past teacher reads, and what a teacher of the school could work out of its figures."""

from datetime import date

import pytest

from assessments.models import Result
from schools.models import SectionStaff, User
from tests import make


def test_a_past_teacher_reads_the_windows_she_taught_and_no_later_one(sat, sign_in):
    SectionStaff.objects.filter(user=sat.teacher).update(ends=date(2025, 10, 20))
    browser = sign_in(sat.teacher)
    page = f"/results/sections/{sat.section.pk}/?administration="
    assert browser.get(f"{page}{sat.fall_test.pk}").status_code == 200
    assert browser.get(f"{page}{sat.test.pk}").status_code == 404
    teacher = User.objects.get(pk=sat.teacher.pk)
    in_sight = Result.objects.visible_to(teacher).values_list("administration", flat=True)
    assert set(in_sight) == {sat.fall_test.pk}


@pytest.mark.parametrize("co_taught, few", [(False, False), (True, True)])
def test_who_co_teaches_all_classes_but_one_cannot_subtract_them(sat, sign_in, co_taught, few):
    """Three classes of three teachers: enough, but not for somebody who knows two of them."""
    third = make.user()
    make.member(third, "teacher", school=sat.ash)
    class_503 = make.section(sat.ash, sat.year, "503")
    make.staff(third, class_503)
    moved = Result.objects.filter(section=sat.section).order_by("student").values_list("student", flat=True)
    Result.objects.filter(section=sat.section, student__in=set(moved[:5])).update(section=class_503.pk)
    if co_taught:
        make.staff(sat.teacher, sat.other_section, role="co_teacher")
    page = sign_in(sat.teacher).get(f"/results/schools/{sat.ash.pk}/").context["page"]
    assert page.few_teachers is few
    assert page.shows_parts is not few
