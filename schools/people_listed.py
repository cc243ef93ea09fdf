"""The people a list holds for its reader, each with the roles and classes in sight."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from schools import search
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


def people_asked(user, wanted: dict, *, few: bool = False) -> QuerySet:
    """The people in sight in the role and school asked for, whatever is searched for among them.

    With `few` the database looks up each person's roles one by one, which is quick for a page of them: asked by a
    range of one it cannot read all roles of the district first. Who holds a role in sight is in sight.
    """
    today = user.standing.today
    person = {"user__gte": OuterRef("pk"), "user__lte": OuterRef("pk")} if few else {"user": OuterRef("pk")}
    meant = Membership.objects.visible_to(user).filter(**person)
    teaches = SectionStaff.objects.visible_to(user).filter(**person)
    if wanted["role"]:
        meant = meant.filter(role=wanted["role"])
        teaches = teaches if wanted["role"] == Role.TEACHER else teaches.none()
    if wanted["school"]:
        meant = meant.filter(school=wanted["school"])
        teaches = teaches.filter(section__school=wanted["school"])
    rows = (User.objects.all() if few else User.objects.visible_to(user)).filter(merged_into=None)
    here = Exists(meant.filter(not_over(today))) | Exists(teaches.filter(not_over(today)))
    if wanted["show"] == PeopleFilter.ENDED:
        return rows.filter(Exists(meant.filter(ends__lt=today)), ~here)
    if wanted["show"] != PeopleFilter.EVERYONE:
        return rows.filter(here)
    narrowed = wanted["role"] or wanted["school"] or few
    return rows.filter(Exists(meant) | Exists(teaches)) if narrowed else rows


def people_found(user, wanted: dict, number: int) -> search.Found:
    """Page `number` of the people whose name or address begins as what is typed."""
    return search.find(people_asked(user, wanted, few=True), wanted["q"], "email", number=number)


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
