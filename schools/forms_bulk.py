"""What an act on many rows asks. No choice shows a row its reader may not change."""

from datetime import date

from django import forms

from schools.dates import day_words
from schools.forms import DayField, LineField
from schools.models import Role, School, Section, User
from schools.rights import Grant


class BulkForm(forms.Form):
    """The fields of one act. `given` is what the reader has to give (`rights.grants`)."""

    def __init__(self, *args, user: User, given: dict[str, Grant], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.given, self.today = user, given, today
        self.narrow()

    def narrow(self) -> None:
        """Fill the choices with what is the reader's to choose."""

    def places(self) -> list[tuple[str, str]]:
        return sorted(((key, str(grant.place)) for key, grant in self.given.items()), key=lambda choice: choice[1])

    def schools(self):
        ids = [grant.place.pk for grant in self.given.values() if grant.kind == "school"]
        return School.objects.visible_to(self.user).filter(pk__in=ids)


class EndRolesForm(BulkForm):
    role = forms.ChoiceField(label="Which role")
    place = forms.ChoiceField(label="Where", required=False)
    ends = DayField(label="Last day")
    reason = LineField(label="Reason", help_text="The people whose role ends read it.")

    def narrow(self):
        roles = set().union(*(grant.roles for grant in self.given.values()))
        self.fields["role"].choices = [(role, label) for role, label in Role.choices if role in roles]
        self.fields["place"].choices = [("", "wherever it is held"), *self.places()]


class MoveSchoolForm(BulkForm):
    school = forms.ModelChoiceField(School.objects.none(), label="From", empty_label="choose a school")
    to = forms.ModelChoiceField(School.objects.none(), label="To", empty_label="choose a school")
    starts = DayField(label="First day there")
    reason = LineField(label="Reason")

    def narrow(self):
        self.fields["school"].queryset = self.fields["to"].queryset = self.schools()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("school") and cleaned.get("school") == cleaned.get("to"):
            self.add_error("to", "That is the same school. Choose the one they move to.")
        return cleaned


class InviteForm(BulkForm):
    """A letter asks nothing: it names the roles of its reader."""


class EndEnrollmentForm(BulkForm):
    ends = DayField(label="Last day", help_text="The next roster file says it again, or puts it right.")
    reason = LineField(label="Reason")


class ChangeClassForm(BulkForm):
    section = forms.ModelChoiceField(Section.objects.none(), label="From the class", empty_label="choose a class")
    to = forms.ModelChoiceField(Section.objects.none(), label="To the class", empty_label="choose a class")
    starts = DayField(label="First day there", help_text="The next roster file says it again, or puts it right.")
    reason = LineField(label="Reason")

    def narrow(self):
        sections = Section.objects.visible_to(self.user).filter(ends__gte=self.today, school__in=self.schools())
        self.fields["section"].queryset = self.fields["to"].queryset = sections.select_related("school")

    def clean(self):
        cleaned = super().clean()
        old, new, day = cleaned.get("section"), cleaned.get("to"), cleaned.get("starts")
        if old and new and (old == new or old.school_id != new.school_id):
            self.add_error("to", "Choose another class of the same school.")
        if new and day and not new.starts <= day <= new.ends:
            self.add_error("starts", f"The class runs from {day_words(new.starts)} to {day_words(new.ends)}.")
        return cleaned
