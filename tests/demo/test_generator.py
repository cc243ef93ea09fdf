"""The generator: the same every time, and as large and varied as the demo promises."""

import csv
import io
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from pop_network.demo.calendar import closed_windows, two_years
from pop_network.demo.instruments import make_forms
from pop_network.demo.network import SEED, make_network
from pop_network.demo.places import BY_CODE, FEWEST, MOST, SCHOOLS, STUDENTS
from pop_network.demo.questions.bank import MAKERS
from pop_network.demo.questions.making import deal
from pop_network.demo.roster import SectionKey, make_roster, sections_of
from pop_network.demo.staff import make_staff
from pop_network.demo.standards import FRACTIONS, STANDARDS
from schools.models import Role
from tests.demo.database import TODAY

THIS_YEAR = 1


def rows_of(file):
    return list(csv.DictReader(io.StringIO(file.content.decode())))


# --- the same every time ------------------------------------------------------------------------------------


def test_the_same_seed_and_day_give_the_same_files(network):
    again = make_network(TODAY)
    assert [(file.filename, file.content, file.students) for file in again.files] == [
        (file.filename, file.content, file.students) for file in network.files
    ]
    assert again.setup == network.setup
    assert again.staff == network.staff
    assert again.roster.seats == network.roster.seats


def test_another_seed_gives_other_students_in_the_same_schools(network):
    other = make_roster(SEED + 1, network.years, TODAY)
    assert [student.name for student in other.students[:20]] != [
        student.name for student in network.roster.students[:20]
    ]
    assert Counter(seat.section for seat in other.on(network.years[0].starts).values()) == Counter(
        seat.section for seat in network.roster.on(network.years[0].starts).values()
    )


def test_a_later_day_changes_nothing_that_was_there(network):
    later = make_network(TODAY + timedelta(150))
    assert later.years == network.years
    known = {file.filename: file for file in later.files}
    settled = [file for file in network.files if file.window != "2026-27/Q2"]
    assert settled
    for file in settled:
        assert known[file.filename].content == file.content


# --- sizes --------------------------------------------------------------------------------------------------


def test_twelve_schools_with_one_to_three_grades():
    assert len(SCHOOLS) == len({school.name for school in SCHOOLS}) == 12
    assert {len({each.grade for each in school.classes}) for school in SCHOOLS} == {1, 2, 3}
    assert {each.grade for school in SCHOOLS for each in school.classes} == {"03", "04", "05", "06", "07", "08"}


@pytest.mark.parametrize("year", [0, 1])
def test_567_students_in_24_sections_on_the_first_day(network, year):
    assert len(sections_of(year)) == 24
    seats = network.roster.on(network.years[year].starts)
    assert len(seats) == STUDENTS == 567
    assert len({seat.section for seat in seats.values()}) == 24


def test_sections_have_9_to_29_students_on_every_day():
    years = two_years(date(2027, 7, 1))
    roster = make_roster(SEED, years, date(2027, 7, 1))
    for year in years:
        days = [year.starts + timedelta(days) for days in range(0, (year.ends - year.starts).days, 7)]
        sizes = [Counter(seat.section for seat in roster.on(day).values()) for day in days]
        assert min(min(size.values()) for size in sizes) == FEWEST == 9
        assert max(max(size.values()) for size in sizes) == MOST == 29
        assert {len(size) for size in sizes} == {24}


def test_six_percent_move_in_mid_year():
    years = two_years(date(2027, 7, 1))
    roster = make_roster(SEED, years, date(2027, 7, 1))
    for year in years:
        seats = [seat for seat in roster.seats if seat.section.year == year.index]
        ended_early = [seat for seat in seats if seat.ends < year.ends]
        assert len(ended_early) == 34
        schools = defaultdict(set)
        for seat in seats:
            schools[seat.student].add(seat.section.school)
        moved = sum(len(reached) == 2 for reached in schools.values())
        assert moved == 29  # the other five left the network


def test_nobody_sits_in_two_places_on_one_day(network):
    spans = defaultdict(list)
    for seat in network.roster.seats:
        spans[seat.student].append((seat.starts, seat.ends))
    for held in spans.values():
        held.sort()
        assert all(start <= end for start, end in held)
        assert all(first[1] < second[0] for first, second in pairwise(held))


def test_most_students_of_a_school_with_the_next_grade_come_back(network):
    before = network.roster.on(network.years[0].ends)
    now = network.roster.on(network.years[1].starts)
    back = [student for student in before if student in now]
    assert len(back) > 100
    assert {int(now[student].grade) - int(before[student].grade) for student in back} == {1}
    assert {now[student].section.school == before[student].section.school for student in back} == {True}


# --- people -------------------------------------------------------------------------------------------------


def test_every_student_has_a_number_and_a_name_of_their_own(network):
    students = network.roster.students
    assert len({student.number for student in students}) == len(students)
    assert len({student.name for student in students}) == len(students)
    assert sum(student.number.startswith("0") for student in students) > 20
    names = "".join(student.name.family + student.name.given for student in students)
    assert "'" in names
    assert "-" in names
    assert "é" in names
    assert any(ord(letter) > 0x0400 for letter in names), "no name in a script of its own"


def test_staff_has_the_cases_a_portal_meets(network):
    staff = network.staff
    schools_of = defaultdict(set)
    for row in staff.teaching:
        if row.section.year == THIS_YEAR:
            schools_of[row.person.email].add(row.section.school)
    assert sum(len(schools) == 2 for schools in schools_of.values()) == 1, "one teacher serves two schools"
    co_taught = [row for row in staff.teaching if row.role == "co_teacher" and row.section.year == THIS_YEAR]
    assert len(co_taught) == 1
    substitutes = [row for row in staff.teaching if row.role == "substitute" and row.section.year == THIS_YEAR]
    assert len(substitutes) == 1
    away = [row for row in staff.teaching if row.section == substitutes[0].section and row.role == "teacher"]
    assert away[0].ends == substitutes[0].starts - timedelta(1)
    taught = {row.section for row in staff.teaching}
    assert taught == {section for year in (0, 1) for section, _ in sections_of(year)}
    assert all(person.email.endswith("@example.org") for person in staff.people)
    assert len({person.name for person in staff.people}) == len(staff.people)


