"""What a person may type about rosters."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from schools.forms import LineField, ScopedForm
from schools.models import PROGRAMS, District, Network, RosterFlags


class OwnDistrictForm(ScopedForm):
    """A form about one of the districts its reader administers; where there is one, it is chosen."""

    district = forms.ModelChoiceField(District.objects.none(), label="District", empty_label="choose a district")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = self.user.standing.admin_district_ids
        district = self.fields["district"]
        district.queryset = district.queryset.filter(pk__in=own)
        if len(own) == 1:
            district.initial = next(iter(own))


class RosterForm(OwnDistrictForm):
    """A OneRoster package to check."""

    network = forms.ModelChoiceField(
        Network.objects.none(), label="Network", required=False, empty_label="its schools stay as they are",
        help_text="The package's schools join this network, where they are not in it yet.",
    )  # fmt: skip
    file = forms.FileField(
        label="OneRoster package",
        help_text="A zip of the CSV files (OneRoster 1.1 or 1.2, whole or only changes), as the student information "
        "system writes it.",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.ROSTER_MAX_BYTES:
            most = settings.ROSTER_MAX_BYTES // 1_000_000
            raise ValidationError(f"The package is larger than {most} MB. Take out files that OneRoster does not name.")
        return file


class ExportForm(OwnDistrictForm):
    """Asking for the district's roster as a package."""

    purpose = LineField(
        label="What do you need it for?", help_text="The download stands in the access log with these words."
    )


class ProgramsForm(forms.ModelForm):
    """The columns of demographics.csv that say who is in a program."""

    class Meta:
        model = RosterFlags
        fields = PROGRAMS
        labels = {
            "english_learner": "Column for English learners",
            "iep": "Column for students with an IEP",
            "economically_disadvantaged": "Column for economically disadvantaged students",
        }
        help_texts = dict.fromkeys(
            PROGRAMS, "As its heading stands in the file, for example metadata.ell. Blank: not read."
        )
