"""What an office may type when a year turns."""

from datetime import timedelta

from django import forms

from schools.forms import DayField, LineField
from schools.models import SchoolYear
from schools.privacy.typed import BOX
from schools.years.carrying import ClassNow, Wish, next_grade
from schools.years.reviewing import AS_IS, END, KEEP

LEAVE, ALONE, WITH_TEACHERS = "", "class", "teachers"


def _select(choices, label: str, **more) -> forms.ChoiceField:
    """A choice in the cell of a table: its label is spoken, the row says it to the eye."""
    widget = forms.Select(attrs={"aria-label": label})
    return forms.ChoiceField(choices=choices, widget=widget, label=label, required=False, **more)


class CarryForm(forms.Form):
    """What becomes of each class of a school, and where its students sit next year."""

    def __init__(self, *args, classes: list[ClassNow], there: list, **kwargs):
        super().__init__(*args, **kwargs)
        self.classes = classes
        codes = {one.section.code: one.section for one in classes} | {section.code: section for section in there}
        for one in classes:
            section = one.section
            to = [("", "left to the roster"), *((code, str(codes[code])) for code in sorted(codes)
                  if codes[code].grade in (next_grade(section.grade), ""))]  # fmt: skip
            do = [(LEAVE, "not carried over"), (ALONE, "class alone"), (WITH_TEACHERS, "class and teachers")]
            if one.there:
                do = [(LEAVE, "there already"), (WITH_TEACHERS, "there already, add its teachers")]
            initial = LEAVE if one.there else WITH_TEACHERS
            self.fields[f"do-{section.pk}"] = _select(do, f"What becomes of {section}", initial=initial)
            self.fields[f"to-{section.pk}"] = _select(to, f"Where the students of {section} sit next year")

    def rows(self) -> list[dict]:
        """The classes with their two fields, for the table."""
        return [
            {"class": one, "do": self[f"do-{one.section.pk}"], "to": self[f"to-{one.section.pk}"]}
            for one in self.classes
        ]

    def wishes(self) -> dict[int, Wish]:
        """By class what was chosen; only for a valid form."""
        typed = self.cleaned_data
        return {
            one.section.pk: Wish(
                carry=bool(typed[f"do-{one.section.pk}"]),
                teachers=typed[f"do-{one.section.pk}"] == WITH_TEACHERS,
                students_to=typed[f"to-{one.section.pk}"],
            )
            for one in self.classes
        }


class ReviewForm(forms.Form):
    """Which roles and agreements go on; the days and the reason hold for all of them."""

    keep_until = DayField(label="Roles that are kept end on", help_text="The last day of the next year, for example.")
    end_on = DayField(label="What ends has its last day on")
    reason = LineField(label="Reason for ending", required=False, help_text="The person whose right ends reads it.")

    def __init__(self, *args, roles, agreements, year: SchoolYear, following: SchoolYear | None, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.roles, self.agreements = list(roles), list(agreements)
        self.fields["keep_until"].initial = following.ends if following else year.ends + timedelta(days=365)
        self.fields["end_on"].initial = max(today, year.ends)
        for role in self.roles:
            choices = [(AS_IS, "as it is"), (KEEP, "keep"), (END, "end")]
            self.fields[f"r-{role.pk}"] = _select(choices, f"What becomes of {role.user}, {role}")
        for one in self.agreements:
            self.fields[f"a-{one.pk}"] = _select([(AS_IS, "as it is"), (END, "end")], f"What becomes of {one}")

    def role_rows(self) -> list[tuple]:
        return [(role, self[f"r-{role.pk}"]) for role in self.roles]

    def agreement_rows(self) -> list[tuple]:
        return [(one, self[f"a-{one.pk}"]) for one in self.agreements]

    def common(self) -> list:
        """The fields that hold for every row; the box that lets words stand among them, where it is offered."""
        return [self[name] for name in ("keep_until", "end_on", "reason", BOX) if name in self.fields]

    def chosen(self, what: str, *, agreements: bool = False) -> list:
        """The roles (or agreements) for which `what` was chosen; only for a valid form."""
        rows, key = (self.agreements, "a") if agreements else (self.roles, "r")
        return [row for row in rows if self.cleaned_data.get(f"{key}-{row.pk}") == what]

    def clean(self):
        cleaned = super().clean()
        ends = self.chosen(END) + self.chosen(END, agreements=True)
        if ends and not cleaned.get("reason"):
            self.add_error("reason", "Say why: the people whose roles end read it.")
        if not ends and not self.chosen(KEEP) and not self.errors:
            self.add_error(None, "Nothing was chosen. Choose for at least one row what becomes of it.")
        return cleaned
