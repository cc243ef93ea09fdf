"""What the portal says of a class against the network, and of its wrong answers, held against what is true."""

from dataclasses import dataclass

import numpy as np

from assessments.classroom import popular_wrong_answers, questions_of_class
from assessments.crunch import GroupSums, sum_groups
from assessments.sentences import ClassPicture, StandardPicture, class_sentence, percent
from assessments.sentences.classes import FEWEST_QUESTIONS
from assessments.sentences.figures import FEWEST_FOR_PERCENT
from assessments.verdicts import Standing, standing_of_percent
from pop_network.demo.instruments import LETTERS, DemoItem
from tests.honesty.expected import power_of_percent
from tests.honesty.networks import WINTER, Networks, Sat
from tests.honesty.tally import Tally

AGAINST = "class: 5 points or more from the network"
SENTENCE = "class: the sentence names a standard as below the network"
POPULAR = "class: a popular wrong answer that is not the one that pulls most"


@dataclass(frozen=True)
class ByStandard:
    """One form in Winter 1 as the page has it: whole per cents of each class of ten or more and of the network.

    Only of standards that enough questions ask; `own` is by class, then by standard.
    """

    sat: Sat
    sums: dict[str, GroupSums]
    own: dict[int, dict[int, int]]
    network: dict[int, int]

    @classmethod
    def of(cls, sat: Sat) -> "ByStandard":
        sums = sum_groups(sat.sheet(), {"class": sat.sections, "network": np.zeros(len(sat.sections), int)})
        judged = np.flatnonzero(sat.asks.sum(axis=1) >= FEWEST_QUESTIONS).tolist()

        def percents(found: GroupSums, row: int) -> dict[int, int]:
            earned, possible = found.standard_earned[row].tolist(), found.standard_possible[row].tolist()
            return {place: percent(earned[place], possible[place]) for place in judged}

        told = np.flatnonzero(sums["class"].tested >= FEWEST_FOR_PERCENT).tolist()
        return cls(sat, sums, {row: percents(sums["class"], row) for row in told}, percents(sums["network"], 0))


def count_classes(tally: Tally, networks: Networks) -> None:
    """Every class of ten or more by standard in Winter 1; in one grade a network the popular wrong answers."""
    forms = networks.planted.forms("QM", WINTER)
    for sat in forms:
        _count_standards(tally, ByStandard.of(sat))
    one = forms[networks.seed % len(forms)]
    for section in np.unique(one.sections):
        _count_popular(tally, one, one.sections == section)
    for world, name in ((networks.quiet, "drawn by lot"), (networks.equals, "of equals")):
        for sat in world.forms("QM", WINTER):
            _count_nothing(tally, ByStandard.of(sat), name)


def _count_standards(tally: Tally, page: ByStandard) -> None:
    for section, own in page.own.items():
        inside = page.sat.sections == section
        for standard, share in own.items():
            gap, power = power_of_percent(page.sat, inside, page.sat.asks[standard])
            said = standing_of_percent(share, page.network[standard])
            true, other = (Standing.ABOVE, Standing.BELOW) if gap > 0 else (Standing.BELOW, Standing.ABOVE)
            tally[AGAINST].effect(power, said is true, said is other)


def _count_nothing(tally: Tally, page: ByStandard, name: str) -> None:
    """Classes that do not differ from the network in truth: by standard, and the one sentence of the page."""
    asked = page.sat.asks.sum(axis=1).tolist()
    for section, own in page.own.items():
        for standard, share in own.items():
            claimed = standing_of_percent(share, page.network[standard]) is not Standing.CLOSE
            tally[f"{AGAINST}, {name}"].nothing(claimed)
            tally[f"{AGAINST}, {name}, {asked[standard]} questions"].nothing(claimed)
        tally[f"{SENTENCE}, {name}"].nothing(said_of(page, section).startswith("Start with"))


def said_of(page: ByStandard, section: int) -> str:
    """The sentence of a class once results are released."""
    own = page.sums["class"]
    tested = int(own.tested[section])
    earned, possible = own.standard_earned[section].tolist(), own.standard_possible[section].tolist()
    standards = tuple(
        StandardPicture(
            name=page.sat.standards[place],
            questions=int(page.sat.asks[place].sum()),
            earned=earned[place],
            possible=possible[place],
            students=int(own.standard_students[section, place]),
            under_half=0,
            network=network,
        )
        for place, network in page.network.items()
    )
    name = page.sat.form.name
    return class_sentence(ClassPicture(name, "Winter 1", tested, tested, released=True, standards=standards))


def _count_popular(tally: Tally, sat: Sat, inside: np.ndarray) -> None:
    """Of the popular wrong answers that a page names, those that are not the ones that pull most."""
    questions = questions_of_class(sat.sheet(inside))
    for one in popular_wrong_answers(questions):
        tally[POPULAR].nothing(one.wrong[0].letter != strongest_wrong(sat.form.items[one.item]))


def strongest_wrong(item: DemoItem) -> str:
    """The wrong choice that pulls most."""
    wrong = [letter for letter in LETTERS if letter != item.key]
    return wrong[int(np.argmax(item.pull))]
