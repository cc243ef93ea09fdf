"""Where this comes from: students behind a test by file, rows of each file, remarks, cut scores."""

import csv
import io
from collections import Counter

import pytest

from assessments.queries.source import Source
from tests.independent.facts import table

pytestmark = pytest.mark.django_db

FILES = "SELECT id AS upload, filename FROM assessments_upload"
ISSUES = "SELECT upload_id AS upload, level, code, row FROM assessments_uploadissue WHERE row IS NOT NULL"


@pytest.fixture(scope="module")
def pages(demo):
    return {
        administration: Source(demo.office, administration)
        for administration in demo.facts.results.administration.unique().tolist()
    }


def test_students_by_file(facts, pages):
    for administration, page in pages.items():
        rows = facts.of(facts.results, administration=administration)
        assert sorted(file.students for file in page.files) == sorted(rows.groupby("upload").size())
        files, students = rows.upload.nunique(), len(rows)
        assert f"of {students:,} student" in page.sentence
        assert f"{files} file" in page.sentence


def test_rows_of_each_file_are_those_that_were_sent(demo, pages):
    """Counted in the bytes that came: rows with an answer, rows without one."""
    sent = {file.filename: file for file in demo.network.files if file.assessment and file.publish}
    compared = 0
    for page in pages.values():
        for file in page.files:
            if file.name not in sent:
                continue
            rows = list(csv.DictReader(io.StringIO(sent[file.name].content.decode())))
            tested = sum(1 for row in rows if row["test_date"])
            told = dict(file.rows)
            assert told["read"] == len(rows)
            assert told["loaded"] == tested
            assert told["not tested"] == len(rows) - tested
            assert told["left out by rule"] == told["left out with errors"] == 0
            compared += 1
    assert compared > 20


def test_remarks_are_rows_counted_once(pages, demo):
    issues = table(ISSUES).merge(table(FILES), on="upload")
    counted = issues.groupby(["filename", "level", "code"]).row.nunique().reset_index()
    for page in pages.values():
        for file in page.files:
            expected = Counter(counted[counted.filename == file.name].row)
            assert Counter(remark.rows for remark in file.remarks) == expected


def test_cut_scores_in_force(facts, pages):
    lines = 0
    for administration, page in pages.items():
        sitting = facts.sittings.loc[administration]
        cuts = facts.of(facts.cuts, assessment=sitting.assessment)
        cuts = cuts[cuts.valid_from <= sitting.opens]
        newest = cuts[cuts.valid_from == cuts.groupby("grade").valid_from.transform("max")]
        expected = sorted(newest[["grade", "level", "minimum"]].itertuples(index=False, name=None))
        assert sorted((one.grade, one.level, one.minimum) for one in page.cuts) == expected
        lines += len(expected)
    assert lines > 50
