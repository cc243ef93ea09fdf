"""What a person says of a file of results, beside the file. Choices hold only what they may send results of."""

from datetime import date

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from assessments.formats.registry import FORMATS
from assessments.models import Assessment, Window
from assessments.pipeline.uploads import Options
from assessments.queries.uploads import FILTERS
from schools.files.limits import MEGABYTE
from schools.forms import ScopedForm
from schools.models import District, School

IN_FILE = "as the file says"
SPREADSHEETS = ".csv,.txt,.tsv,.xlsx"


class UploadFilter(forms.Form):
    """Which uploads to list. What cannot be read is left out of the search, never an error."""

    q = forms.CharField(label="File, test or sender", required=False, max_length=100)
    show = forms.ChoiceField(
        label="State", required=False, choices=[("", "any"), *((key, words) for key, (words, _) in FILTERS.items())]
    )


class ResultsFileField(forms.FileField):
    """A file no larger than the portal takes; asked of its size, before a byte of it is read here."""

    widget = forms.FileInput(attrs={"accept": SPREADSHEETS})

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file and file.size > settings.UPLOAD_MAX_BYTES:
            most = settings.UPLOAD_MAX_BYTES / MEGABYTE
            raise ValidationError(
                f"This file has {file.size / MEGABYTE:,.1f} MB, and the portal takes at most {most:,.0f} MB. "
                "Part it by school or by test, and send the parts."
            )
        return file


class WindowChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.name}, {obj.year.code}"


def offer(form: forms.Form, name: str, rows: QuerySet) -> list:
    """Make `rows` the choices of a field, and return them; they are read once, however often a widget asks."""
    field = form.fields[name]
    field.queryset = rows
    found = list(rows)
    first = [] if field.empty_label is None else [("", field.empty_label)]
    field.choices = first + [(row.pk, field.label_from_instance(row)) for row in found]
    return found


class TestAndWindow(ScopedForm):
    """The test and the window a file is for; either may be left to the file.

    The first choices are the window in use on `today`, and the test where there is one alone.
    """

    test = forms.ModelChoiceField(
        Assessment.objects.none(),
        label="Test",
        required=False,
        empty_label=IN_FILE,
        help_text="The portal's template names its test itself, and so does a MAP Growth file.",
    )
    window = WindowChoice(Window.objects.none(), label="Window", required=False, empty_label=IN_FILE)
    must_choose = False

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        if self.must_choose:
            for name, empty in (("test", "choose"), ("window", None)):
                self.fields[name].required, self.fields[name].empty_label = True, empty
        held = user.standing
        own = Q(pk__in=held.admin_district_ids) | Q(schools__in=held.principal_school_ids)
        self.districts = list(District.objects.visible_to(user).filter(own).distinct())
        self.tests = offer(self, "test", self.tests_of(self.districts))
        self.windows = offer(self, "window", self.windows_of(self.districts))
        self.initial = self.first_choices() | self.initial

    def tests_of(self, districts) -> QuerySet:
        """The tests to choose from."""
        return self.fields["test"].queryset.filter(district__in=districts)

    def windows_of(self, districts) -> QuerySet:
        """The windows to choose from, the newest first."""
        rows = self.fields["window"].queryset.filter(year__district__in=districts)
        return rows.select_related("year").order_by("-opens")

    def first_choices(self) -> dict:
        """What is chosen when the form is opened."""
        window = window_in_use(self.windows, self.user.standing.today)
        return {"window": window, "test": self.tests[0] if len(self.tests) == 1 else None}

    def district_of_choices(self) -> District | None:
        """The district the choices belong to, the only one where they say none. None: they do not tell."""
        test, window = self.cleaned_data.get("test"), self.cleaned_data.get("window")
        ids = {one for one in (test and test.district_id, window and window.year.district_id) if one}
        if len(ids) > 1:
            self.add_error("window", "This window is of another district than the test. Choose one of the same.")
            return None
        found = [one for one in self.districts if not ids or one.pk in ids]
        if len(found) != 1:
            self.add_error("test", "You send files for more than one district. Choose the test, or the window.")
            return None
        return found[0]


