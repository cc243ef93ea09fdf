"""What a person may type about tests, windows, years and standards: one row at a time."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from assessments.models import Assessment, Standard, Window
from assessments.queries.setup import grade_name
from schools.forms import DayField, ScopedModelForm, in_order
from schools.models import GRADES, District, SchoolYear


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        lines = (" ".join(line.split()) for line in super().clean(value).splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class SetUpForm(ScopedModelForm):
    """A row that belongs to a district. A choice of one district is none; pressed twice, a row is added once."""

    once: tuple[str, ...] = ()

    def __init__(self, *args, districts: list[District], **kwargs):
        super().__init__(*args, **kwargs)
        self.districts = districts
        if "district" not in self.fields:
            return
        if self.instance.pk or len(districts) == 1:
            del self.fields["district"]
            if not self.instance.pk:
                self.instance.district = districts[0]
        else:
            self.fields["district"].queryset = self.fields["district"].queryset.filter(
                pk__in=[one.pk for one in districts]
            )

    def keep(self, *names: str) -> None:
        """Take fields out that cannot change once the row stands: files are matched on them."""
        if self.instance.pk:
            for name in names:
                self.fields.pop(name, None)

    def clean(self):
        cleaned = super().clean()
        self.held = None if self.instance.pk else self._held()
        if self.held:
            self.add_error(
                "code", f"{self.held.code} stands already. Choose another code, or change the one that stands."
            )
        return cleaned

    def _held(self):
        """The row that has the key of this one, where it is new."""
        key = {name: self.cleaned_data.get(name) or getattr(self.instance, name, None) for name in self.once}
        if not all(key.values()):
            return None
        return type(self.instance).objects.visible_to(self.user).filter(**key).first()

    def row(self):
        """The saved row, or the same row where it was added just before; None with errors."""
        if self.is_valid():
            try:
                with transaction.atomic():
                    return self.save()
            except IntegrityError:  # pressed twice at once: the other one was first
                self.held = self._held()
        held = getattr(self, "held", None)
        others = {name: value for name, value in self.cleaned_data.items() if name not in self.once}
        same = (
            held
            and set(self.errors) <= {"code"}
            and all(getattr(held, name) == value for name, value in others.items())
        )
        return held if same else None


class AssessmentForm(SetUpForm):
    """The instrument: what it is called, whom it is for, what counts."""

    once = ("district", "code")
    grades = forms.MultipleChoiceField(
        label="Grades", choices=[(grade, grade_name(grade)) for grade in GRADES], required=False,
        widget=forms.CheckboxSelectMultiple, help_text="None chosen means any grade.",
    )  # fmt: skip

    class Meta:
        model = Assessment
        fields = [
            "district", "code", "name", "subject", "grades", "kind", "max_score", "retake_rule", "benchmark_level",
            "series", "scale",
        ]  # fmt: skip
        labels = {
            "max_score": "Highest score", "retake_rule": "When a student takes it twice in a window",
            "benchmark_level": "Benchmark level", "kind": "What it reports",
        }  # fmt: skip
        help_texts = {
            "code": "Files name the test by it, so it stays once it is set. For example QM5.",
            "subject": "For example Mathematics. Files that name no code are matched on it.",
            "max_score": "Of the whole test. Left empty, a form's is the sum of its questions' points.",
            "benchmark_level": "The number of the level that counts as at benchmark. Left empty it is the level called "
            "Proficient, else the one just above the middle.",
            "series": "Forms of one program share a series: growth is looked for inside it. For example QM for the "
            "quarterly math tests of all grades.",
            "scale": "The name of a scale on which scores of two windows can be subtracted. Leave it empty where there "
            "is none: growth is then shown as standing in the network.",
        }  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.keep("code", "kind")
        self.fields["series"].required = False
        if "kind" in self.fields:
            self.fields["kind"].choices = [("", "choose what it reports"), *Assessment.Kind.choices]

    def clean_code(self):
        return " ".join(self.cleaned_data["code"].split())

    def clean_benchmark_level(self):
        level = self.cleaned_data["benchmark_level"]
        if level is not None and not 1 <= level <= 9:
            raise ValidationError("Levels are numbered 1 to 9.")
        return level

    def clean(self):
        cleaned = super().clean()
        cleaned["series"] = cleaned.get("series") or self.data.get("code", "").strip() or self.instance.code
        return cleaned


class YearForm(SetUpForm):
    """A school year."""

    once = ("district", "code")

    class Meta:
        model = SchoolYear
        fields = ["district", "code", "starts", "ends"]
        field_classes = {"starts": DayField, "ends": DayField}
        labels = {"code": "Year", "starts": "First day", "ends": "Last day"}
        help_texts = {"code": "As files write it, for example 2025-26."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.keep("code")

    def clean(self):
        cleaned = super().clean()
        in_order(self)
        return cleaned


class WindowForm(SetUpForm):
    """When tests are given."""

    once = ("year", "code")
    aliases = LinesField(
        label="Other names in files", required=False,
        help_text="One a line, just as a vendor's file writes them. For example: Fall 2025-2026.",
    )  # fmt: skip

    class Meta:
        model = Window
        fields = ["year", "code", "name", "opens", "closes", "aliases"]
        field_classes = {"opens": DayField, "closes": DayField}
        labels = {"year": "School year", "opens": "First day", "closes": "Last day"}
        help_texts = {
            "code": "A short code within the year, for example Q1. Files name the window 2025-26/Q1.",
            "name": "As pages say it, for example Fall or Winter 1.",
            "closes": "Questions and keys stay closed until this day is over.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.keep("year", "code")
        if "year" in self.fields:
            years = self.fields["year"].queryset.filter(district__in=[one.pk for one in self.districts])
            self.fields["year"].queryset = years.select_related("district")
            if len(self.districts) > 1:
                self.fields["year"].label_from_instance = lambda year: f"{year.code}, {year.district.name}"

    def clean_code(self):
        code = "".join(self.cleaned_data["code"].split())
        if "/" in code:
            raise ValidationError("Give the code without the year and the slash, for example Q1.")
        return code

    def clean(self):
        cleaned = super().clean()
        in_order(self, "opens", "closes")
        return cleaned


class StandardForm(SetUpForm):
    """What students should know."""

    once = ("framework", "code")

    class Meta:
        model = Standard
        fields = ["framework", "code", "short_name", "grade", "domain", "text"]
        help_texts = {
            "framework": "For example PA Core.",
            "code": "For example CC.2.1.5.C.1. Item lists name the standard by it.",
            "short_name": "What pages show first, in three or four words: Add unlike fractions.",
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.keep("framework", "code")
        self.fields["short_name"].required = True

    def clean_framework(self):
        return " ".join(self.cleaned_data["framework"].split())

    def clean_code(self):
        return " ".join(self.cleaned_data["code"].split())
