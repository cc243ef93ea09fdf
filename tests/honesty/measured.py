"""Every claim of the portal over 200 networks; `-m tests.honesty.measured` prints the table of docs/honesty.md."""

import os

from tests.honesty.tally import Claim, Count, Tally

NETWORKS = 200
INFERRED = (
    "school: grew or slipped",
    "school: above or below the network",
    "grade of a school: grew or slipped",
    "class: grew or slipped",
    "network: grew or slipped",
    "school by standing: above or below the network",
    'item: an option is chosen more than the key ("Wrong key?")',
    'upload: "Wrong key?"',
    'upload: "Columns shifted?"',
)


def measured(networks: int = NETWORKS) -> Tally:
    """What became of every claim in the networks of the seeds 0, 1, 2, ..."""
    from tests.honesty.class_claims import count_classes
    from tests.honesty.form_claims import count_forms
    from tests.honesty.growth_claims import count_growth
    from tests.honesty.networks import make_networks

    tally = Tally()
    for seed in range(networks):
        made = make_networks(seed)
        for count in (count_growth, count_classes, count_forms):
            count(tally, made)
    return tally


def table(tally: Tally) -> str:
    """A line a claim: found where power allows, found of all and as expected, claimed where there is nothing."""
    lines = [
        "| claim | found where power is 95 % or more | found of all true | as calculated | claimed where nothing is |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_line(name, claim) for name, claim in sorted(tally.items()))])


def _line(name: str, claim: Claim) -> str:
    expected = f"{100 * claim.power / claim.true.of:.1f} %" if claim.true.of else "-"
    return f"| {name} | {_words(claim.powerful)} | {_words(claim.true)} | {expected} | {_words(claim.false)} |"


def _words(count: Count) -> str:
    return f"{100 * count.share:.1f} % of {count.of:,}" if count.of else "-"


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pop_network.settings")
    django.setup()
    print(table(measured()))
