"""What every page of test set-up does alike: who may change it, and how it says what a change did."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied

from assessments.queries.setup import districts_of, districts_to_set_up
from schools.access import get_visible_or_404

MOST_TOLD = 3
NOT_YOURS = "Test set-up belongs to the district's office and to those who run the network."


def districts_or_403(user) -> list:
    """The districts whose set-up the reader may change; raises PermissionDenied where there is none."""
    districts = districts_of(user)
    if not districts:
        raise PermissionDenied(NOT_YOURS)
    return districts


def in_district_or_403(rows, user, district: str, **lookup):
    """The one row in sight; raises PermissionDenied where its district (by the path `district`) is not the reader's."""
    row = get_visible_or_404(rows, user, **lookup)
    place = row
    for step in district.split("__"):
        place = getattr(place, step)
    if place not in districts_to_set_up(user):
        raise PermissionDenied(NOT_YOURS)
    return row


def tell(request, saved: str, rescored) -> None:
    """Say what was saved, and which published results it scored anew."""
    messages.success(request, f"{saved} {in_words(rescored)}".strip())


def in_words(rescored) -> str:
    """What came of published results, and which pages show it; "" where there was nothing to score."""
    changed = [one for one in rescored if one.results]
    if not changed:
        return ""
    told = "; ".join(f"{one.results:,} in {one.administration}" for one in changed)
    if len(changed) > MOST_TOLD:
        told = f"{sum(one.results for one in changed):,}, {changed[0].administration} to {changed[-1].administration}"
    return (
        f"Results that came out different: {told}. Class pages, item maps, school pages and growth show them now; "
        "the earlier scoring is kept."
    )
