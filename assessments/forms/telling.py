"""When those concerned are told of a published file: at once, or at a time on the district's clock."""

from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from assessments.forms.releases import MOMENT
from schools.models import District

NOW, LATER = "now", "later"
NO_TIME = "Say at what time they are told, as month/day/year hour:minute, or choose now."
TIME_PAST = "The time at which they were to be told has passed. Choose a later one, or now."


class TellForm(forms.Form):
    """`tell` is now or later; later needs a time that is to come."""

    tell = forms.ChoiceField(choices=[(NOW, "now"), (LATER, "at")], required=False)
    tell_at = forms.DateTimeField(
        required=False, input_formats=[MOMENT, "%m/%d/%Y %H:%M"], error_messages={"invalid": NO_TIME}
    )

    def __init__(self, data, *, district: District):
        super().__init__(data)
        self.district = district
        if data.get("tell") != LATER:
            self.fields["tell_at"].disabled = True  # a time that was typed and then not chosen

    def clean_tell_at(self):
        typed = self.cleaned_data["tell_at"]
        if self.data.get("tell") != LATER:
            return None
        if typed is None:
            raise forms.ValidationError(NO_TIME)
        at = timezone.make_naive(typed).replace(tzinfo=ZoneInfo(self.district.timezone))
        if at < timezone.now():
            raise forms.ValidationError(TIME_PAST)
        return at

    @property
    def problem(self) -> str:
        """What is wrong, as a sentence; "" where nothing is."""
        return next((message for messages in self.errors.values() for message in messages), "")
