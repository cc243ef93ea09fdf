"""A class by standard: one object that the page, its charts and its files all print."""

from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from assessments.charts import StandardBar, standard_bars
from assessments.classroom import (
    ClassQuestion,
    ClassStandards,
    popular_wrong_answers,
    questions_of_class,
    standards_of_class,
)
from assessments.exports import Table
from assessments.models import Window
from assessments.queries.classes import ClassRead
from assessments.queries.progress import ClassGrowth, growth_of_class
from assessments.queries.section_rows import Group, Popular, StandardRow
from assessments.queries.totals import Totals
from assessments.sentences import (
    BasisPicture,
    ClassPicture,
    StandardPicture,
    StrandPicture,
    basis_line,
    class_sentence,
    count_of,
    day,
    range_words,
)
from assessments.sentences.classes import BY_LUCK
from assessments.sentences.figures import FEWEST_FOR_PERCENT

FURTHEST, LOWEST_FIRST, TEACHING = "furthest", "lowest", "teaching"
GROUPS_NAMED = 3
POPULAR_NAMED = 8


class SectionResults:
    """A class by standard. `order` is FURTHEST below the network, LOWEST_FIRST or TEACHING."""

    def __init__(self, read: ClassRead, order: str = FURTHEST):
        self.read = read
        self.section, self.sitting = read.section, read.sitting
        self.order = LOWEST_FIRST if order == FURTHEST and not self.compared else order

    @property
    def compared(self) -> bool:
        """Whether the network's figures stand beside the class's: released, and ten students or more."""
        return self.read.beside is not None and not self.few

    @property
    def by_luck(self) -> str:
        """What a mark against the network is worth, where there is one."""
        return BY_LUCK if self.compared and any(row.verdict for row in self.rows) else ""

    @property
    def orders(self) -> tuple[tuple[str, str], ...]:
        """The orders the page offers, with their labels."""
        own = (("lowest first", LOWEST_FIRST), ("in teaching order", TEACHING))
        return (("furthest below the network", FURTHEST), *own) if self.compared else own

    # --- what it rests on ---

    @property
    def title(self) -> str:
        section = self.section
        return f"{section}, {section.year.code}, closed" if section.ends < self.read.day else str(section)

    @cached_property
    def few(self) -> bool:
        """Under ten tested: counts and no per cents."""
        return self.read.tested < FEWEST_FOR_PERCENT

    @cached_property
    def published_on(self) -> date | None:
        at = self.sitting.published_at
        return at and at.astimezone(ZoneInfo(self.section.school.district.timezone)).date()

    @cached_property
    def basis(self) -> list[str]:
        one = self.sitting
        if one is None:
            return []
        window = f"{one.window} {one.year}" if one.year != self.section.year.code else one.window
        line = basis_line(
            BasisPicture(one.test, window, self.published_on, self.read.tested, self.read.enrolled, not one.adaptive)
        )
        return line.split(" · ")

    @cached_property
    def sentence(self) -> str:
        one = self.sitting
        if one is None:
            return self._nothing_yet()
        return class_sentence(
            ClassPicture(
                test=one.test,
                window=one.window,
                tested=self.read.tested,
                enrolled=self.read.enrolled,
                released=self.compared,
                yours=self.read.yours,
                standards=tuple(
                    StandardPicture(
                        row.standard.name,
                        row.questions,
                        row.earned,
                        row.possible,
                        row.students,
                        row.under_half,
                        row.network,
                    )
                    for row in self._in_teaching_order
                ),
                strands=tuple(StrandPicture(row.name, row.mean) for row in self.totals.strands),
            )
        )

    def _nothing_yet(self) -> str:
        today, district = self.read.day, self.section.school.district_id
        windows = Window.objects.filter(year__district=district, closes__gte=today)  # unscoped: dates of no person
        window = windows.order_by("opens").first()
        subject = self.section.subject or self.section.title
        due = f"about {day(window.closes)}" if window else ""
        return class_sentence(
            ClassPicture(subject, window.name if window else "this year", 0, len(self.read.untested), due)
        )

    # --- by standard ---

    @cached_property
    def _sums(self) -> ClassStandards:
        return standards_of_class(self.read.counted.sheet)

    @cached_property
    def _in_teaching_order(self) -> list[StandardRow]:
        network = self.read.beside.standards if self.compared else {}
        return [
            StandardRow(
                standard=self.read.form.standards[one.standard],
                questions=one.questions,
                earned=one.points.earned,
                possible=one.points.possible,
                students=one.students,
                under_half=sum(1 for got in one.by_student if got and 2 * got.earned < got.possible),
                network=network.get((self.section.grade, self.read.form.standards[one.standard].pk)),
            )
            for one in self._sums.standards
        ]

    @cached_property
    def rows(self) -> list[StandardRow]:
        """Furthest below the network or lowest first, those with few questions last; or in the order of the test."""
        rows = self._in_teaching_order
        if self.order == TEACHING:
            return rows
        return sorted(rows, key=self._furthest_first if self.order == FURTHEST else self._lowest_first)

    def _furthest_first(self, row: StandardRow):
        return (row.verdict is None, -row.apart, *self._lowest_first(row))

    def _lowest_first(self, row: StandardRow):
        share = 1.0 if row.share is None else row.share
        return (not row.judged, -row.under_half, share) if self.few else (not row.judged, share)

    @property
    def legend(self) -> str:
        return "your class" if self.read.yours else "the class"

    @cached_property
    def chart(self) -> list[dict]:
        """Rows for `charts/standards.html`: the bar and the figure beside it."""
        given = [row for row in self.rows if row.possible]
        drawn = [
            StandardBar(row.standard.name, row.share, None if row.network is None else row.network / 100)
            for row in given
        ]
        bars = standard_bars(drawn, group=self.legend)
        return [
            {
                "bar": bar,
                "name": row.standard.name,
                "code": row.standard.code if row.standard.code != row.standard.name else "",
                "questions": row.questions,
                "share": row.share,
                "remark": row.remark or ("network not shown" if self.compared and row.network is None else ""),
                "verdict": row.verdict,
                "by": abs(row.apart),
            }
            for bar, row in zip(bars, given, strict=True)
        ]

    # --- who needs what ---

    @cached_property
    def groups(self) -> list[Group]:
        """A group for each standard with at least 3 questions, in the order of need; last those ready for more."""
        joined = standards_of_class(self.read.joined.sheet)
        people, others = self.read.counted.people, self.read.joined.people
        by_row = {row.standard.pk: place for place, row in enumerate(self._in_teaching_order)}
        found = []
        for row in sorted(self._in_teaching_order, key=self._lowest_first):
            place = by_row[row.standard.pk]
            labels = tuple(people[n].label for n in self._sums.standards[place].needs)
            new = tuple(others[n].label for n in joined.standards[place].needs)
            found.append(Group(row.standard, labels, new))
        ready = tuple(people[n].label for n in self._sums.ready)
        found.append(Group(None, ready, tuple(others[n].label for n in joined.ready)))
        return [group for group in found if len(group)]

    @property
    def groups_gist(self) -> str:
        """The first groups by need, and those ready for more."""
        in_need = [group for group in self.groups if group.standard]
        ready = [group for group in self.groups if not group.standard]
        words = [f"{group.name} ({len(group)})" for group in in_need[:GROUPS_NAMED]]
        if len(in_need) > GROUPS_NAMED:
            words.append(f"{len(in_need) - GROUPS_NAMED} more")
        return " · ".join(words + [f"{group.name} ({len(group)})" for group in ready])

    # --- questions ---

    @cached_property
    def questions(self) -> tuple[ClassQuestion, ...]:
        return questions_of_class(self.read.counted.sheet, [one.choices for one in self.read.form.questions])

    @cached_property
    def popular(self) -> list[Popular]:
        """The most popular wrong answers; none before the window has ended. The item map has all of them."""
        if not self.read.open:
            return []
        found = []
        for one in popular_wrong_answers(self.questions)[:POPULAR_NAMED]:
            asked, wrong = self.read.form.questions[one.item], one.wrong[0]
            found.append(
                Popular(
                    asked.position, asked.label, one.missed, wrong.students, wrong.letter, wrong.text, wrong.suggests
                )
            )
        return found

    @property
    def popular_gist(self) -> str:
        first = [
            f"Q{one.label}: {count_of(one.students, one.missed)} chose {one.letter}"
            + (f" “{one.text}”" if one.text else "")
            for one in self.popular[:2]
        ]
        return " · ".join(first)

    # --- tests without questions ---

    @cached_property
    def totals(self) -> Totals:
        """Scores and strands, for tests without questions."""
        strands = self.sitting.strands if self.sitting else []
        return Totals(self.read.counted, strands, self.legend, lowest_first=self.order == LOWEST_FIRST)

    # --- since Fall ---

    @cached_property
    def growth(self) -> ClassGrowth | None:
        """What became of the same students since the first window of the year; None without a common scale."""
        if self.sitting is None or self.read.earlier:
            return None
        labels = {person.pk: person.label for person in self.read.counted.people}
        return growth_of_class(self.read.history, self.sitting, labels, self.read.tested)

    @property
    def network_growth(self) -> str:
        """What the network grew since the same window, in words: "5 (4 to 6) scale points"; "" before the release."""
        beside = self.read.beside
        if self.growth is None or beside is None or beside.growth is None or beside.since != self.growth.since:
            return ""
        return f"{range_words(*beside.growth)} scale points"

    # --- files ---

    def tables(self) -> list[Table]:
        """What the files hold: the tables of the page, with the same figures."""
        tables = [self._standards_table()] if self.rows else []
        if self.totals.shown_strands:
            tables.append(self.totals.strands_table())
        if self.popular:
            header = (
                "Question",
                "Students who missed it",
                "Answer",
                "Students who chose it",
                "Text",
                "What it suggests",
            )
            rows = tuple((p.label, p.missed, p.letter, p.students, p.text, p.suggests) for p in self.popular)
            tables.append(Table("Popular wrong answers", header, rows))
        if self.groups:
            rows = tuple((g.name, who, "") for g in self.groups for who in g.labels)
            rows += tuple((g.name, who, "joined since") for g in self.groups for who in g.joined)
            tables.append(Table("Who needs what", ("Group", "Student", "Remark"), rows, students=True))
        if self.growth:
            tables.append(self.growth.table())
        return [*tables, self.totals.students_table(self.read.untested)]

    def _standards_table(self) -> Table:
        if self.few:
            header = ("Standard", "Code", "Questions", "Students under half of the points", "Students", "Remark")
            rows = (
                (r.standard.name, r.standard.code, r.questions, r.under_half, r.students, r.remark) for r in self.rows
            )
        else:
            header = ("Standard", "Code", "Questions", "% of the points", "Points earned", "Points possible", "Remark")
            rows = (
                (r.standard.name, r.standard.code, r.questions, r.percent, r.earned, r.possible, r.remark)
                for r in self.rows
            )
            if self.compared:
                header += ("Network, % of the points", "Against the network")
                network = (("not shown" if r.network is None else r.network, str(r.verdict or "")) for r in self.rows)
                rows = (own + beside for own, beside in zip(rows, network, strict=True))
        return Table("By standard", header, tuple(rows))
