"""One class and one test, read once: what the page by standard, the item map and a question all stand on.

The figures are of the students who took the test in the class. Students who joined later and took it elsewhere are
read beside them (`joined`), so that a teacher can plan for them; they count in no figure of the class.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils.crypto import salted_hmac

from assessments import store
from assessments.models import Result
from assessments.queries.beside import Beside, beside_class
from assessments.queries.forms import Form, forms_of
from assessments.queries.reach import results_of_students, sections_with_results, teaches
from assessments.queries.sittings import History, Sitting, history_of
from assessments.responses import NO_CHOICE
from assessments.rows import ResultRows
from assessments.sheet import Sheet
from schools.access import AccessEnded, ended_right
from schools.models import Section, SectionEnrollment, SectionStaff
from schools.search import place_of

NO_FORM = Form((), ())
COLUMNS = [name for name in store.COLUMNS if name != "administration_id"]


@dataclass(frozen=True, slots=True)
class Person:
    """A student as the page names them: by name, or as "Student 7" where names are hidden."""

    pk: int
    label: str


@dataclass(frozen=True)
class Seats:
    """Who sits and sat in a class: rows of (student id, name, first day, last day or None)."""

    rows: tuple[tuple[int, str, date, date | None], ...]

    def on(self, day: date) -> dict[int, str]:
        """Names of those who sat in it on `day`, by student."""
        return {pk: name for pk, name, first, last in self.rows if first <= day and (last is None or last >= day)}


@dataclass(frozen=True)
class Tested:
    """Students with a row in the sitting, in the order of their names, and their answers as a sheet."""

    people: tuple[Person, ...]
    rows: ResultRows
    sheet: Sheet

    def __len__(self) -> int:
        return len(self.people)


@dataclass(frozen=True)
class ClassRead:
    """A class and the test chosen for it. Without a sitting there is no result yet.

    counted   students with a row of the class, tested or not
    joined    students who sit in the class now and took the test elsewhere, as far as the reader may see it
    elsewhere students who sit in the class now and whose result is not here
    untested  students of the class who were not tested
    earlier   nobody was tested in the class yet: these are its students' results of before
    uploads   the files these rows come from
    beside    the network's figures of the same test, None before they are released
    """

    section: Section
    yours: bool
    teachers: tuple[str, ...]
    history: History
    sitting: Sitting | None
    form: Form
    counted: Tested
    joined: Tested
    elsewhere: tuple[Person, ...]
    untested: tuple[Person, ...]
    hidden: bool
    day: date
    uploads: frozenset[int]
    beside: Beside | None = None

    @property
    def earlier(self) -> bool:
        return self.history.earlier

    @property
    def tested(self) -> int:
        return int(np.count_nonzero(self.counted.sheet.tested))

    @property
    def enrolled(self) -> int:
        return self.tested + len(self.untested)

    @property
    def shown_students(self) -> int:
        """How many students' records the page holds."""
        return self.tested + len(self.untested) + len(self.joined) + len(self.elsewhere)

    @property
    def open(self) -> bool:
        """Whether questions and keys may be read: the window has ended."""
        return self.sitting is not None and self.sitting.over(self.day)


def section_and_seats(user, pk: int) -> tuple[Section, Seats, tuple[tuple[int, str], ...]]:
    """A class whose results `user` may see, who sits in it, and its teachers. Raises Http404 or AccessEnded."""
    seats = SectionEnrollment.objects.filter(section=OuterRef("pk")).values(  # unscoped: of a class in sight
        json=JSONObject(
            pk="student",
            family="student__family_name",
            given="student__given_name",
            number="student__number",
            starts="starts",
            ends="ends",
        )
    )
    staff = SectionStaff.objects.filter(section=OuterRef("pk")).values(  # unscoped: of a class in sight
        json=JSONObject(
            pk="user",
            family="user__family_name",
            given="user__given_name",
            starts="starts",
            ends="ends",
            role="role",
        )
    )
    asked = sections_with_results(user).select_related("school__district", "year")
    asked = asked.annotate(seat_rows=ArraySubquery(seats), staff_rows=ArraySubquery(staff))
    section = _found(asked, user, pk)
    rows = sorted(
        (_name(row), row["pk"], date.fromisoformat(row["starts"]), row["ends"] and date.fromisoformat(row["ends"]))
        for row in section.seat_rows
    )
    return section, Seats(tuple((pk, name, first, last) for name, pk, first, last in rows)), _teachers(section, user)


