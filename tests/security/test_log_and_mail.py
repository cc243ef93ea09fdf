"""Accesses that name no school are not out of everybody's sight; names of schools write no header of a letter."""

from django.core import mail

from schools.models import AccessLog
from schools.notices import mail_notices
from tests import make


def test_the_office_and_the_auditor_see_who_took_a_file_of_the_whole_district(sat, sign_in):
    sign_in(sat.admin).post(f"/uploads/{sat.upload.pk}/file/", {"purpose": "a parent asked"})
    row = AccessLog.objects.get()
    assert (row.school, row.district) == (None, sat.district)
    second, far = make.user(), make.user()
    make.member(second, "district_admin", district=sat.district)
    make.member(far, "district_admin", district=sat.far)
    seen_by = [one for one in (second, sat.auditor, far, sat.far_principal, sat.principal, sat.teacher)
               if AccessLog.objects.visible_to(one).exists()]  # fmt: skip
    assert seen_by == [second, sat.auditor]


def test_a_line_break_in_the_name_of_a_school_starts_no_header(sat, sign_in):
    sat.ash.name = "Ash\nBcc: all@example.org"
    sat.ash.save()
    said = {"kind": "other", "text": "A student who moved away is still listed."}
    answer = sign_in(sat.teacher).post(f"/sections/{sat.section.pk}/wrong/", said)
    assert answer.status_code == 302
    mail_notices()
    [letter] = [one for one in mail.outbox if "class list" in one.subject]
    assert letter.subject.endswith("Ash Bcc: all@example.org")
    assert letter.recipients() == [sat.principal.email]
