"""Which configured test a file, or a row of it, is about."""

from collections.abc import Sequence

from assessments.formats.seam import AssessmentSpec
from schools.files.header import fold_heading
from schools.files.issues import FileRefused, issue


def named_by_code(specs: Sequence[AssessmentSpec], code: str) -> AssessmentSpec:
    """The test the sender chose. Raises FileRefused (UNKNOWN_ASSESSMENT) where no such test is set up."""
    for spec in specs:
        if fold_heading(spec.code) == fold_heading(code):
            return spec
    raise FileRefused(issue("UNKNOWN_ASSESSMENT", value=code, found=code, known=codes_of(specs)))


def named_by_word(specs: Sequence[AssessmentSpec], word: str, grade: str = "") -> list[AssessmentSpec]:
    """The tests a word means: those with it as code, else as name or alias, else as subject.

    Of several, those for the student's grade, where the grade is known and one of them is for it.
    """
    wanted = fold_heading(word)
    kinds = (
        [spec for spec in specs if fold_heading(spec.code) == wanted],
        [spec for spec in specs if wanted in map(fold_heading, (spec.name, *spec.aliases))],
        [spec for spec in specs if fold_heading(spec.subject) == wanted],
    )
    meant = next((kind for kind in kinds if kind), [])
    of_grade = [spec for spec in meant if grade in spec.grades]
    return of_grade if len(meant) > 1 and of_grade else meant


def codes_of(specs: Sequence[AssessmentSpec]) -> str | None:
    """The codes of the tests, for a sentence; None where there is none."""
    return ", ".join(spec.code for spec in specs) or None


def refuse_unnamed(specs: Sequence[AssessmentSpec], fitting: Sequence[AssessmentSpec] = ()) -> FileRefused:
    """The refusal of a file that fits none of the tests, or several."""
    found = f"it could be {codes_of(fitting)}" if fitting else None
    return FileRefused(issue("UNKNOWN_ASSESSMENT", found=found, known=codes_of(specs)))