def _found(asked, user, pk: int) -> Section:
    section = asked.filter(pk=pk).first()
    if section is not None:
        return section
    hidden = Section.objects.filter(pk=pk).select_related("school").first()  # unscoped: to say when a right ended
    sentence = ended_right(user, hidden) if hidden is not None else None
    raise AccessEnded(sentence) if sentence else Http404


def _name(row: dict) -> str:
    return f"{row['family']}, {row['given']}".strip(", ") or row["number"]


def _teachers(section: Section, user) -> tuple[tuple[int, str], ...]:
    """Those who teach the class on the reader's day (or taught it on its last), by name."""
    day = min(user.standing.today, section.ends).isoformat()
    there = [row for row in section.staff_rows if row["starts"] <= day and (not row["ends"] or row["ends"] >= day)]
    named = {row["pk"]: (row["family"], f"{row['given'][:1]}. {row['family']}".strip()) for row in there}
    return tuple((pk, name) for pk, (_, name) in sorted(named.items(), key=lambda pair: pair[1]))


def read_class(user, pk: int, administration: int | None, hide_names: bool | None) -> ClassRead:
    """The class with one of its tests: the one asked for, else the newest.

    `hide_names` is the reader's own choice, None where there is none: then names are hidden from readers who do
    not teach the class. Raises Http404 or AccessEnded out of sight, KeyError for a test the class has not sat.
    """
    section, seats, teachers = section_and_seats(user, pk)
    yours = teaches(user, section)
    today = user.standing.today
    now = seats.on(min(today, section.ends))
    history = history_of(user, section, list(now))
    sitting = history.chosen(administration)
    hidden = not yours if hide_names is None else hide_names
    others = tuple(name for who, name in teachers if who != user.pk)
    if sitting is None:
        people = _people(section, now, hidden)
        nobody = _tested([], NO_FORM, 0, {})
        return ClassRead(
            section, yours, others, history, None, NO_FORM, nobody, nobody, (), tuple(people.values()), hidden, today,
            frozenset(),
        )  # fmt: skip
    return _read(user, section, seats, history, sitting, others, hidden)


def read_sitting(user, pk: int, sitting: Sitting) -> ClassRead:
    """The class with a test it is known to have sat, without its history: what a sentence about it needs."""
    section, seats, _ = section_and_seats(user, pk)
    return _read(user, section, seats, History((sitting,), {}, earlier=False), sitting, (), hidden=True)


def _read(user, section, seats: Seats, history: History, sitting: Sitting, others, hidden: bool) -> ClassRead:
    now = seats.on(min(user.standing.today, section.ends))
    form = forms_of(user, [sitting.assessment_id]).get(sitting.assessment_id, NO_FORM)
    records = _records(user, section, sitting, list(now))
    yours = teaches(user, section)
    read = _composed(user, section, seats, now, history, sitting, form, records, yours, others, hidden)
    return replace(read, beside=None if read.earlier else beside_class(user, section.school, sitting, section.grade))


def _records(user, section: Section, sitting: Sitting, student_ids: list[int]) -> list[tuple]:
    """The one read of answers: rows of the class and of the students who sit in it now."""
    rows = results_of_students(user, section.pk, student_ids).filter(administration=sitting.pk)
    names = ("student__family_name", "student__given_name", "student__number")
    return list(rows.order_by().values_list(*COLUMNS, *names))


