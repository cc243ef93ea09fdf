"""What a person may type about a wrong class list, and what is answered to it."""

from django import forms

from schools import dates
from schools.forms import ScopedForm
from schools.models import ClassListReport, Section, Student
from schools.search import by_name

Kind, State = ClassListReport.Kind, ClassListReport.State


class StudentField(forms.ModelChoiceField):
    """A student by name and number, as the class list has them."""

    def label_from_instance(self, student: Student) -> str:
        return f"{student.name} ({student.number})"


class ReportForm(ScopedForm):
    """What is wrong with a class list: one thing at a time."""

    kind = forms.ChoiceField(label="What is wrong?", choices=Kind.choices, widget=forms.RadioSelect)
    student = StudentField(
        Student.objects.none(), label="Student on the list", required=False, empty_label="nobody on the list"
    )
    text = forms.CharField(
        label="In your words", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It is read in the portal by those who keep the roster; no mail repeats it. "
        "For example: moved away in October; joined us on Monday from section 502.",
    )  # fmt: skip

    def __init__(self, *args, section: Section, **kwargs):
        super().__init__(*args, **kwargs)
        day = min(max(self.user.standing.today, section.starts), section.ends)
        seated = section.enrollments.filter(dates.on(day))  # unscoped: those of one's own sight, on the next line
        listed = self.fields["student"].queryset.filter(pk__in=seated.values("student"))
        self.fields["student"].queryset = by_name(listed)  # as the class list has them

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind in (Kind.NOT_HERE, Kind.NAME) and not cleaned.get("student") and "student" not in self.errors:
            self.add_error("student", "Choose the student on the list.")
        if kind in (Kind.MISSING, Kind.OTHER) and not cleaned.get("text"):
            words = {Kind.MISSING: "Write who is missing, and since when.", Kind.OTHER: "Write what is wrong."}
            self.add_error("text", words[kind])
        return cleaned


class AnswerForm(forms.Form):
    """What came of a report."""

    state = forms.ChoiceField(
        label="What came of it?", widget=forms.RadioSelect,
        choices=[
            (State.MENDED, "The roster is mended, or will be with its next reading"),
            (State.ANSWERED, "The roster is right as it is"),
        ],
    )  # fmt: skip
    answer = forms.CharField(
        label="Answer", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The person who reported it reads this in the portal.",
    )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("state") == State.ANSWERED and not cleaned.get("answer"):
            self.add_error("answer", "Write why the list is right as it is.")
        return cleaned
