"""What the portal told the reader, what of it is unread, and which of it also comes by mail."""

from django.contrib import messages
from django.db.models import F
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from schools.models import Notice, User
from schools.notices import unread
from schools.pages import render_page
from schools.views.listing import page_of


@require_GET
def notices(request):
    """The reader's notices, unread first, and the choice of mails."""
    rows = Notice.objects.visible_to(request.user).order_by(F("read_at").desc(nulls_first=True), "-at", "-pk")
    page = page_of(request, rows)
    muted = request.user.no_mail_of
    context = {
        "page": page,
        "unread": unread(request.user).count(),
        "kinds": [{"value": kind.value, "label": kind.label, "on": kind.value not in muted} for kind in Notice.Kind],
    }
    return render_page(request, "schools/notices.html", context)


@require_POST
def notices_read(request):
    """Mark all of the reader's notices as read."""
    unread(request.user).update(read_at=timezone.now())
    return redirect("schools:notices")


@require_POST
def notices_mail(request):
    """Which kinds of notices come by mail: those that are ticked."""
    wanted = set(request.POST.getlist("kind"))
    muted = [kind.value for kind in Notice.Kind if kind.value not in wanted]
    User.objects.filter(pk=request.user.pk).update(no_mail_of=muted)  # unscoped: the person who asks
    messages.success(request, "Kept. Mails follow what is ticked." if wanted else "Kept. No notice comes by mail.")
    return redirect("schools:notices")
