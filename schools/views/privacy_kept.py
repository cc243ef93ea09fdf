"""How long is kept what, the certificates of what was destroyed, and what is kept about the reader."""

from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schools.access import get_visible_or_404
from schools.dates import day_words, moment_words
from schools.exports import as_file
from schools.forms_privacy import RuleForm
from schools.models import DestructionCertificate, District, RetentionRule
from schools.pages import render_page
from schools.privacy.about_me import NOTICE, about
from schools.retention.classes import FIXED, data_classes
from schools.retention.destroying import broken_certificates, hash_of
from schools.retention.planning import in_words, plan_of
from schools.table_files import CSV, EXCEL, table_file
from schools.taking import SIGNED_IN_MINUTES
from schools.views.taking import require_fresh_sign_in


def _districts(user):
    """The districts whose retention the reader keeps or oversees, by name."""
    held = user.standing
    kept = held.admin_district_ids | held.overseen_district_ids
    return District.objects.visible_to(user).filter(pk__in=kept)


@require_GET
def retention(request):
    """Every class of data with its rule and what is over its time today; nothing is taken away here."""
    districts = list(_districts(request.user))
    if not districts:
        raise PermissionDenied("How long data is kept is for the district's office, the network and auditors to read.")
    asked = request.GET.get("district", "")
    district = next((one for one in districts if str(one.pk) == asked), districts[0])
    plan = plan_of(district, request.user.standing.today)
    over = sum(one.rows for one in plan)
    certificates = DestructionCertificate.objects.visible_to(request.user).filter(district=district)
    context = {
        "district": district,
        "districts": [
            {"label": one.name, "url": f"?district={one.pk}", "current": one == district} for one in districts
        ],
        "plan": [
            {"planned": one, "counts": [(label, n) for label, n in one.counts.items() if n]} for one in plan
        ],
        "over": over,
        "fixed": FIXED,
        "certificates": list(certificates.select_related("by")),
        "broken": broken_certificates(district),
        "may_change": district.pk in request.user.standing.admin_district_ids,
    }  # fmt: skip
    return render_page(request, "schools/retention.html", context)


@require_http_methods(["GET", "POST"])
def retention_rule(request, pk, name):
    """Change how long a district keeps one class of data."""
    district = get_visible_or_404(District, request.user, pk=pk)
    one = data_classes().get(name)
    if one is None:
        raise Http404
    if pk not in request.user.standing.admin_district_ids:
        raise PermissionDenied("How long each kind of data is kept is for the district's office to say.")
    rule = RetentionRule.objects.editable_by(request.user).filter(district=district, data_class=name).first()
    data = request.POST if request.method == "POST" else None
    form = RuleForm(data, initial={"days": rule.days if rule else one.days}, data_class=one)
    if data is not None and form.is_valid():
        days = form.cleaned_data["days"]
        RetentionRule.objects.update_or_create(  # unscoped: the right to it was asked above
            district=district, data_class=name, defaults={"days": days, "changed_by": request.user}
        )
        messages.success(
            request, f"{one.label}: kept for {in_words(days)} from {one.since}. Nothing was destroyed yet."
        )
        return redirect(f"{redirect('schools:retention').url}?district={pk}")
    context = {"form": form, "data_class": one, "district": district, "proposed": in_words(one.days), "rule": rule}
    return render_page(request, "schools/retention_rule.html", context)


@require_GET
def certificate(request, pk):
    """One certificate of destruction, to be printed."""
    one = get_visible_or_404(DestructionCertificate.objects.select_related("district", "by"), request.user, pk=pk)
    context = {"certificate": one, "holds": one.sha256 == hash_of(one)}
    return render_page(request, "schools/certificate.html", context)


# --- about oneself -------------------------------------------------------------------------------------


def _in_words(value):
    """A day or a moment as a person reads it; the files keep it as it stands."""
    if isinstance(value, datetime):
        return moment_words(value)
    return day_words(value) if isinstance(value, date) else value


@require_GET
def about_me(request):
    """What the portal keeps about the reader."""
    tables = about(request.user)
    context = {
        "tables": [
            {
                "name": table.name,
                "rows": [[_in_words(value) for value in row] for row in table.rows],
                "columns": [{"label": label, "numeric": label in ("Times", "How many")} for label in table.header],
            }
            for table in tables
        ],
        "roles": len(request.user.standing.active),
    }
    response = render_page(request, "schools/about_me.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def about_me_export(request):
    """The same as a file: JSON, CSV or a workbook."""
    require_fresh_sign_in(request, SIGNED_IN_MINUTES)
    tables = about(request.user)
    kind = request.POST.get("format", "")
    if kind in (CSV, EXCEL):
        return table_file(kind, "about me", tables, NOTICE)
    body = {"notice": NOTICE} | {
        slugify(table.name): [dict(zip(table.header, row, strict=True)) for row in table.rows] for table in tables
    }
    return as_file(JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 2}), "about-me.json")
