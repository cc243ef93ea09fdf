"""What may be typed about a network, the schools in it, and a district."""

from django import forms

from schools.dates import day_words
from schools.forms import DayField, ScopedModelForm, in_order
from schools.models import District, Network, NetworkSchool, School
from schools.networks import in_it_from, overlaps, schools_to_join

# The zones of the fifty states; a district that keeps another one keeps it.
TIME_ZONES = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Mountain, no daylight saving (Arizona)",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Atlantic, no daylight saving (Puerto Rico)",
}


class NetworkForm(ScopedModelForm):
    """The name of a network and what it says of itself to everyone."""

    class Meta:
        model = Network
        fields = ["name", "problem_of_practice", "aim"]
        labels = {"problem_of_practice": "What it works on", "aim": "What it aims at"}
        help_texts = {
            "problem_of_practice": "The problem of practice, in a sentence or two. Anyone reads it on the public page.",
            "aim": "What is to be better, for whom, by when.",
        }
        widgets = {"problem_of_practice": forms.Textarea(attrs={"rows": 4}), "aim": forms.Textarea(attrs={"rows": 4})}


class JoinForm(forms.Form):
    """Schools that join a network on one day."""

    schools = forms.ModelMultipleChoiceField(
        School.objects.none(), label="Schools", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one school."},
    )  # fmt: skip
    starts = DayField(label="First day", help_text="From this day on their released results join the network's.")

    def __init__(self, *args, user, network: Network, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["schools"].queryset = schools_to_join(user, network)
        self.fields["starts"].initial = user.standing.today
        self.network = network

    def clean(self):
        cleaned = super().clean()
        if "schools" in cleaned and "starts" in cleaned:
            twice = in_it_from(self.network, cleaned["schools"], cleaned["starts"])
            if twice:
                names = ", ".join(school.name for school in twice)
                day = day_words(cleaned["starts"])
                self.add_error("starts", f"In the network on {day} or later already: {names}. Choose a day after that.")
        return cleaned


class StayForm(forms.ModelForm):
    """From when to when a school is in a network."""

    class Meta:
        model = NetworkSchool
        fields = ["starts", "ends"]
        field_classes = {"starts": DayField, "ends": DayField}
        labels = {"starts": "First day", "ends": "Last day"}
        help_texts = {"ends": "Empty while the school stays. What was released until then is not touched."}

    def clean(self):
        cleaned = super().clean()
        in_order(self)
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and not self.errors and overlaps(self.instance, starts, ends):
            until = f"from {day_words(starts)} to {day_words(ends)}" if ends else f"from {day_words(starts)} on"
            self.add_error("starts", f"The school is in the network twice {until}. Choose days that do not overlap.")
        return cleaned


class DistrictForm(forms.ModelForm):
    """The name of a district and its time zone."""

    timezone = forms.ChoiceField(
        label="Time zone", help_text="It decides what day it is: when windows end, roles begin, releases open."
    )

    class Meta:
        model = District
        fields = ["name", "timezone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kept = self.instance.timezone
        named = {zone: f"{label} ({zone})" for zone, label in TIME_ZONES.items()}
        self.fields["timezone"].choices = ({} if kept in named else {kept: kept}) | named