def _name_of(record: tuple) -> str:
    return _name(dict(zip(("family", "given", "number"), record[-3:], strict=True)))


def _composed(user, section, seats, now, history, sitting, form, records, yours, others, hidden) -> ClassRead:
    """Part the rows into those that count in the class and those of students who joined it later."""
    names = {row[0]: _name_of(row) for row in records}
    people = _people(section, now | names, hidden)
    place = {pk: n for n, pk in enumerate(people)}
    records = sorted(records, key=lambda row: place[row[0]])
    own = [row for row in records if history.earlier or row[2] == section.pk]
    new = [row for row in records if not history.earlier and row[2] != section.pk]
    new = [row for row in new if row[7] == Result.TESTED]
    here = {row[0] for row in own}
    missing = _missing(user, section, seats, now, sitting, here | {row[0] for row in new}, history.earlier)
    not_tested = {row[0] for row in own if row[7] != Result.TESTED} | missing["untested"]
    strands = len(sitting.strands)
    return ClassRead(
        section=section,
        yours=yours,
        teachers=others,
        history=history,
        sitting=sitting,
        form=form,
        counted=_tested(own, form, strands, people),
        joined=_tested(new, form, strands, people),
        elsewhere=tuple(person for pk, person in people.items() if pk in missing["elsewhere"]),
        untested=tuple(person for pk, person in people.items() if pk in not_tested),
        hidden=hidden,
        day=user.standing.today,
        uploads=frozenset(row[3] for row in own),
    )


def _missing(user, section, seats, now, sitting, known: set[int], earlier: bool) -> dict[str, set[int]]:
    """Students who sit in the class now and have no row here: not tested, or tested elsewhere and out of sight."""
    absent = {pk for pk in now if pk not in known}
    if earlier or not absent:
        return {"untested": set(), "elsewhere": absent}
    when = seats.on(min(sitting.closes, user.standing.today))
    there = Result.objects.filter(administration=sitting.pk, student__in=absent, status=Result.TESTED)
    tested = set(there.values_list("student_id", flat=True))  # unscoped: that there is a result, nothing of it
    untested = {pk for pk in absent if pk in when} - tested
    return {"untested": untested, "elsewhere": absent - untested}


def _people(section: Section, names: dict[int, str], hidden: bool) -> dict[int, Person]:
    """Everyone on the page in the order of their names, by student.

    Where names are hidden students stand in an order drawn by lot, the same on every page of the class: beside a list
    of its names the alphabet would tell who is who.
    """
    if hidden:
        lots = sorted(names, key=lambda pk: salted_hmac("hidden names", f"{section.pk} {pk}").digest())
        return {pk: Person(pk, f"Student {n}") for n, pk in enumerate(lots, 1)}
    ordered = sorted(names.items(), key=lambda pair: (place_of(pair[1]), pair[0]))
    return {pk: Person(pk, name) for pk, name in ordered}


def _tested(records: list[tuple], form: Form, strands: int, people: dict[int, Person]) -> Tested:
    rows, _ = store.columns_of([row[: len(COLUMNS)] for row in records], len(form.questions), strands)
    sheet = Sheet(
        points=np.zeros((len(rows), 0), np.uint8) if rows.points_vectors is None else rows.points_vectors,
        worth=form.worth(),
        standards=form.asks(),
        tested=rows.tested,
        scores=rows.scale_scores.astype(np.float64),
        levels=rows.levels.astype(np.int64),
        level_count=int(rows.levels.max(initial=0)),
        choices=_known(rows.choices_vectors),
        totals=rows.points.astype(np.float64),
        strands=None if rows.strands is None else rows.strands.astype(np.float64),
    )
    return Tested(tuple(people[pk] for pk in rows.students.tolist()), rows, sheet)


def _known(choices: np.ndarray | None) -> np.ndarray | None:
    return None if choices is None or not (choices != NO_CHOICE).any() else choices
