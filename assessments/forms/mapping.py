"""What a person says of the columns of a file: the meanings so far, and the name under which they are kept."""

from dataclasses import dataclass, field

from django import forms

from assessments.formats.guesses import guessed
from assessments.formats.mapped import fingerprint
from assessments.formats.meanings import MEANINGS, Needs, is_meaning, needs, question_of, words_of
from assessments.formats.seam import AssessmentSpec
from assessments.formats.template import MAX_COLUMNS
from assessments.models import Assessment, ColumnMapping, Upload
from assessments.pipeline.layouts import mapped_by
from assessments.pipeline.uploads import Options
from schools.files.header import fold_heading
from schools.forms import LineField, ScopedForm

ALL, READ, LEFT_OUT, HIDDEN = "", "read", "left_out", "hidden"
FEWEST_QUESTIONS = 20  # offered in a list while nobody knows how many the test has
SHOWN = [(ALL, "all columns"), (READ, "read"), (LEFT_OUT, "left out"), (HIDDEN, "sensitive")]


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the page shows it. `looks_like` is set where its values are sensitive and therefore not there."""

    place: int
    heading: str
    values: list[str]
    meaning: str
    looks_like: str

    @property
    def number(self) -> int:
        """As people count."""
        return self.place + 1


@dataclass(slots=True)
class Draft:
    """The meanings of all columns of a file while a person works on them; they travel with the page as one field."""

    headings: list[str]
    values: list[list[str]]
    hidden: dict[int, str]
    meanings: list[str]
    spec: AssessmentSpec | None = None
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, upload: Upload, kept: ColumnMapping | None, spec: AssessmentSpec | None) -> "Draft":
        """As the page opens: the kept mapping, else what the headings suggest."""
        layout = upload.answer.get("layout", {})
        headings = layout.get("headings", [])
        hidden = dict(layout.get("hidden", []))
        meanings = guessed(headings, hidden, spec)
        if kept is not None and fingerprint(headings) == kept.fingerprint:
            by_heading = {heading: meaning for meaning, heading in mapped_by(kept).headings(headings).items()}
            meanings = [by_heading.get(heading, "") for heading in headings]
        return cls(headings, layout.get("values", []), hidden, meanings, spec)

    def take(self, data) -> None:
        """What came back: the field that holds all, then the columns that were on the page. Nonsense is left out."""
        self.meanings = [""] * len(self.headings)
        for pair in data.get("said", "").split():
            number, _, word = pair.partition(":")
            self._say(number, word)
        for name, word in data.items():
            if name.startswith("column-"):
                self._say(name.removeprefix("column-"), word)

    def _say(self, number: str, word: str) -> None:
        place = _whole(number)
        if place is not None and place < len(self.meanings) and is_meaning(word):
            self.meanings[place] = word

    def number(self, first: str, last: str, question: str) -> None:
        """Make the columns from `first` to `last` (as people count) questions, numbered from `question` on."""
        start, end, position = _whole(first), _whole(last), _whole(question)
        if not start or not end or not position or not start <= end <= len(self.headings):
            self.problems.append(
                f"Say which columns are the questions: two numbers between 1 and {len(self.headings)}, the first first."
            )
        elif position + end - start > MAX_COLUMNS:
            self.problems.append(f"A test has at most {MAX_COLUMNS} questions. Choose fewer columns.")
        else:
            numbers = {f"q{position + nth}" for nth in range(end - start + 1)}
            self.meanings = ["" if word in numbers else word for word in self.meanings]
            self.meanings[start - 1 : end] = [f"q{position + nth}" for nth in range(end - start + 1)]

    def guess(self) -> None:
        """Back to what the headings suggest."""
        self.meanings = guessed(self.headings, self.hidden, self.spec)

    @property
    def said(self) -> str:
        """All meanings as the field that travels with the page: "0:student 5:q1"; what is left out isn't named."""
        return " ".join(f"{place}:{word}" for place, word in enumerate(self.meanings) if word)

    @property
    def needs(self) -> Needs:
        """What is still missing."""
        return needs(self.headings, self.meanings, self.spec)

    @property
    def sensitive(self) -> list[Column]:
        """The columns that look sensitive and are left out."""
        return [one for one in self.columns("", HIDDEN) if not one.meaning]

    @property
    def roles(self) -> list[tuple[str, str]]:
        """What is read beside the questions: (meaning in words, heading), in the order of the meanings."""
        order = list(MEANINGS)
        pairs = [
            (word, heading) for word, heading in zip(self.meanings, self.headings, strict=True) if word in MEANINGS
        ]
        return [(words_of(word), heading) for word, heading in sorted(pairs, key=lambda pair: order.index(pair[0]))]

    def columns(self, words: str, show: str) -> list[Column]:
        """The columns whose heading, number or values the words name, and that are as `show` says."""
        wanted = fold_heading(words)
        found = []
        for place, (heading, meaning) in enumerate(zip(self.headings, self.meanings, strict=True)):
            column = Column(place, heading, self.values[place], meaning, self.hidden.get(place, ""))
            texts = (heading, str(column.number), words_of(meaning))
            fits = {READ: meaning != "", LEFT_OUT: meaning == "", HIDDEN: column.looks_like != ""}.get(show, True)
            if fits and any(wanted in fold_heading(text) for text in texts):
                found.append(column)
        return found

    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What a column may mean, in groups, as the page's lists offer it."""
        labels = {item.position: item.label for item in self.spec.items} if self.spec else {}
        last = max([*labels, *(question_of(word) or 0 for word in self.meanings), FEWEST_QUESTIONS])
        questions = [
            (f"q{nth}", f"Question {nth}: {labels[nth]}" if labels.get(nth) else f"Question {nth}")
            for nth in range(1, min(last, MAX_COLUMNS) + 1)
        ]
        return [("Who, where and when", _some(0, 9)), ("Results", _some(9, None)), ("Questions", questions)]


def _some(first: int, last: int | None) -> list[tuple[str, str]]:
    return list(MEANINGS.items())[first:last]


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


class KeepForm(ScopedForm):
    """Under which name the mapping is kept, and for which test this file is."""

    name = LineField(
        label="Name of this mapping",
        max_length=80,
        help_text="It is used by itself for the next file with these columns.",
        error_messages={"required": "Give the mapping a name, for example that of the vendor's report."},
    )
    test = forms.ModelChoiceField(
        Assessment.objects.none(),
        label="Test of this file",
        required=False,
        empty_label="as the file says",
        help_text="It is not kept with the mapping.",
    )

    def __init__(self, *args, user, upload: Upload, kept: ColumnMapping | None, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        tests = self.fields["test"]
        tests.queryset = tests.queryset.filter(district=upload.district_id)
        code = Options.of(upload).assessment
        rows = list(tests.queryset)
        self.initial = {
            "name": kept.name if kept else upload.filename.rpartition(".")[0][:80] or upload.filename[:80],
            "test": next((test for test in rows if test.code == code or (not code and len(rows) == 1)), None),
        } | self.initial

    @property
    def chosen_test(self) -> Assessment | None:
        """The test as it stands in the form, sent or not."""
        if not self.is_bound:
            return self.initial["test"]
        self.is_valid()
        return self.cleaned_data.get("test")


class RenameForm(forms.ModelForm):
    """The name of a kept mapping."""

    class Meta:
        model = ColumnMapping
        fields = ["name"]
        labels = {"name": "Name"}

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        same = ColumnMapping.objects.filter(district=self.instance.district_id, name__iexact=name)  # unscoped: names
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Another mapping has this name already.")
        return name
