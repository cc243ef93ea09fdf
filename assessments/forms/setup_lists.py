"""What a person may type of several rows at once: a question with its choices, an item list, a set of cut scores,
a whole set-up file."""

import json

from django import forms
from django.core.exceptions import ValidationError

from assessments.configuration import item_list
from assessments.queries.setup import grade_name
from assessments.responses import MAX_UNITS, UNITS_PER_POINT
from schools.forms import DayField, LineField, ScopedForm
from schools.models import District

MOST_BYTES = 2 * 1024 * 1024
LETTERS = "ABCDE"
MOST_LEVELS = 6


# --- questions -------------------------------------------------------------------------------------------


class QuestionForm(forms.Form):
    """One question. Who may not read keys yet gets a form without key, text and choices: they stay as they are."""

    label = LineField(label="Label", max_length=60, required=False, help_text="Short, as it heads a column: 14, or 3b.")
    points = forms.DecimalField(
        label="Points", min_value=0.25, max_value=MAX_UNITS / UNITS_PER_POINT, decimal_places=2,
        help_text="In quarters: 1, 2, 0.5.",
    )  # fmt: skip
    key = forms.CharField(
        label="Key", max_length=1, required=False,
        help_text="The letter of the right choice. Empty where the file brings points instead of choices.",
    )  # fmt: skip
    standards = LineField(
        label="Standards", max_length=500, required=False, help_text="Their codes, with commas between."
    )
    text = forms.CharField(label="Question", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, before: dict, with_keys: bool, **kwargs):
        """`before` is the question as a set-up file lists it; for a new one just its position."""
        self.before, self.with_keys = before, with_keys
        initial = {"points": f"{before.get('points', 1):g}", "label": before.get("label", str(before["position"]))}
        initial |= {"standards": ", ".join(before.get("standards", []))}
        if with_keys:
            initial |= {"key": before.get("key", ""), "text": before.get("text", "")}
        super().__init__(*args, initial=initial, **kwargs)
        if not with_keys:
            del self.fields["key"], self.fields["text"]
            return
        self.letters = sorted(set(LETTERS) | set(before.get("choices", {})))
        for letter in self.letters:
            held = before.get("choices", {}).get(letter, {})
            for name, label in (("text", f"Choice {letter}"), ("suggests", f"Choosing {letter} suggests")):
                self.fields[f"{name}_{letter}"] = LineField(
                    label=label, max_length=300, required=False, initial=held.get(name, "")
                )

    @property
    def head_fields(self):
        """The fields above the choices."""
        return [self[name] for name in ("label", "points", "key", "standards", "text") if name in self.fields]

    @property
    def choice_rows(self):
        """(letter, field of the text, field of what it suggests)."""
        if not self.with_keys:
            return []
        return [(letter, self[f"text_{letter}"], self[f"suggests_{letter}"]) for letter in self.letters]

    def clean_key(self):
        key = self.cleaned_data["key"].upper()
        if key and not ("A" <= key <= "Z"):
            raise ValidationError("The key is one letter from A to Z, or empty.")
        return key

    def clean_points(self):
        points = self.cleaned_data["points"]
        if (points * UNITS_PER_POINT) % 1:
            raise ValidationError("Points are kept in quarters: 0.25, 0.5, 0.75, 1 and so on.")
        return points

    def clean_standards(self):
        codes = (" ".join(code.split()) for code in item_list.BETWEEN_CODES.split(self.cleaned_data["standards"]))
        return list(dict.fromkeys(code for code in codes if code))

    def clean(self):
        cleaned = super().clean()
        if self.with_keys:
            key, letters = cleaned.get("key"), self._choices()
            if key and letters and key not in letters:
                self.add_error("key", f"{key} is not one of the choices {', '.join(letters)}.")
        return cleaned

    def _choices(self) -> dict[str, dict[str, str]]:
        """Choices with a text; one that stood without a text stays."""
        found = {}
        for letter in self.letters:
            choice = {name: self.cleaned_data.get(f"{name}_{letter}", "") for name in ("text", "suggests")}
            if any(choice.values()) or letter in self.before.get("choices", {}):
                found[letter] = choice
        return found

    @property
    def question(self) -> dict:
        """The question as a set-up file lists it; only for a valid form."""
        cleaned = self.cleaned_data
        row = {"position": self.before["position"], "points": float(cleaned["points"]), "label": cleaned["label"]}
        row["standards"] = cleaned["standards"]
        if self.with_keys:
            row |= {"key": cleaned["key"], "text": cleaned["text"], "choices": self._choices()}
        return row


