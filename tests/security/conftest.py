"""The classes, tests and results of the results pages, for those who come to take more than is theirs."""

from tests.assessments.pages.conftest import (  # noqa: F401  (fixtures)
    publish,
    sat,
    sign_in,
    taught,
)
