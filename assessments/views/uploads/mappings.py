"""The mappings a district keeps: what they read, their names, putting one away."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.formats.meanings import KINDS, kind_of, words_of
from assessments.forms.mapping import RenameForm
from assessments.models import ColumnMapping
from schools.access import get_editable_or_403, get_visible_or_404
from schools.pages import render_page
from schools.views.listing import page_of

WHOLE = ("district", "by")


@require_GET
def mappings(request):
    """The mappings kept in the reader's districts."""
    page = page_of(request, ColumnMapping.objects.visible_to(request.user).select_related(*WHOLE).order_by("name"))
    for mapping in page:
        mapping.reads = KINDS.get(kind_of(mapping.meanings), "")
    several = len({mapping.district_id for mapping in page}) > 1
    return render_page(request, "assessments/mappings.html", {"page": page, "several_districts": several})


@require_http_methods(["GET", "POST"])
def mapping(request, pk):
    """What one mapping reads, and its name."""
    if request.method == "POST":
        one = get_editable_or_403(ColumnMapping.objects.select_related(*WHOLE), request.user, pk=pk)
        form = RenameForm(request.POST, instance=one)
        if form.is_valid():
            form.save()
            messages.success(request, "The name was changed.")
            return redirect("assessments:mappings")
        one.refresh_from_db(fields=["name"])
    else:
        one = get_visible_or_404(ColumnMapping.objects.select_related(*WHOLE), request.user, pk=pk)
        form = RenameForm(instance=one)
    read = [(words_of(word), heading) for heading, word in zip(one.headers, one.meanings, strict=True) if word]
    context = {
        "mapping": one,
        "form": form,
        "kind": KINDS.get(kind_of(one.meanings), ""),
        "read": read,
        "left_out": len(one.headers) - len(read),
        "may_change": ColumnMapping.objects.editable_by(request.user).filter(pk=pk).exists(),
    }
    return render_page(request, "assessments/mapping.html", context)


@require_POST
def mapping_delete(request, pk):
    """Put a mapping away; results that came by it stay."""
    one = get_editable_or_403(ColumnMapping, request.user, pk=pk)
    one.delete()
    messages.success(
        request, f'The mapping "{one.name}" was deleted. The next file with these columns asks what they are.'
    )
    return redirect("assessments:mappings")
