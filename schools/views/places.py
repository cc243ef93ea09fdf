"""Schools: which there are, who works there, which classes they hold."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from schools.access import get_visible_or_404
from schools.forms import SchoolForm
from schools.forms_lists import SchoolFilter
from schools.lists import list_right, schools_listed
from schools.models import District, Membership, Network, NetworkSchool, Role, School, Section, SectionStaff
from schools.pages import render_page
from schools.rights import districts_for_schools, may_give_roles_in, not_over
from schools.search import Folded
from schools.services import add_school
from schools.views.listing import listed

# Who leads the school, who teaches there, who comes from outside; the rest as the roles stand.
FIRST_ROLES = (Role.PRINCIPAL, Role.TEACHER_LEADER, Role.TEACHER, Role.PSI_COACH)
ROLES_IN_ORDER = (*FIRST_ROLES, *(role for role in Role if role not in FIRST_ROLES))


@require_GET
def schools(request):
    """The schools in the reader's sight."""
    context = listed(request, SchoolFilter, schools_listed) | {
        "may_add": bool(districts_for_schools(request.user)),
        "right": list_right(request.user),
        "networks": Network.objects.visible_to(request.user),
        "districts": District.objects.editable_by(request.user),
    }
    return render_page(request, "schools/schools.html", context, part="list")


@require_GET
def school(request, pk):
    """One school: its people as far as the reader sees them, and its classes with who teaches them."""
    user = request.user
    place = get_visible_or_404(School.objects.select_related("district"), user, pk=pk)
    today = user.standing.today
    people = list(
        Membership.objects.visible_to(user)
        .filter(not_over(today), school=place)
        .select_related("user")
        .order_by(Folded("user__family_name"), Folded("user__given_name"), "starts", "pk")
    )
    people.sort(key=lambda row: ROLES_IN_ORDER.index(row.role))  # keeps the order of names within a role
    sections = _sections(user, place, today)
    context = {
        "school": place,
        "networks": NetworkSchool.objects.visible_to(user).on(today).filter(school=place).select_related("network"),
        "people": people if any(row.user_id != user.pk for row in people) else [],
        "sections": sections,
        "closed": bool(sections) and all(section.ends < today for section in sections),
        "may_edit": place.district_id in districts_for_schools(user),
        "may_invite": may_give_roles_in(user, place),
        "sees_results": place.pk in user.standing.student_school_ids
        or place.district_id in user.standing.admin_district_ids,
    }
    return render_page(request, "schools/school.html", context)


def _sections(user, place, today) -> list[Section]:
    """The classes of this year or the next; where there is none, those of the year that ended last."""
    teachers_first = ("-role", "starts", Folded("user__family_name"), Folded("user__given_name"), "pk")
    staff = SectionStaff.objects.visible_to(user).filter(not_over(today)).select_related("user")
    staff = staff.order_by(*teachers_first)
    rows = (
        Section.objects.visible_to(user)
        .filter(school=place)
        .select_related("year")
        .prefetch_related(Prefetch("staff", queryset=staff, to_attr="staff_now"))
        .order_by("title", "code")
    )
    current = list(rows.filter(ends__gte=today))
    if current:
        return current
    last = Section.objects.visible_to(user).filter(school=place).order_by("-ends").values("year")[:1]
    return list(rows.filter(year__in=list(last.values_list("year", flat=True))))


@require_http_methods(["GET", "POST"])
def school_add(request):
    """A school by hand."""
    districts = districts_for_schools(request.user)
    if not districts:
        raise PermissionDenied("Adding schools belongs to the district's office and to those who run the network.")
    data = request.POST if request.method == "POST" else None
    form = SchoolForm(data, user=request.user, districts=districts)
    if data is not None and form.is_valid():
        made = add_school(
            school=form.save(commit=False),
            network=form.cleaned_data["network"],
            joins=request.user.standing.today,
            by=request.user,
        )
        messages.success(request, f"{made.name} was added.")
        return redirect("schools:school", made.pk)
    return render_page(request, "schools/school_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
def school_edit(request, pk):
    """Name and codes of a school."""
    place = get_visible_or_404(School, request.user, pk=pk)
    districts = districts_for_schools(request.user)
    if place.district_id not in districts:
        raise PermissionDenied("A school's name and codes belong to the district's office.")
    data = request.POST if request.method == "POST" else None
    form = SchoolForm(data, instance=place, user=request.user, districts=districts)
    if data is not None and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("schools:school", pk)
    return render_page(request, "schools/school_edit.html", {"form": form, "school_pk": pk})
