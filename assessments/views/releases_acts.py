"""What a person does with a release: turn a key, hold it back, go on, stop it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from assessments.forms.releases import ReasonForm
from assessments.models import Release
from assessments.releases import acts
from assessments.releases.pages import ReleasePage
from assessments.views.releases import release_to_change
from schools.privacy.typed import names_stand

FIRST_IS_THE_DISTRICTS = "The first key is turned by the district's office."
SECOND_IS_THE_NETWORKS = "The second key is turned by the network's office."


@require_POST
def release_first_key(request, pk):
    """The district agrees to these figures."""
    one = release_to_change(request, pk)
    if not ReleasePage(request.user, one).district_key:
        raise PermissionDenied(FIRST_IS_THE_DISTRICTS)
    seen = request.POST.get("seen", "")
    return _do(
        request, one, lambda: acts.turn_first_key(one, request.user, seen=seen),
        "The first key is turned. The network turns the second.", settled=(Release.State.AGREED,),
    )  # fmt: skip


@require_POST
def release_second_key(request, pk):
    """The network releases them."""
    one = release_to_change(request, pk)
    if not ReleasePage(request.user, one).network_key:
        raise PermissionDenied(SECOND_IS_THE_NETWORKS)
    seen = request.POST.get("seen", "")
    return _do(
        request, one, lambda: acts.turn_second_key(one, request.user, seen=seen),
        "Both keys are turned.", settled=(Release.State.RELEASED,),
    )  # fmt: skip


@require_POST
def release_hold(request, pk):
    """Hold it back, with a reason."""
    one = release_to_change(request, pk)
    said = "Held back. Those who turn keys read your reason."
    return _with_reason(request, one, lambda why: acts.hold(one, request.user, why), said, (Release.State.HELD,))


@require_POST
def release_stop(request, pk):
    """Give it up before it opens, with a reason."""
    one = release_to_change(request, pk)
    said = "Stopped. Nothing of it will open."
    return _with_reason(request, one, lambda why: acts.stop(one, request.user, why), said, (Release.State.STOPPED,))


@require_POST
def release_resume(request, pk):
    """Go on with a release that is held."""
    one = release_to_change(request, pk)
    return _do(request, one, lambda: acts.resume(one, request.user), "The figures are worked out again.", settled=())


def _with_reason(request, one: Release, act: Callable, said: str, settled: tuple[str, ...]):
    form = ReasonForm(request.POST)
    if not (form.is_valid() and names_stand(form, request.user, "reason", public=[one.district_id])):
        messages.warning(request, f"Nothing was done. {' '.join(form.errors['reason'])}")
        return redirect("assessments:release", one.pk)
    return _do(request, one, lambda: act(form.cleaned_data["reason"]), said, settled=settled)


def _do(request, one: Release, act: Callable, said: str, *, settled: tuple[str, ...]):
    """Do `act` and go to the release's page. A second press that finds it done (`settled` states) is no error."""
    try:
        act()
    except acts.ReleaseRefused as refused:
        one.refresh_from_db(fields=["state"])
        if one.state not in settled:
            messages.warning(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("assessments:release", one.pk)
