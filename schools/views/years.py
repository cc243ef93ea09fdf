"""The year turns, step by step: what is unfinished, closing, next year's classes, roles and agreements."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schools.access import get_editable_or_403, get_visible_or_404
from schools.forms_years import CarryForm, ReviewForm
from schools.models import School, SchoolYear, Section, YearAct
from schools.pages import render_page
from schools.privacy.typed import names_stand
from schools.views.listing import page_of
from schools.years import closing
from schools.years.acts import NotDone, NotUndone, closed_years, undo_act
from schools.years.carrying import carry_over, classes_of, following
from schools.years.closing import close_year, readable_until
from schools.years.reviewing import END, KEEP, agreements_to_review, decide, roles_to_review
from schools.years.unfinished import columns, counted, ending, unfinished

NOT_YOURS = "Turning the year is for the district's office."


def _year(request, pk) -> SchoolYear:
    """The year, of a district one administers."""
    year = get_visible_or_404(SchoolYear.objects.select_related("district"), request.user, pk=pk)
    if year.district_id not in request.user.standing.admin_district_ids:
        raise PermissionDenied(NOT_YOURS)
    return year


@require_GET
def years(request):
    """The school years of one's district, the newest first."""
    held = request.user.standing
    if not held.admin_district_ids:
        raise PermissionDenied(NOT_YOURS)
    rows = list(
        SchoolYear.objects.visible_to(request.user)
        .filter(district__in=held.admin_district_ids)
        .select_related("district")
        .order_by("-starts")
    )
    context = {"years": rows, "closed": closed_years(year.pk for year in rows), "today": held.today}
    return render_page(request, "schools/years.html", context)


@require_GET
def year(request, pk):
    """One year and the steps in which it turns."""
    one = _year(request, pk)
    next_year = following(one)
    asked = columns(request.user, one) | closing.columns(request.user, one)
    asked["next_classes"] = counted(Section.objects.visible_to(request.user).filter(year=next_year))
    row = SchoolYear.objects.visible_to(request.user).select_related("district").annotate(**asked).get(pk=pk)
    over = request.user.standing.today > row.ends
    context = {
        "year": row,
        "over": over,
        "may_close": over and not row.closed,
        "unfinished": unfinished(row),
        "ending": ending(row),
        "next_year": next_year,
        "readable_until": readable_until(one),
        "readable": readable_until(one) >= request.user.standing.today,
        "acts": YearAct.objects.visible_to(request.user).filter(year=one).select_related("by", "undone_by"),
    }
    return render_page(request, "schools/year.html", context)


@require_POST
def year_close(request, pk):
    """Close the year."""
    one = _year(request, pk)
    try:
        close_year(year=one, by=request.user)
    except NotDone as why:
        messages.error(request, str(why))
    else:
        messages.success(request, f"{one.code} is closed. It can be opened again below.")
    return redirect("schools:year", pk)


@require_POST
def year_act_undo(request, pk):
    """Take a step back, where nothing stands on it."""
    act = get_editable_or_403(YearAct.objects.select_related("year"), request.user, pk=pk)
    try:
        undo_act(act, request.user)
    except NotUndone as why:
        messages.error(request, str(why))
    else:
        messages.success(request, f"Taken back: {act.words}")
    return redirect("schools:year", act.year_id)


@require_GET
def year_roll(request, pk):
    """The schools of the district: how many classes they have this year, and how many stand for the next."""
    one = _year(request, pk)
    next_year = following(one)
    schools = School.objects.visible_to(request.user).filter(district=one.district_id)
    schools = schools.annotate(
        classes=Count("sections", filter=Q(sections__year=one)),
        there=Count("sections", filter=Q(sections__year=next_year)),
    )
    context = {"year": one, "next_year": next_year, "page": page_of(request, schools.order_by("name"))}
    return render_page(request, "schools/year_roll.html", context)


@require_http_methods(["GET", "POST"])
def year_roll_school(request, pk, school):
    """Carry a school's classes over: chosen, looked at, done."""
    one = _year(request, pk)
    place = get_visible_or_404(School.objects.filter(district=one.district_id), request.user, pk=school)
    next_year = following(one)
    if next_year is None:
        messages.error(request, "Enter the next school year first, with its first and last day.")
        return redirect("schools:year", pk)
    classes = classes_of(place, one, next_year)
    there = Section.objects.visible_to(request.user).filter(school=place, year=next_year)
    data = request.POST if request.method == "POST" else None
    form = CarryForm(data, classes=classes, there=list(there))
    carried, apply = None, data is not None and data.get("act") == "apply"
    if data is not None and form.is_valid():
        try:
            carried = carry_over(school=place, year=one, wishes=form.wishes(), by=request.user, only_look=not apply)
        except NotDone as why:
            form.add_error(None, str(why))
        else:
            if apply:
                messages.success(request, f"{place}: {carried.words}.")
                return redirect("schools:year_roll", pk)
    context = {"year": one, "next_year": next_year, "school": place, "form": form, "carried": carried}
    return render_page(request, "schools/year_roll_school.html", context)


@require_http_methods(["GET", "POST"])
def year_review(request, pk):
    """Roles and agreements, row by row: as it is, kept, ended; looked at, done."""
    one = _year(request, pk)
    page = page_of(request, roles_to_review(request.user))
    data = request.POST if request.method == "POST" else None
    form = ReviewForm(
        data, roles=page.object_list, agreements=agreements_to_review(request.user, one), year=one,
        following=following(one), today=request.user.standing.today,
    )  # fmt: skip
    context = {"year": one, "page": page, "form": form, "looked": False}
    if data is not None and form.is_valid() and _reason_stands(request, one, form):
        keep, end = form.chosen(KEEP), form.chosen(END) + form.chosen(END, agreements=True)
        if data.get("act") == "apply":
            return _reviewed(request, one, form, keep, end)
        context |= {"looked": True, "keep": keep, "end": end, "asked": form.cleaned_data}
    return render_page(request, "schools/year_review.html", context)


def _reason_stands(request, one: SchoolYear, form: ReviewForm) -> bool:
    """Whether the reason may be kept. Why an agreement ended is read by people who see no student."""
    public = [one.district_id] if form.chosen(END, agreements=True) else None
    return names_stand(form, request.user, "reason", public=public)


def _reviewed(request, one: SchoolYear, form: ReviewForm, keep: list, end: list):
    typed = form.cleaned_data
    try:
        decide(
            year=one, by=request.user, keep=keep, end=end, keep_until=typed["keep_until"], end_on=typed["end_on"],
            reason=typed["reason"],
        )  # fmt: skip
    except NotDone as why:
        messages.error(request, str(why))
        return redirect("schools:year_review", one.pk)
    messages.success(request, f"Done: {len(keep):,} kept, {len(end):,} ended.")
    return redirect("schools:year", one.pk)
