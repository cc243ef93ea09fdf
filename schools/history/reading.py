"""The history as pages tell it: act by act, newest first; what was done to many rows at once is told as a count."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from schools.history.kept import PLACES
from schools.history.names import KIND_OF, called, kind_of_page
from schools.history.words import Line, lines_of, several
from schools.models import Act, Change

MOST_ONE_BY_ONE = 5  # rows of one kind in one act; more are counted, and stand on the act's own page
MOST_IN_A_PANEL = 40


@dataclass(slots=True)
class Told:
    """One act: its lines one by one, and counts (words, kind) of what was done to many rows."""

    act: Act
    lines: list[Line] = field(default_factory=list)
    counts: list[tuple[str, str]] = field(default_factory=list)


def may_read_history(user) -> bool:
    """Whether the reader keeps or reviews anything: a district, a network, a school."""
    held = user.standing
    return bool(
        held.admin_district_ids or held.network_admin_ids or held.audited_network_ids or held.principal_school_ids
    )


def changes_of(user, about: str = "", key: int | None = None) -> QuerySet:
    """The changes in sight; of one thing where it is named: ("section", 12), ("test", 5)."""
    rows = Change.objects.visible_to(user)
    if not about:
        return rows
    if about in PLACES:
        rows = rows.filter(**{f"{about}_id": key})
        return rows.filter(student=None) if about in ("school", "district") else rows
    return rows.filter(page=about, thing=key)


def searched(rows: QuerySet, words: str) -> QuerySet:
    """Changes made by somebody, or of something, whose name holds each of the words."""
    for word in words.split():
        rows = rows.filter(
            Q(act__who__icontains=word) | Q(label__icontains=word) | Q(act__what__icontains=word)
            | Q(person__given_name__icontains=word) | Q(person__family_name__icontains=word)
        )  # fmt: skip
    return rows


def acts_of(rows: QuerySet) -> QuerySet:
    """The acts of these changes, newest first."""
    return Act.objects.filter(Exists(rows.filter(act=OuterRef("pk")))).order_by("-pk")


def told(user, acts: list[Act], rows: QuerySet) -> tuple[list[Told], list[Change]]:
    """The acts with what of `rows` was done in each; and the changes that are told one by one."""
    keys = [act.pk for act in acts]
    groups = rows.filter(act__in=keys).order_by().values_list("act", "kind", "op").annotate(Count("pk"), Min("pk"))
    few, found = Q(pk__in=[]), {act.pk: Told(act) for act in acts}
    for act, kind, op, count, _ in sorted(groups, key=lambda group: group[4]):
        if count <= MOST_ONE_BY_ONE:
            few |= Q(act=act, kind=kind, op=op)
        else:
            found[act].counts.append((f"{several(kind, count)} {Change.Op(op).label}", kind))
    single = list(rows.filter(few).order_by("pk"))
    lines = lines_of(user, single)
    for change in single:
        found[change.act_id].lines.append(lines[change.pk])
    return [found[key] for key in keys], single


def newest(user, about: str, key: int) -> list[Told]:
    """The newest changes of one thing, for a panel on its page; those about students only on a student's own."""
    rows = changes_of(user, about, key)
    if about != "student":
        rows = rows.filter(student=None)
    changes = list(rows.select_related("act").order_by("-pk")[:MOST_IN_A_PANEL])
    of_act = defaultdict(lambda: defaultdict(list))
    for change in reversed(changes):
        of_act[change.act_id][change.kind, change.op].append(change)
    lines = lines_of(user, changes)
    acts = {change.act_id: change.act for change in changes}
    found = []
    for act, groups in sorted(of_act.items(), reverse=True):
        one = Told(acts[act])
        for (kind, op), group in groups.items():
            if len(group) <= MOST_ONE_BY_ONE:
                one.lines += [lines[change.pk] for change in group]
            else:
                one.counts.append((f"{several(kind, len(group))} {Change.Op(op).label}", kind))
        found.append(one)
    return found


def name_of(user, about: str, key: int) -> str:
    """What a thing is called whose history the reader sees something of."""
    kind = KIND_OF.get(about, about) if about in PLACES else kind_of_page(about)
    return called(user, {kind: {key}}).get((kind, key), "")
