"""The whole demo network, made in memory from a seed and a day. Knows no database."""

from dataclasses import dataclass
from datetime import date

from pop_network.demo.adaptive import AdaptiveRound, make_adaptive
from pop_network.demo.calendar import Year, two_years
from pop_network.demo.files import ResultsFile, files_of
from pop_network.demo.instruments import Form, make_forms
from pop_network.demo.roster import Roster, make_roster
from pop_network.demo.rounds import Round, make_rounds
from pop_network.demo.set_up import make_setup
from pop_network.demo.staff import Staff, make_staff

SEED = 15  # of those tried one whose smallest school, by chance, shows nothing clear in any window


@dataclass(frozen=True, slots=True, eq=False)
class DemoNetwork:
    """Everything there is to load; `setup` is a test set-up file, `files` stand in the order in which they came."""

    seed: int
    today: date
    years: tuple[Year, Year]
    forms: list[Form]
    setup: dict
    roster: Roster
    staff: Staff
    rounds: list[Round]
    adaptive: list[AdaptiveRound]
    files: list[ResultsFile]


def make_network(today: date, seed: int = SEED) -> DemoNetwork:
    """The same seed and day give the same network, to the last byte of its files."""
    years = two_years(today)
    forms = make_forms(seed)
    roster = make_roster(seed, years, today)
    rounds = make_rounds(seed, years, today, roster, forms)
    adaptive = make_adaptive(seed, years, today, roster)
    return DemoNetwork(
        seed=seed,
        today=today,
        years=years,
        forms=forms,
        setup=make_setup(years, forms),
        roster=roster,
        staff=make_staff(seed, years, today),
        rounds=rounds,
        adaptive=adaptive,
        files=files_of(rounds, adaptive, roster, today),
    )
