"""Students, schools and enrollments that a file brings, made because its sender asked for it (`create_students`)."""

from datetime import date, timedelta
from hashlib import sha256

import numpy as np

from assessments.matching import UNKNOWN, Newcomer
from assessments.models import Upload, Window
from assessments.pipeline.checking import Part
from assessments.pipeline.uploads import Options
from schools.models import Enrollment, School, SchoolAlias, Student

LONGEST_CODE = School._meta.get_field("code").max_length


def make_newcomers(part: Part, upload: Upload) -> None:
    """Make what the part's rows need, and put the new ids into them."""
    matched = part.matched
    if not matched.to_create:
        return
    schools = [_school(upload, new.word, new.name) for new in matched.new_schools]
    students = _students(upload, matched.to_create)
    ids = np.array([student.pk for student in students], np.int64)
    places = [schools[new.new_school].pk if new.new_school != UNKNOWN else new.school_id for new in matched.to_create]
    Enrollment.objects.bulk_create(_enrollments(part.window, matched.to_create, ids, places), batch_size=2000)
    brought = matched.newcomers != UNKNOWN
    index = matched.newcomers[brought]
    part.rows.students[brought] = ids[index]
    part.rows.schools[brought] = np.array(places, np.int64)[index]


def what_stays(upload: Upload) -> str:
    """What undoing an upload leaves in the portal, as a sentence; "" where it brought nothing but results."""
    if not Options.of(upload).create_students:
        return ""
    return "Students, schools and enrollments that this file made stay: undoing takes back results, never a student."


def _school(upload: Upload, word: str, name: str) -> School:
    """A school known so far only by the file's word for it, which is its code here until someone corrects it."""
    code = word if len(word) <= LONGEST_CODE else f"{word[:31]}-{sha256(word.encode()).hexdigest()[:8]}"
    made, _ = School.objects.get_or_create(district=upload.district, code=code, defaults={"name": name or word})
    SchoolAlias.objects.get_or_create(district=upload.district, name=(name or word)[:200], defaults={"school": made})
    return made


def _students(upload: Upload, newcomers: tuple[Newcomer, ...]) -> list[Student]:
    """One student per newcomer; those who only lack an enrollment are there already."""
    unknown = [new for new in newcomers if new.student_id == UNKNOWN]
    made = [
        Student(
            district=upload.district,
            number=new.number,
            family_name=new.last_name,
            given_name=new.first_name,
        )
        for new in sorted(unknown, key=lambda new: new.number)
    ]
    # Another file may have brought the same student since the check.
    Student.objects.bulk_create(made, batch_size=2000, ignore_conflicts=True)
    by_number = {
        student.number: student
        for student in Student.objects.filter(district=upload.district, number__in=[new.number for new in unknown])
    }
    known = Student.objects.in_bulk([new.student_id for new in newcomers if new.student_id != UNKNOWN])
    return [by_number[new.number] if new.student_id == UNKNOWN else known[new.student_id] for new in newcomers]


def _enrollments(window: Window, newcomers, ids: np.ndarray, places: list[int]) -> list[Enrollment]:
    """An enrollment for the school year, or for the gap around the window where there are others."""
    others: dict[int, list[tuple[date, date]]] = {}
    for student_id, starts, ends in Enrollment.objects.filter(student__in=ids.tolist()).values_list(
        "student_id", "starts", "ends"
    ):
        others.setdefault(student_id, []).append((starts, ends))
    rows = []
    for new, student_id, school_id in zip(newcomers, ids.tolist(), places, strict=True):
        starts, ends = gap_around(window, others.get(student_id, []))
        if starts <= ends:
            rows.append(
                Enrollment(
                    student_id=student_id,
                    school_id=school_id,
                    year=window.year,
                    grade=new.grade,
                    starts=starts,
                    ends=ends,
                )
            )
    return rows


def gap_around(window: Window, taken: list[tuple[date, date]]) -> tuple[date, date]:
    """The longest stretch of the school year around the window's first day that no other enrollment takes.

    Its first day lies after its last one where the window's first day itself is taken.
    """
    first, last = window.year.starts, window.year.ends
    for starts, ends in taken:
        if ends < window.opens:
            first = max(first, ends + timedelta(days=1))
        elif starts > window.opens:
            last = min(last, starts - timedelta(days=1))
        else:
            return window.opens, window.opens - timedelta(days=1)
    return first, last