class NewUploadForm(TestAndWindow):
    """A file to send. A principal's holds results of the own school alone, and makes no students."""

    file = ResultsFileField(
        label="File",
        error_messages={
            "required": "Choose the file with the results.",
            "empty": "This file is empty. Open it and see whether it was saved, then send it again.",
        },
        help_text="A CSV file or an Excel workbook (XLSX). Drop it here, or choose it.",
    )
    students = ResultsFileField(
        label="StudentsBySchool file, for MAP Growth",
        required=False,
        help_text="NWEA sends two files: choose AssessmentResults above, and StudentsBySchool here.",
    )
    school = forms.ModelChoiceField(
        School.objects.none(),
        label="School",
        required=False,
        empty_label=IN_FILE,
        help_text="For a file that names no school.",
    )
    create_students = forms.BooleanField(
        label="Make students that the roster does not know",
        required=False,
        help_text="Only where no roster comes first. A mistyped number would become a child of its own.",
    )
    field_order = ["file", "test", "window", "school", "students", "create_students"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        held = user.standing
        own = Q(pk__in=held.principal_school_ids) | Q(district__in=held.admin_district_ids)
        schools = self.fields["school"]
        if not held.admin_district_ids:
            schools.required, schools.help_text = True, "You send results of the school you lead, and of no other."
            schools.empty_label = None if len(held.principal_school_ids) == 1 else "choose"
            del self.fields["create_students"]
        offer(self, "school", schools.queryset.filter(own))

    def clean(self):
        """Adds `district`, and `only_school`: the one school this sender may write for, None for the whole district."""
        typed = self.cleaned_data
        typed["district"] = None if self.errors else self.district_of_choices()
        if typed["district"] is None:
            return typed
        held, school, whole = self.user.standing, typed.get("school"), typed["district"].pk
        if school and school.district_id != whole:
            self.add_error("school", "This school is of another district than the test or window.")
        elif whole not in held.admin_district_ids and (school is None or school.pk not in held.principal_school_ids):
            self.add_error("school", "Choose the school you lead.")
        typed["only_school"] = None if whole in held.admin_district_ids else school
        return typed


class ChangeForm(TestAndWindow):
    """How a file that lies here is to be read instead."""

    layout = forms.ChoiceField(
        label="Layout",
        required=False,
        choices=[("", "as the portal recognizes it"), *((one.name, one.label) for one in FORMATS)],
    )
    create_students = forms.BooleanField(label="Make students that the roster does not know", required=False)

    def __init__(self, *args, user, upload, **kwargs):
        self.upload = upload
        super().__init__(*args, user=user, **kwargs)
        if upload.district_id not in user.standing.admin_district_ids:
            del self.fields["create_students"]

    def tests_of(self, districts) -> QuerySet:
        """Those of the file's own district."""
        return super().tests_of([self.upload.district_id])

    def windows_of(self, districts) -> QuerySet:
        """Those of the file's own district."""
        return super().windows_of([self.upload.district_id])

    def first_choices(self) -> dict:
        """The choices as they stand."""
        options = Options.of(self.upload)
        return {
            "test": next((row for row in self.tests if row.code == options.assessment), None),
            "window": next((row for row in self.windows if row.full_code == options.window), None),
            "layout": options.format,
            "create_students": options.create_students,
        }


class TemplateForm(TestAndWindow):
    """The template of a test with the roster filled in: for whom, and as what."""

    as_file = forms.ChoiceField(
        label="As", choices=[("xlsx", "Excel workbook (XLSX)"), ("csv", "CSV file")], widget=forms.RadioSelect
    )
    school = forms.ModelChoiceField(School.objects.none(), label="School", required=False, empty_label="all schools")
    field_order = ["test", "window", "school", "as_file"]

    must_choose = True

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        held = user.standing
        self.fields["test"].help_text = ""
        self.fields["window"].help_text = "The students are those enrolled while it is open."
        self.fields["as_file"].initial = "xlsx"
        schools = self.fields["school"]
        if not held.admin_district_ids:
            schools.required, schools.empty_label = True, None
        own = Q(pk__in=held.principal_school_ids) | Q(district__in=held.admin_district_ids)
        offer(self, "school", schools.queryset.filter(own))

    def clean(self):
        if not self.errors:
            self.district_of_choices()
        return self.cleaned_data


def window_in_use(windows, today: date) -> Window | None:
    """The window that is open, else the last one that was, else the next."""
    rows = sorted(windows, key=lambda one: one.opens)
    begun = [one for one in rows if one.opens <= today]
    return begun[-1] if begun else next(iter(rows), None)
