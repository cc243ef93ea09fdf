"""What the list of changes is searched by."""

from django import forms

from schools.forms import DayField
from schools.history.kept import kept


class HistoryFilter(forms.Form):
    """Which changes to list. What cannot be read is left out of the search, never an error.

    `of` is a thing by its kind and key, "section-12"; it comes from that thing's own page.
    """

    q = forms.CharField(label="Who, or what", required=False, max_length=100)
    kind = forms.ChoiceField(label="What was changed", required=False)
    since = DayField(label="From", required=False)
    until = DayField(label="To", required=False)
    of = forms.RegexField(r"^[a-z]+-\d{1,9}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        held = user.standing
        all_kinds = bool(held.admin_district_ids or held.principal_school_ids)
        known = [one for one in kept().values() if all_kinds or not (one.inside or "student" in one.about)]
        kinds = sorted((one.noun, one.kind) for one in known)
        self.fields["kind"].choices = [("", "anything"), *((kind, noun) for noun, kind in kinds)]
