"""What a person may type about people, schools and agreements. No choice shows a row its reader may not see."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError

from schools.dates import day_words
from schools.models import AccessLog, DataAgreement, Network, Role, School, SectionStaff, User
from schools.rights import Grant, people_to_staff
from schools.services import NewRole

KINDS = {"school": "Schools", "district": "Districts", "network": "Networks", "organization": "Organizations"}


class ScopedFormMixin:
    """Narrow every choice of rows to those `user` may see. A form narrows further where it must, never wider."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = field.queryset.model.objects.visible_to(user)


class ScopedForm(ScopedFormMixin, forms.Form):
    """A plain form whose choices of rows are narrowed to the reader's sight."""


class ScopedModelForm(ScopedFormMixin, forms.ModelForm):
    """A form of one row whose choices of other rows are narrowed to the reader's sight."""


class DayField(forms.DateField):
    """A day, picked from the browser's calendar or typed as 2026-01-31 or 1/31/2026."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs):
        messages = {"invalid": "Write the day as month/day/year, for example 1/31/2026."}
        super().__init__(input_formats=["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"], error_messages=messages, **kwargs)


class LineField(forms.CharField):
    """One line of words of at most `max_length` characters."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 200, "strip": True} | kwargs)


def in_order(form: forms.Form, first: str = "starts", last: str = "ends") -> None:
    """Add an error where the last day is before the first."""
    starts, ends = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if starts and ends and ends < starts:
        form.add_error(last, "The last day cannot be before the first day.")


# --- looking for people --------------------------------------------------------------------------------


class PeopleFilter(ScopedForm):
    """Whom to list. What cannot be read is left out of the search, never an error."""

    HERE, ENDED, EVERYONE = "here", "ended", "everyone"

    q = forms.CharField(label="Name or email", required=False, max_length=100)
    role = forms.ChoiceField(label="Role", required=False, choices=[("", "any role"), *Role.choices])
    school = forms.ModelChoiceField(School.objects.none(), label="School", required=False, empty_label="any school")
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "with a role now"), (ENDED, "whose roles have ended"), (EVERYONE, "everyone")],
    )


# --- people and roles ----------------------------------------------------------------------------------


class PersonForm(forms.ModelForm):
    """Name and address of a person."""

    class Meta:
        model = User
        fields = ["given_name", "family_name", "email"]
        labels = {"given_name": "Given name", "family_name": "Family name", "email": "Email"}
        help_texts = {"email": "The person signs in with it. The school's or district's address, not a private one."}

    def clean_email(self):
        return User.objects.normalize_email(self.cleaned_data["email"])  # unscoped: spelling alone


class NewPersonForm(forms.Form):
    """A person to add. An address that is known already brings its own account."""

    given_name = LineField(label="Given name", max_length=100)
    family_name = LineField(label="Family name", max_length=100)
    email = forms.EmailField(
        label="Email",
        max_length=254,
        help_text="The person signs in with it. The school's or district's address, not a private one.",
    )
    send = forms.BooleanField(label="Send the invitation now", required=False, initial=True)

    def clean_email(self):
        return User.objects.normalize_email(self.cleaned_data["email"])  # unscoped: spelling alone


