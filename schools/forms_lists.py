"""What narrows the lists of a roster. What cannot be read is left out of the search, never an error."""

from django import forms

from schools.forms import LineField, ScopedForm
from schools.models import GRADES, School, SchoolYear


def words_field(label: str) -> forms.CharField:
    """The field for what is searched as it is typed."""
    return forms.CharField(label=label, required=False, max_length=100, widget=forms.TextInput({"type": "search"}))


def school_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(School.objects.none(), label="School", required=False, empty_label="any school")


class StudentFilter(ScopedForm):
    """Which students to list. The search is posted: no student's name stands in an address."""

    LEFT, EVERYONE = "left", "everyone"

    find = words_field("Name or number")
    school = school_field()
    grade = forms.ChoiceField(
        label="Grade", required=False, choices=[("", "any grade"), *((grade, grade) for grade in GRADES)]
    )
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "enrolled now"), (LEFT, "who have left"), (EVERYONE, "everyone")],
    )
    sort = forms.ChoiceField(label="Sort", required=False, choices=[("", "by name"), ("number", "by number")])


class SectionFilter(ScopedForm):
    """Which classes to list."""

    NOBODY = "nobody"

    q = words_field("Class or teacher")
    school = school_field()
    year = forms.ModelChoiceField(
        SchoolYear.objects.none(), label="Year", required=False, empty_label="running or to come"
    )
    staffed = forms.ChoiceField(
        label="Taught by", required=False, choices=[("", "anyone or nobody"), (NOBODY, "nobody today")]
    )
    sort = forms.ChoiceField(label="Sort", required=False, choices=[("", "by school"), ("code", "by code")])


class SchoolFilter(ScopedForm):
    """Which schools to list."""

    q = words_field("Name or code")
    sort = forms.ChoiceField(label="Sort", required=False, choices=[("", "by name"), ("code", "by code")])


class ViewingForm(forms.Form):
    """Why somebody looks at the portal as another person."""

    reason = LineField(label="Why", help_text="The person can read it. For example: asked why a class is missing.")


class OtherStudentForm(forms.Form):
    """The student who may be the same as one at hand, by the district's number."""

    number = LineField(label="Number of the other", max_length=40)


class OtherPersonForm(forms.Form):
    """The person who may be the same as one at hand, by address."""

    email = forms.EmailField(label="Email of the other", max_length=254)
