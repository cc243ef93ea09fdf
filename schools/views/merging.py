"""Two that are one: likely doubles, side by side, merged, and parted again."""

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schools.access import get_visible_or_404
from schools.audit import record_access, student_level
from schools.forms_lists import OtherPersonForm, OtherStudentForm
from schools.history.kept import kept
from schools.history.words import several
from schools.merging import MergeRefused, doubles, merge, part, why_not
from schools.models import (
    SCOPES,
    AccessLog,
    Enrollment,
    Membership,
    Merge,
    SectionEnrollment,
    SectionStaff,
    Student,
    User,
)
from schools.pages import render_page
from schools.rights import may_change_person, may_merge_people, may_merge_students
from schools.views.listing import key_asked, page_of
from schools.wording import how_many

OFFICE = "Who is there twice is for the district's office to say."
WHY = "Administers the district."


@require_GET
@student_level("students who may be there twice")
def student_doubles(request):
    """Students who may be one, and the merges of before."""
    if not may_merge_students(request.user):
        raise PermissionDenied(OFFICE)
    found = doubles.student_doubles(request.user)
    merges = Merge.objects.visible_to(request.user).filter(kept_person=None)
    page = page_of(request, merges.select_related("kept_student", "gone_student", "by"))
    seen = {row.pk for one in found for row in (one.first, one.second)}
    record_access(request, AccessLog.Action.VIEW, "students who may be there twice", students=len(seen), why=WHY)
    return render_page(request, "schools/student_doubles.html", {"doubles": found, "page": page})


@require_GET
def person_doubles(request):
    """People who may be one, and the merges of before."""
    if not may_merge_people(request.user):
        raise PermissionDenied(OFFICE)
    merges = Merge.objects.visible_to(request.user).filter(kept_student=None)
    page = page_of(request, merges.select_related("kept_person", "gone_person", "by"))
    context = {"doubles": doubles.person_doubles(request.user), "page": page}
    return render_page(request, "schools/person_doubles.html", context)


# --- side by side --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@student_level("two students side by side", student="pk")
def student_merge(request, pk):
    """A student beside the one who may be the same; which of them stays; merged."""
    one = get_visible_or_404(Student, request.user, pk=pk)
    if not may_merge_students(request.user, one):
        raise PermissionDenied(OFFICE)
    own = Student.objects.visible_to(request.user).filter(district=one.district_id)
    record_access(request, AccessLog.Action.VIEW, "two students side by side", student=one, students=2, why=WHY)
    return _side_by_side(request, one, own, OtherStudentForm, "number", "schools/student_merge.html", student_facts)


@require_http_methods(["GET", "POST"])
def person_merge(request, pk):
    """A person beside the one who may be the same; which of them stays; merged."""
    one = get_visible_or_404(User, request.user, pk=pk)
    if not may_merge_people(request.user) or not may_change_person(request.user, one):
        raise PermissionDenied(OFFICE)
    own = User.objects.visible_to(request.user).filter(merged_into=None)
    return _side_by_side(request, one, own, OtherPersonForm, "email", "schools/person_merge.html", person_facts)


def _side_by_side(request, one, own, form_class, code: str, template: str, facts):
    """One page for both kinds: the other is asked for, or shown beside with the question which of the two stays."""
    other = _other(request, one, own)
    form = form_class(request.GET if code in request.GET else None)
    if other is None and form.is_bound and form.is_valid():
        other = own.filter(**{f"{code}__iexact": form.cleaned_data[code]}).exclude(pk=one.pk).first()
        if other is None:
            form.add_error(code, "Nobody else of that kind is in your sight.")
    if other is None:
        return render_page(request, template, {"one": one, "form": form})
    _check(request.user, other)
    if request.method == "POST":
        kept, gone = (one, other) if request.POST.get("keep") != str(other.pk) else (other, one)
        try:
            row = merge(kept=kept, gone=gone, by=request.user, other_name="other_name" in request.POST)
        except MergeRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "The two are one now. You can undo it here.")
            return redirect("schools:merged", row.pk)
    context = {"one": one, "other": other, "sides": [facts(one), facts(other)], "reasons": why_not(one, other)}
    return render_page(request, template, context)


def _other(request, one, own):
    """The other of the two, by the key that the page carries. Raises Http404 for one out of sight."""
    text = (request.POST if request.method == "POST" else request.GET).get("other", "")
    if not text:
        return None
    key = key_asked(text)
    found = own.filter(pk=key).exclude(pk=one.pk).first() if key is not None else None
    if found is None:
        raise Http404
    return found


def _check(user, other) -> None:
    if isinstance(other, User) and not may_change_person(user, other):
        raise PermissionDenied("This person holds a role that is not yours to give. Ask the district's office.")


def student_facts(student: Student) -> dict:
    """What the page lays side by side of a student."""
    stays = Enrollment.objects.filter(student=student)  # unscoped: the office's own student, checked above
    seats = SectionEnrollment.objects.filter(student=student)  # unscoped: as above
    return {
        "row": student,
        "name": student.name,
        "code": student.number,
        "places": list(stays.select_related("school").order_by("-starts")),
        "classes": list(seats.select_related("section").order_by("-starts")),
    }


def person_facts(person: User) -> dict:
    """What the page lays side by side of a person."""
    roles = Membership.objects.filter(user=person)  # unscoped: somebody whose account the reader may change
    staffed = SectionStaff.objects.filter(user=person)  # unscoped: as above
    return {
        "row": person,
        "name": f"{person.family_name}, {person.given_name}",
        "code": person.email,
        "places": list(roles.select_related(*SCOPES).order_by("-starts")),
        "classes": list(staffed.select_related("section__school").order_by("-starts")),
    }


# --- what was merged -----------------------------------------------------------------------------------


def _merge(request, pk) -> Merge:
    return get_visible_or_404(
        Merge.objects.select_related("kept_student", "gone_student", "kept_person", "gone_person", "by", "undone_by"),
        request.user, pk=pk,
    )  # fmt: skip


def _kind_words(label: str, count: int) -> str:
    """ "3 seats in classes", of the rows of one table that were moved."""
    names = apps.get_model(label)._meta
    if names.model_name in kept():
        return several(names.model_name, count)
    return how_many(count, str(names.verbose_name), str(names.verbose_name_plural))


@require_GET
def merged(request, pk):
    """What became one, who did it, and how to undo it."""
    row = _merge(request, pk)
    if row.kept_student:
        what = "two students made one"
        record_access(request, AccessLog.Action.VIEW, what, student=row.kept_student, students=1, why=WHY)
    went = [_kind_words(label, len(keys)) for label, _, keys in row.moved.get("rows", [])]
    context = {"merge": row, "went": went, "away": len(row.moved.get("away", []))}
    return render_page(request, "schools/merged.html", context)


@require_POST
def merged_undo(request, pk):
    """Part the two again, as they were."""
    row = _merge(request, pk)
    _check(request.user, row.kept)
    try:
        part(row, request.user)
    except MergeRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The merge is undone. Both are as they were.")
    return redirect("schools:merged", pk)