class RoleForm(forms.Form):
    """One dated role in one place. `given` is what the giver has to give (`rights.grants`)."""

    role = forms.ChoiceField(label="Role")
    place = forms.ChoiceField(label="Where")
    starts = DayField(label="First day")
    ends = DayField(label="Last day", required=False, help_text="Leave it open where no end is known.")
    reason = LineField(label="Reason", required=False, help_text="For example: hired, leave of absence of K. Ott.")

    def __init__(self, *args, given: dict[str, Grant], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.given = given
        roles = set().union(*(grant.roles for grant in given.values()))
        words = dict(Role.choices)
        self.fields["role"].choices = [("", "choose a role"), *((r, words[r]) for r in Role.values if r in roles)]
        self.fields["place"].choices = [("", "choose a place"), *_places_by_kind(given)]
        self.fields["starts"].initial = today

    def clean(self):
        cleaned = super().clean()
        in_order(self)
        role, key = cleaned.get("role"), cleaned.get("place")
        if role and key and role not in self.given[key].roles:
            place = self.given[key].place
            could = sorted(Role(one).label for one in self.given[key].roles)
            self.add_error("place", f"At {place} you may give: {', '.join(could)}. Choose another place or role.")
        return cleaned

    @property
    def new_role(self) -> NewRole:
        """The role as the service takes it; only for a valid form."""
        grant = self.given[self.cleaned_data["place"]]
        return NewRole(
            self.cleaned_data["role"], grant.kind, grant.place,
            self.cleaned_data["starts"], self.cleaned_data["ends"], self.cleaned_data["reason"],
        )  # fmt: skip


def _places_by_kind(given: dict[str, Grant]):
    for kind, words in KINDS.items():
        own = [(key, str(grant.place)) for key, grant in given.items() if grant.kind == kind]
        if own:
            yield words, sorted(own, key=lambda choice: choice[1])


class EndForm(forms.Form):
    """The last day of a role, a staffing or an agreement, and why."""

    ends = DayField(label="Last day", help_text="A day before today takes the right away at once.")
    reason = LineField(label="Reason", help_text="The person whose right ends reads it.")

    def __init__(self, *args, today: date, latest: date | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.latest = latest
        self.fields["ends"].initial = today - timedelta(days=1)

    def clean_ends(self):
        ends = self.cleaned_data["ends"]
        if self.latest and ends > self.latest:
            raise ValidationError(f"It ends on {day_words(self.latest)} as it is. Choose an earlier day.")
        return ends


# --- schools and sections ------------------------------------------------------------------------------


class SchoolForm(ScopedModelForm):
    """A school by hand. Most come with the roster."""

    network = forms.ModelChoiceField(
        Network.objects.none(), label="Network", required=False, empty_label="in no network"
    )

    class Meta:
        model = School
        fields = ["district", "name", "code", "state_code", "nces_code"]
        labels = {"code": "District's code", "state_code": "State's code", "nces_code": "NCES code"}
        help_texts = {"code": "Files are matched on it, so write it as the district's files do."}

    def __init__(self, *args, districts: frozenset[int], **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # A school never changes its district, and its time in a network is dated: neither is a spelling.
            del self.fields["district"], self.fields["network"]
            return
        district = self.fields["district"]
        district.queryset = district.queryset.filter(pk__in=districts)
        if len(districts) == 1:
            district.initial = next(iter(districts))


class SectionStaffForm(ScopedForm):
    """Who teaches a section beside, or instead of, those whom the roster names."""

    person = forms.ModelChoiceField(
        User.objects.none(), label="Person", empty_label="choose a person",
        help_text="Teaching staff of the school. Somebody new is added under People first.",
    )  # fmt: skip
    role = forms.ChoiceField(label="As", choices=SectionStaff.As.choices, initial=SectionStaff.As.CO_TEACHER)
    starts = DayField(label="First day")
    ends = DayField(label="Last day", required=False, help_text="A long-term substitute needs one.")
    reason = LineField(label="Reason", help_text="For example: leave of absence of K. Ott.")

    def __init__(self, *args, section, **kwargs):
        super().__init__(*args, **kwargs)
        self.section = section
        self.fields["person"].queryset = people_to_staff(self.user, section)
        today = self.user.standing.today
        self.fields["starts"].initial = min(max(today, section.starts), section.ends)

    def clean(self):
        cleaned = super().clean()
        days_of_class(self, self.section)
        return cleaned


class StaffDaysForm(forms.Form):
    """Other days or another part of somebody who was put before a class here."""

    role = forms.ChoiceField(label="As", choices=SectionStaff.As.choices)
    starts = DayField(label="First day")
    ends = DayField(label="Last day", required=False, help_text="A long-term substitute needs one.")
    reason = LineField(label="Reason")

    def __init__(self, *args, staffing: SectionStaff, **kwargs):
        super().__init__(*args, **kwargs)
        self.staffing = staffing
        for name, field in self.fields.items():
            field.initial = getattr(staffing, name)

    def clean(self):
        cleaned = super().clean()
        days_of_class(self, self.staffing.section)
        return cleaned


def days_of_class(form: forms.Form, section) -> None:
    """Add errors where somebody is to teach a class on days it does not run, or a substitute without an end."""
    in_order(form)
    first, last = section.starts, section.ends
    for name in ("starts", "ends"):
        day = form.cleaned_data.get(name)
        if day and not first <= day <= last:
            form.add_error(name, f"The class runs from {day_words(first)} to {day_words(last)}.")
    substitute = form.cleaned_data.get("role") == SectionStaff.As.SUBSTITUTE
    if substitute and not form.cleaned_data.get("ends") and "ends" not in form.errors:
        form.add_error("ends", "Say until when the substitute teaches the class. It can be changed later.")


# --- agreements and the access log ---------------------------------------------------------------------


class AgreementForm(ScopedModelForm):
    """An agreement with an organization, entered by the district that signed it."""

    new_organization = LineField(
        label="Or a new organization", required=False, help_text="Its name as it stands in the agreement."
    )
    field_order = ["organization", "new_organization", "district", "function", "schools"]

    class Meta:
        model = DataAgreement
        fields = [
            "organization",
            "district",
            "function",
            "schools",
            "names_school_officials",
            "reference",
            "starts",
            "ends",
        ]
        field_classes = {"starts": DayField, "ends": DayField}
        widgets = {"schools": forms.CheckboxSelectMultiple}
        labels = {
            "function": "What the organization does for the district",
            "names_school_officials": "The agreement names the organization's people as school officials "
            "(34 CFR 99.31). Without it they see no student.",
            "reference": "Where the signed paper is",
            "starts": "First day",
            "ends": "Last day",
        }
        help_texts = {"reference": "Its number or place in the district's files."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = self.user.standing
        district, schools = self.fields["district"], self.fields["schools"]
        district.queryset = district.queryset.filter(pk__in=held.admin_district_ids)
        district.initial = district.queryset.first() if len(held.admin_district_ids) == 1 else None
        schools.queryset = schools.queryset.filter(district__in=held.admin_district_ids)
        self.fields["organization"].required = False
        self.fields["organization"].empty_label = "choose an organization"

    def clean(self):
        cleaned = super().clean()
        in_order(self)
        if bool(cleaned.get("organization")) == bool(cleaned.get("new_organization")):
            self.add_error("organization", "Choose an organization or write the name of a new one, one of the two.")
        district = cleaned.get("district")
        others = (
            [school.name for school in cleaned.get("schools") or [] if school.district_id != district.pk]
            if district
            else []
        )
        if others:
            self.add_error("schools", f"These schools belong to another district: {', '.join(others)}.")
        return cleaned

    def _post_clean(self):
        """Leave the row's own check to the service, which knows the organization."""


class AccessFilter(ScopedForm):
    """Which accesses to list. What cannot be read is left out of the search, never an error."""

    q = forms.CharField(label="Person or page", required=False, max_length=100)
    school = forms.ModelChoiceField(School.objects.none(), label="School", required=False, empty_label="any school")
    action = forms.ChoiceField(
        label="What was done", required=False, choices=[("", "anything"), *AccessLog.Action.choices]
    )
    since = DayField(label="From", required=False)
    until = DayField(label="To", required=False)
