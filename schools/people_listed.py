"""The people a list holds for its reader, each with the roles and classes in sight."""

from functools import cache

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from schools import search
from schools.composed import Composed, compose, composed_once
from schools.forms import PeopleFilter
from schools.models import SCOPES, Membership, Role, SectionStaff, User
from schools.rights import not_over


def people_listed(user, wanted: dict) -> QuerySet:
    """All the people in sight that the filter asks for, by name.

    Each has `roles_in_sight` (memberships, newest first) and `classes_in_sight` (who they teach now or will).
    """
    rows = people_asked(user, wanted)
    if wanted["q"]:
        rows = rows.filter(pk__in=search.keys_of(rows, wanted["q"], "email", search.MOST_FOUND))
    return search.by_name(rows.prefetch_related(*roles_and_classes(user)))


def people_page(user, wanted: dict, number: int, *, down: bool = False) -> search.Found:
    """Page `number` of the people listed; Z to A with `down`, where nobody is searched for."""
    if wanted["q"]:
        found = people_found(user, wanted, number)
        prefetch_related_objects(found.rows, *roles_and_classes(user))
        return found
    rows = people_asked(user, wanted).prefetch_related(*roles_and_classes(user))
    order = (search.FAMILY.desc(), search.GIVEN.desc(), "-pk") if down else (search.FAMILY, search.GIVEN, "pk")
    return search.page_in_order(rows.order_by(*order), number=number)


def people_asked(user, wanted: dict) -> QuerySet:
    """The people in sight in the role and school asked for, whatever is searched for among them."""
    today = user.standing.today
    roles = _roles_asked(user, wanted["role"], wanted["school"]).filter(user=OuterRef("pk"))
    classes = _classes_asked(user, wanted["role"], wanted["school"]).filter(user=OuterRef("pk"))
    rows = User.objects.visible_to(user).filter(merged_into=None)
    here = Exists(roles.filter(not_over(today))) | Exists(classes.filter(not_over(today)))
    if wanted["show"] == PeopleFilter.ENDED:
        return rows.filter(Exists(roles.filter(ends__lt=today)), ~here)
    if wanted["show"] != PeopleFilter.EVERYONE:
        return rows.filter(here)
    return rows.filter(Exists(roles) | Exists(classes)) if wanted["role"] or wanted["school"] else rows


def people_found(user, wanted: dict, number: int) -> search.Found:
    """Page `number` of the people whom `people_asked` holds and whose name or address begins as what is typed."""
    return search.find(
        _everybody(), wanted["q"], "email", lambda keys: _asked_for(user, wanted, keys), number=number
    )  # fmt: skip


@cache
def _everybody() -> Composed:
    return compose(User.objects.filter(merged_into=None))  # unscoped: `_asked_for` keeps those in sight


def _asked_for(user, wanted: dict, keys: list[int]) -> set[int]:
    """Which of these people `people_asked` holds: who holds a role or class in sight is in sight."""
    asked = (user, wanted["role"], wanted["school"] and wanted["school"].pk)
    if wanted["show"] == PeopleFilter.ENDED:
        ended = _with_role(*asked, PeopleFilter.ENDED).values_of("user_id", keys)
        return ended - _holders(asked, PeopleFilter.HERE, keys)
    return _holders(asked, wanted["show"] or PeopleFilter.HERE, keys)


def _holders(asked: tuple, when: str, keys: list[int]) -> set[int]:
    """Which of these people hold a role or class asked for; classes are read for those without a role alone."""
    found = _with_role(*asked, when).values_of("user_id", keys)
    left = [key for key in keys if key not in found]
    return found | _with_class(*asked, when).values_of("user_id", left) if left else found


@composed_once
def _with_role(user, role: str, school: int | None, when: str) -> QuerySet:
    return _in_time(_roles_asked(user, role, school), user, when)


@composed_once
def _with_class(user, role: str, school: int | None, when: str) -> QuerySet:
    return _in_time(_classes_asked(user, role, school), user, when)


def _in_time(rows: QuerySet, user, when: str) -> QuerySet:
    today = user.standing.today
    times = {PeopleFilter.HERE: not_over(today), PeopleFilter.ENDED: Q(ends__lt=today), PeopleFilter.EVERYONE: Q()}
    return rows.filter(times[when]).values_list("user", flat=True)


def _roles_asked(user, role: str, school) -> QuerySet:
    """The roles in sight, of any time, by which somebody is in the list."""
    rows = Membership.objects.visible_to(user)
    if role:
        rows = rows.filter(role=role)
    return rows.filter(school=school) if school else rows


def _classes_asked(user, role: str, school) -> QuerySet:
    """As `_roles_asked`: who teaches a class is a teacher, whatever role they hold."""
    rows = SectionStaff.objects.visible_to(user)
    if role and role != Role.TEACHER:
        return rows.none()
    return rows.filter(section__school=school) if school else rows


def roles_and_classes(user) -> tuple[Prefetch, Prefetch]:
    """What to fetch with people: the roles and classes in sight of `user`."""
    today = user.standing.today
    roles = Membership.objects.visible_to(user).select_related(*SCOPES).order_by("-starts")
    classes = (
        SectionStaff.objects.visible_to(user)
        .filter(not_over(today), section__ends__gte=today)
        .select_related("section__school")
        .order_by("section__school__name", "section__code")
    )
    return (
        Prefetch("memberships", queryset=roles, to_attr="roles_in_sight"),
        Prefetch("sections", queryset=classes, to_attr="classes_in_sight"),
    )