def test_one_sign_in_per_role_and_a_coach_whose_assignment_ended(network):
    staff = network.staff
    roles = {place.role for place in staff.places if place.person.sign_in}
    assert roles == {role.value for role in Role}
    ended = [place for place in staff.places if place.person.email == "former.coach@example.org" and place.ends]
    assert [place.end_reason for place in ended] == ["assignment ended"]
    assert ended[0].ends < TODAY


def test_the_leave_is_not_known_before_it_begins():
    early = date(2026, 9, 8)
    staff = make_staff(SEED, two_years(early), early)
    assert [row.section.year for row in staff.teaching if row.role == "substitute"] == [0]


# --- the calendar -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "codes", "closed_this_year"),
    [
        (date(2026, 11, 22), ["2025-26", "2026-27"], 2),
        (date(2026, 9, 3), ["2025-26", "2026-27"], 0),
        (date(2027, 6, 1), ["2025-26", "2026-27"], 4),
        (date(2026, 7, 20), ["2024-25", "2025-26"], 4),  # the summer belongs to the year that ended
    ],
)
def test_last_year_is_complete_and_this_year_runs_to_today(today, codes, closed_this_year):
    years = two_years(today)
    assert [year.code for year in years] == codes
    closed = closed_windows(years, today)
    assert len(closed) == 4 + closed_this_year
    assert all(window.closes < today for _, window in closed)
    assert [window.name for window in years[0].windows] == ["Fall", "Winter 1", "Winter 2", "Spring"]


def test_nothing_of_the_future_is_in_the_files(network):
    for file in network.files:
        assert file.sent <= TODAY
        for row in rows_of(file):
            day = row.get("test_date")
            assert not day or date.fromisoformat(day) < TODAY


# --- tests and answers --------------------------------------------------------------------------------------


def test_grade_forms_have_20_to_40_questions_and_some_in_own_words():
    forms = {form.code: form for form in make_forms(SEED)}
    quarterly = [forms[f"QM{grade}"] for grade in range(3, 9)]
    assert all(20 <= len(form.items) <= 40 for form in quarterly)
    assert all({2, 3, 4} & {item.points for item in form.items if not item.key} for form in quarterly)
    for form in quarterly:
        asked = Counter(item.standard for item in form.items)
        assert max(asked.values()) >= 5
        assert {f"{int(code.split('.')[3]):02d}" for code in asked} == {form.grade}
    assert all(forms[f"UC{grade}-Q{window}"].scale == "" for grade in (6, 7, 8) for window in range(1, 5))


def test_every_standard_has_questions_with_one_right_answer():
    assert set(MAKERS) == {standard.code for standard in STANDARDS}
    assert set(FRACTIONS) <= set(MAKERS)
    for code, makers in MAKERS.items():
        for maker in makers:
            for number in range(25):
                dealt = deal(maker, np.random.default_rng(number), set())
                assert len({choice["text"] for choice in dealt.choices.values()}) == 4, (code, dealt)
                assert dealt.choices[dealt.key]["suggests"] == ""
                assert all(choice["suggests"] for letter, choice in dealt.choices.items() if letter != dealt.key), dealt


def test_a_form_asks_no_question_twice():
    for form in make_forms(SEED):
        asked = [(item.text, item.choices[item.key]["text"]) for item in form.items if item.key]
        assert len(asked) == len(set(asked))


def test_files_hold_blanks_questions_not_reached_several_marks_and_absentees(network):
    cells = Counter()
    not_tested = 0
    for file in network.files:
        for row in rows_of(file):
            if "test_date" in row and not row["test_date"]:
                not_tested += 1
            elif "test_date" in row:
                cells.update(value for name, value in row.items() if name.isdigit())
    assert cells[""] > 200
    assert cells["NR"] > 100
    assert cells["M"] > 20
    assert not_tested > 50
    assert {"A", "B", "C", "D", "0", "1", "2", "3"} <= set(cells)


def test_unit_checks_differ_from_window_to_window():
    forms = {form.code: form for form in make_forms(SEED)}
    texts = [{item.text for item in forms[f"UC6-Q{window}"].items} for window in range(1, 5)]
    assert not set.intersection(*texts)


def test_the_adaptive_test_has_strands_retests_and_no_questions(network):
    file = next(file for file in network.files if file.filename.startswith("AssessmentResults"))
    rows = rows_of(file)
    assert {row["MeasurementScale"] for row in rows} == {"Mathematics"}
    assert {row["GrowthMeasureYN"] for row in rows} == {"TRUE", "FALSE"}
    assert all(150 < int(row["TestRITScore"]) < 290 for row in rows)
    assert all(row["Goal4Name"] for row in rows)
    roster = list(csv.DictReader(io.StringIO(file.students.decode())))
    assert len(roster) > 540
    assert {row["SchoolName"] for row in roster} == {school.vendor_name for school in SCHOOLS}


def test_students_sit_where_their_seat_is(network):
    for each in network.rounds:
        for sitting in each.sittings:
            assert BY_CODE[sitting.seat.section.school].classes
            assert sitting.seat.grade == each.form.grade
            if sitting.day:
                assert sitting.seat.starts <= sitting.day <= sitting.seat.ends
    assert SectionKey(1, "1040", "501") in {seat.section for seat in network.roster.seats}
