"""What the portal keeps about a person who signs in, for that person: tables, the same on the page and in the files."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Count, Max, Min, Model
from django.utils import timezone

from schools.effective import CountOf
from schools.models import AccessLog, Notice, SectionStaff, User
from schools.privacy.rows_that_name import words_of
from schools.table_files import Table

NOTICE = "What the portal keeps about the person named here. Passwords and secrets of second factors are not in it."


def about(user: User) -> list[Table]:
    """Everything the portal keeps about `user`, in eight questions. Secrets are named, never shown."""
    return [
        _account(user),
        _roles(user),
        _classes(user),
        _ways_in(user),
        _sessions(user),
        _looked(user),
        _elsewhere(user),
    ]


def _moment(at: datetime | None) -> datetime | str:
    """To the minute, in the reader's zone; "" for none. The page tells it in words, the files as it stands."""
    return timezone.localtime(at).replace(second=0, microsecond=0) if at else ""


def _account(user: User) -> Table:
    muted = ", ".join(kind.label for kind in Notice.Kind if kind.value in user.no_mail_of)
    rows = (
        ("Name", user.get_full_name()),
        ("Email", user.email),
        ("Key in the district's roster", user.sourced_id or "none"),
        ("Account made", _moment(user.created_at)),
        ("Invited", _moment(user.invited_at) or "never"),
        ("Last sign-in", _moment(user.last_login) or "never"),
        ("Last visit of Today", _moment(user.today_at) or "never"),
        ("Password", "kept scrambled, so that nobody can read it" if user.has_usable_password() else "none"),
        ("No mail about", muted or "nothing: all notices come by mail"),
    )
    return Table("Account and settings", ("What", "As it is kept"), rows)


def _roles(user: User) -> Table:
    rows = tuple(
        (m.get_role_display(), str(m.place), m.starts, m.ends or "open", m.end_reason or m.reason or "none given")
        for m in user.standing.memberships
    )
    return Table("Roles", ("Role", "Where", "From", "To", "Reason"), rows)


def _classes(user: User) -> Table:
    taught = SectionStaff.objects.filter(user=user).select_related("section__school")  # unscoped: one's own
    rows = tuple(
        (str(row.section), str(row.section.school), row.get_role_display(), row.starts, row.ends or "open")
        for row in taught.order_by("-starts", "pk")
    )
    return Table("Classes", ("Class", "School", "As", "From", "To"), rows)


def _ways_in(user: User) -> Table:
    rows = [
        ("Second factor", one.get_type_display(), _moment(one.created_at), _moment(one.last_used_at) or "never")
        for one in Authenticator.objects.filter(user=user).order_by("created_at")  # unscoped: one's own
    ]
    rows += [
        (
            "Account of a provider",
            f"{one.provider}, {one.uid}",
            _moment(one.date_joined),
            _moment(one.last_login) or "never",
        )
        for one in SocialAccount.objects.filter(user=user).order_by("date_joined")  # unscoped: one's own
    ]
    rows += [
        ("Address", f"{one.email}, {'verified' if one.verified else 'not verified'}", "not kept", "not kept")
        for one in EmailAddress.objects.filter(user=user).order_by("email")  # unscoped: one's own
    ]
    return Table("Ways to sign in", ("Kind", "What", "Since", "Last used"), tuple(rows))


def _sessions(user: User) -> Table:
    rows = tuple(
        (_moment(one.created_at), _moment(one.last_seen_at), one.ip, one.user_agent)
        for one in UserSession.objects.filter(user=user).order_by("-last_seen_at")  # unscoped: one's own
    )
    return Table("Sessions", ("Begun", "Last click", "Network address", "Browser"), rows)


def _looked(user: User) -> Table:
    own = AccessLog.objects.filter(user=user).order_by()  # unscoped: one's own
    words = dict(AccessLog.Action.choices)
    counted = own.values("action").annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
    rows = tuple(
        (words[row["action"]], row["times"], _moment(row["first"]), _moment(row["last"]))
        for row in sorted(counted, key=lambda row: row["action"])
    )
    return Table("Students' records you looked at", ("What you did", "Times", "First", "Last"), rows)


def _elsewhere(user: User) -> Table:
    """How many rows of each kind name the person: of every table that refers to people, so that none is forgotten."""
    columns, words = {}, {}
    for place, (model, field) in enumerate(fields_naming_people()):
        rows = model._base_manager.filter(**{field.name: user.pk}).order_by().values("pk")  # unscoped: counted only
        columns[f"n{place}"] = CountOf(rows)
        words[f"n{place}"] = words_of(model, field)
    row = User.objects.filter(pk=user.pk).values(**columns).get()  # unscoped: one's own
    found = tuple((*words[name], count) for name, count in row.items() if count)
    return Table("Rows that name you", ("Of what", "You in it", "How many"), tuple(sorted(found)))


def fields_naming_people() -> list[tuple[type[Model], object]]:
    """Every field of every table that refers to a person."""
    return [
        (relation.related_model, relation.field)
        for relation in User._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and relation.one_to_many | relation.one_to_one
    ]
