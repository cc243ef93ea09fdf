"""What a person may say about a release: of what, with which names, to whom, when; and why it is held or stopped."""

from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.models import Release
from assessments.releases.pages import Candidate
from schools.forms import LineField, ScopedForm
from schools.models import District

MOMENT = "%Y-%m-%dT%H:%M"
NAMING = [
    (Release.Naming.LETTERED, "By letter; everybody sees their own school by name"),
    (Release.Naming.NAMED, "By name"),
]
AUDIENCE = [
    (Release.Audience.NETWORK, "Leaders, teachers and union representatives, at the same second"),
    (Release.Audience.PUBLIC, "Everyone, on the public pages too"),
]


class ChoicesForm(ScopedForm):
    """The choices that a key is turned for beside the figures."""

    naming = forms.ChoiceField(label="Schools stand", choices=NAMING, widget=forms.RadioSelect)
    audience = forms.ChoiceField(label="Open to", choices=AUDIENCE, widget=forms.RadioSelect)
    opens_at = forms.DateTimeField(
        label="Opens", required=False, input_formats=[MOMENT, "%m/%d/%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text="In the district's time. Left empty it opens at once, when the second key is turned.",
        error_messages={"invalid": "Write the time as month/day/year hour:minute, for example 3/4/2026 15:00."},
    )  # fmt: skip

    def district(self) -> District | None:
        """The district whose clock the time is told by."""
        return self.initial.get("district")

    def clean(self):
        cleaned = super().clean()
        typed, district = cleaned.get("opens_at"), self.district()
        if typed and district:
            opens_at = timezone.make_naive(typed).replace(tzinfo=ZoneInfo(district.timezone))
            if opens_at < timezone.now():
                self.add_error("opens_at", "This time has passed. Choose a later one, or leave it empty.")
            cleaned["opens_at"] = opens_at
        return cleaned

    @property
    def choices(self) -> dict:
        """What `prepare` and `choose` take."""
        return {name: self.cleaned_data[name] for name in ("naming", "audience", "opens_at")}


class PrepareForm(ChoicesForm):
    """A test and window to release, and the choices."""

    what = forms.ChoiceField(label="Test and window")
    field_order = ("what", "naming", "audience", "opens_at")

    def __init__(self, *args, candidates: list[Candidate], **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {one.key: one for one in candidates}
        several = len({(one.network.pk, one.district.pk) for one in candidates}) > 1
        self.fields["what"].choices = [(one.key, one.label(several)) for one in candidates]

    def district(self) -> District | None:
        chosen = self.by_key.get(self.cleaned_data.get("what", ""))
        return chosen.district if chosen else None

    @property
    def chosen(self) -> Candidate:
        return self.by_key[self.cleaned_data["what"]]


class ReasonForm(forms.Form):
    """Why a release is held back or stopped, for those who wait for it."""

    reason = LineField(label="Reason", max_length=300, help_text="Those who turn keys, and auditors, read it.")

    def clean_reason(self):
        reason = self.cleaned_data["reason"]
        if len(reason) < 3:
            raise ValidationError("Say why in a few words.")
        return reason
