"""A district that awaits its rosters, in December of the year 2025-26."""

import pytest

from schools.rosters import load_roster
from tests import make


@pytest.fixture
def district(db, in_winter):
    return make.district()


@pytest.fixture
def load(request, db, in_winter):
    """Load a package for the district (or another); the record of it."""

    def load(package, of=None, **options):
        of = of or request.getfixturevalue("district")
        return load_roster(data=package.zip(), filename="roster.zip", district=of, **options)

    return load


def counts_add_up(answer):
    """The law of IMPORTS, for the whole and for each file."""
    kinds = ("rows_loaded", "rows_not_tested", "rows_ignored", "rows_rejected")
    return all(
        counts["rows_read"] == sum(counts[kind] for kind in kinds) and counts["rows_unchanged"] <= counts["rows_loaded"]
        for counts in (answer, *answer["files"].values())
    )


def codes(answer, level=None):
    """The codes an answer names, each once, sorted."""
    return sorted({one["code"] for one in answer["issues"] if level in (None, one["level"])})
