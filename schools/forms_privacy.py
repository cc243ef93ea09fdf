"""What a person may type in the privacy centre."""

from django import forms
from django.core.exceptions import ValidationError

from schools.forms import AccessFilter, DayField, LineField
from schools.models import DisclosureRecord, RetentionRule


class LooksFilter(AccessFilter):
    """Which accesses to one student's records to list: as of all, at whatever school."""

    school = None


class DisclosureForm(forms.ModelForm):
    """A disclosure by other means than the portal, or a request that was refused."""

    on = DayField(label="Day")
    party = LineField(label="Who asked for it or got it", help_text="The organization or office, with its place.")
    interest = LineField(label="What for", max_length=300, help_text="Their legitimate interest, in a sentence.")
    what = LineField(label="What records", max_length=300)
    onward = LineField(
        label="To whom they may pass it on", max_length=300, required=False, help_text="Left empty: to nobody."
    )
    reach = forms.ChoiceField(label="Whose records", widget=forms.RadioSelect)

    class Meta:
        model = DisclosureRecord
        fields = ["reach", "answer", "on", "party", "interest", "basis", "what", "onward"]
        labels = {"answer": "Answer", "basis": "On what basis"}

    field_order = ["reach", "answer", "on", "party", "interest", "basis", "what", "onward"]

    def __init__(self, *args, today, school, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        choices = [("student", "This student's alone"), ("district", "All students' of the district")]
        if school is not None:
            choices.insert(1, ("school", f"All students' of {school.name}"))
        self.fields["reach"].choices = choices
        self.fields["reach"].initial = "student"
        self.fields["on"].initial = today

    def clean_on(self):
        if self.cleaned_data["on"] > self.today:
            raise ValidationError("This day has not come yet. A disclosure is entered when it was made.")
        return self.cleaned_data["on"]

    def clean(self):
        cleaned = super().clean()
        given = cleaned.get("answer") == DisclosureRecord.Answer.GIVEN
        if given and cleaned.get("basis") == DisclosureRecord.Basis.NONE:
            self.add_error("basis", "What was given has a basis in 34 CFR 99.31. Name it, or say that it was refused.")
        return cleaned


class RuleForm(forms.Form):
    """How long one class of data is kept."""

    days = forms.IntegerField(label="Days", help_text="365 days are a year.")

    def __init__(self, *args, data_class, **kwargs):
        super().__init__(*args, **kwargs)
        self.data_class = data_class

    def clean_days(self):
        days, least, most = self.cleaned_data["days"], self.data_class.least, RetentionRule.LONGEST
        if not least <= days <= most:
            raise ValidationError(f"Between {least} and {most:,} days.")
        return days
