"""The worked cases, each as a test: by the service, and through the command's reader."""

import json
from pathlib import Path

import pytest

from schools.disclosure import audit, needs_suppression
from schools.disclosure.__main__ import main
from schools.disclosure.cells import Floors
from schools.disclosure.reading import published_from

VECTORS = Path(__file__).parents[3] / "shared" / "suppression_vectors.json"
CASES = json.loads(VECTORS.read_text()) if VECTORS.exists() else {"vectors": [], "threshold_N": 10}
BY_KIND = {
    kind: [pytest.param(v, id=v["id"]) for v in CASES["vectors"] if v["kind"] == kind]
    for kind in ("publish", "audit", "decision")
}

pytestmark = pytest.mark.skipif(
    not VECTORS.exists(), reason="The worked cases (suppression_vectors.json) do not lie beside this checkout."
)


@pytest.fixture
def answer(tmp_path, capsys):
    """What the command prints for an input, with its exit status."""

    def run(given):
        file = tmp_path / "table.json"
        file.write_text(json.dumps({"threshold_N": CASES["threshold_N"], "input": given}))
        status = main([str(file)])
        return status, json.loads(capsys.readouterr().out)

    return run


@pytest.mark.parametrize("case", BY_KIND["publish"])
def test_publish(case, answer):
    status, given = answer(case["input"])
    assert (status, given["safe"], given["findings"]) == (0, True, [])
    assert given["cells"] == case["expected"]
    assert given["hidden"] == case["expected_hidden"]
    assert given["feasible_n_of_hidden"] == case["feasible_n_of_hidden"]


@pytest.mark.parametrize("case", BY_KIND["audit"])
def test_audit(case, answer):
    status, given = answer(case["input"])
    assert status == 0
    assert {key: given[key] for key in case["expected"]} == case["expected"]
    floors = Floors(CASES["threshold_N"], CASES["threshold_N"])
    assert audit(published_from(case["input"], floors)).clean is case["expected"]["safe"]


@pytest.mark.parametrize("case", BY_KIND["decision"])
def test_decision(case, answer):
    if "viewer" in case["input"]:  # who has rights to every student is not a matter of tables
        assert needs_suppression(sees_every_student=True) is case["expected"]["suppressed"]
        assert answer(case["input"])[0] == 2
    else:
        assert answer(case["input"]) == (0, case["expected"])