class ItemListForm(forms.Form):
    """The whole list of questions as a table, pasted or as a file."""

    rows = forms.CharField(
        label="Item list", required=False, max_length=MOST_BYTES, strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
        help_text="A line of headings, then a line per question, with tabs or commas between. Headings: position, "
        "points, key, standards, label, text, A, B, C, D, A suggests, B suggests. A column left out stays as it is.",
    )  # fmt: skip
    file = forms.FileField(
        label="Or a CSV file", required=False, help_text="It takes the place of what stands above. Up to 2 MB."
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("file"):
            cleaned["rows"] = _text_of(cleaned["file"])
        elif not (cleaned.get("rows") or "").strip() and not self.errors:
            self.add_error("rows", "Paste the list with its line of headings, or choose a file.")
        return cleaned


def _text_of(file) -> str:
    if file.size > MOST_BYTES:
        raise ValidationError({"file": "The file is larger than 2 MB: that is no item list."})
    data = file.read()
    if b"\x00" in data:
        raise ValidationError({"file": "This is not a text file. Save the sheet as CSV (UTF-8) and choose that file."})
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


# --- cut scores ------------------------------------------------------------------------------------------


class CutScoresForm(forms.Form):
    """A whole set of cut scores: from which score each level begins, for a grade, from a day on."""

    grade = forms.ChoiceField(label="Grade", required=False)
    valid_from = DayField(
        label="From", help_text="Windows that open on this day or later are read by this set. An earlier set stays."
    )

    def __init__(self, *args, grades: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = [("", "every grade"), *((grade, grade_name(grade)) for grade in grades)]
        for level in range(1, MOST_LEVELS + 1):
            self.fields[f"name_{level}"] = LineField(label=f"Name of level {level}", max_length=60, required=False)
            self.fields[f"minimum_{level}"] = forms.DecimalField(
                label=f"Level {level} begins at", max_digits=9, decimal_places=2, required=False
            )

    @property
    def level_rows(self):
        """(level, field of the name, field of the lowest score)."""
        return [(level, self[f"name_{level}"], self[f"minimum_{level}"]) for level in range(1, MOST_LEVELS + 1)]

    def clean(self):
        cleaned = super().clean()
        ended, last = 0, None
        for level in range(1, MOST_LEVELS + 1):
            name, minimum = cleaned.get(f"name_{level}"), cleaned.get(f"minimum_{level}")
            if not name and minimum is None:
                ended = ended or level
                continue
            if ended:
                self.add_error(f"name_{ended}", f"Level {ended} is empty, but level {level} is not. Leave none out.")
                break
            if not name:
                self.add_error(f"name_{level}", "Name the level, for example Proficient.")
            if minimum is None and f"minimum_{level}" not in self.errors:
                self.add_error(f"minimum_{level}", "Say from which score the level begins. The lowest may begin at 0.")
            if minimum is not None and last is not None and minimum <= last:
                self.add_error(f"minimum_{level}", f"A level begins higher than the one before it ({last:g}).")
            last = minimum if minimum is not None else last
        if ended in (1, 2) and not self.errors:
            self.add_error(f"name_{ended}", "A test has at least two levels.")
        return cleaned

    @property
    def levels(self) -> list[tuple[str, float]]:
        """(name, lowest score) from level 1 up; only for a valid form."""
        rows = ((self.cleaned_data[f"name_{n}"], self.cleaned_data[f"minimum_{n}"]) for n in range(1, MOST_LEVELS + 1))
        return [(name, float(minimum)) for name, minimum in rows if name]


# --- the set-up file -------------------------------------------------------------------------------------


class SetUpFileForm(ScopedForm):
    """A set-up file: chosen for a look first, then sent again as it was read, to be applied."""

    district = forms.ModelChoiceField(District.objects.none(), label="District", empty_label="choose a district")
    file = forms.FileField(label="Set-up file", required=False, help_text="JSON, as this page exports it. Up to 2 MB.")
    read = forms.CharField(required=False, widget=forms.HiddenInput, max_length=MOST_BYTES * 2, strip=False)

    def __init__(self, *args, districts: list[District], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["district"]
        field.queryset = field.queryset.filter(pk__in=[one.pk for one in districts])
        if len(districts) == 1:
            field.initial, field.required = districts[0].pk, False
            field.widget = forms.HiddenInput()
        self.districts = districts

    def clean(self):
        cleaned = super().clean()
        if len(self.districts) == 1:
            cleaned["district"] = self.districts[0]
        given = cleaned.get("file")
        if given and given.size > MOST_BYTES:
            self.add_error("file", "The file is larger than 2 MB. Send the tests in several files.")
        elif given or cleaned.get("read"):
            self._read(given.read() if given else cleaned["read"])
        elif not self.errors:
            self.add_error("file", "Choose the set-up file.")
        return cleaned

    def _read(self, data) -> None:
        try:
            body = json.loads(data, parse_constant=_no_number)
            json.dumps(body, ensure_ascii=False).encode()
            self.cleaned_data["body"] = body
        except json.JSONDecodeError as error:
            self.add_error("file", f"This is not JSON: line {error.lineno}, column {error.colno}: {error.msg}.")
        except UnicodeEncodeError:
            self.add_error("file", "Half a character stands in this file (\\ud800 to \\udfff). Write that text anew.")
        except UnicodeDecodeError:
            self.add_error("file", "This is not a text file in UTF-8. A set-up file is JSON, as this page exports it.")
        except (ValueError, RecursionError) as error:
            self.add_error("file", f"This file cannot be read: {error}.")


def _no_number(word: str):
    raise ValueError(f"{word} is no number")
