"""A class of fourteen and a class of five with a test of eight questions, published through the real pipeline."""

from datetime import date

from assessments.models import Administration, Upload
from assessments.pipeline import work
from assessments.pipeline.uploads import Options, accept_upload
from tests import make

KEYS = "ABCDABCD"


def teach(w) -> None:
    """Section 501 has fourteen students, 502 five; a keyed test, windows Fall and Winter 1."""
    w.names = ["Adams", "Brown", "Cruz", "Diallo", "Evans", "Flores", "Gray", "Hill", "Ito", "Jones", "King", "Lopez"]
    for name in w.names:
        w.students.append(new_student(w, w.section, name))
    w.class_501 = [one for one in w.students if one.sections.filter(section=w.section).exists()]
    w.class_502 = [new_student(w, w.other_section, f"Few{n}") for n in range(4)]
    w.fractions = make.standard()
    w.volume = make.standard("CC.2.4.5.A.5", "Volume")
    w.plots = make.standard("CC.2.4.5.A.4", "Line plots")
    w.math = make.assessment(w.district, keys=KEYS, standards=[w.fractions, w.volume], scale="QMS")
    for item in w.math.items.filter(position__in=(7, 8)):
        item.standards.set([w.plots])
        item.text = f"What does plot {item.position} show?"
        item.save()
    wrong = w.math.items.get(position=1)
    wrong.choices = wrong.choices | {"B": {"text": "2/8", "suggests": "added the denominators"}}
    wrong.text = "What is 1/4 + 1/4?"
    wrong.save()
    make.cuts(w.math, minimums=(0, 490, 510, 530))
    w.fall = make.window(w.year)
    w.winter = make.window(w.year, "Q2", "Winter 1", opens=date(2025, 11, 17), closes=date(2025, 12, 5))


def new_student(w, section, name, starts=None):
    """A student enrolled at the section's school and seated in it."""
    student = make.student(w.district, family_name=name)
    make.enroll(student, section.school, w.year)
    make.seat(student, section, starts=starts)
    return student


def publish_rows(w, rows, *, window="2025-26/Q1", assessment="QM5", by=None) -> Upload:
    """Rows of (student, answers, scale score) become current."""
    head = ["student_id", *[str(n + 1) for n in range(len(rows[0][1]))], "scale_score"]
    lines = [",".join(head)]
    lines += [",".join([one.number, *answers, str(score)]) for one, answers, score in rows]
    upload = accept_upload(
        district=w.district, data="\n".join(lines).encode(), filename="results.csv", by=by or w.admin,
        options=Options(assessment=assessment, window=window, publish=True, approve=True), wake_worker=False,
    )  # fmt: skip
    work.advance(upload.pk)
    upload.refresh_from_db()
    assert upload.state == Upload.State.PUBLISHED, (upload.answer, upload.failure)
    return upload


def sit(w) -> None:
    """Both classes sat the test in Fall and in Winter 1; in Winter 1 one student of 501 was absent."""
    publish_rows(w, [(one, answers_of(n), 480 + 2 * n) for n, one in enumerate(w.class_501)])
    publish_rows(w, [(one, "ABCDABCD", 500) for one in w.class_502])
    w.winter_rows = [(one, answers_of(n), 488 + 2 * n + n % 3) for n, one in enumerate(w.class_501[:-1])]
    w.upload = publish_rows(w, w.winter_rows, window="2025-26/Q2")
    publish_rows(w, [(one, "BBCDABCD", 505) for one in w.class_502], window="2025-26/Q2")
    w.test = Administration.objects.get(window=w.winter)
    w.fall_test = Administration.objects.get(window=w.fall)


def answers_of(n: int) -> str:
    """Question 1 mostly wrong with B; the later questions the harder for the earlier students."""
    first = "A" if n % 5 == 0 else "B"
    rest = "".join(key if n > 2 * place or key == "D" else "A" for place, key in enumerate(KEYS[1:]))
    return first + rest
