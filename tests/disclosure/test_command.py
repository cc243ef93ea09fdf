"""`python -m schools.disclosure FILE.json`: one JSON object, no Django, and a sentence for bad input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from schools.disclosure.__main__ import main

REPO = Path(__file__).parents[2]
TABLE = {
    "cells": {"fall": {"n": 40}, "winter": {"n": 4}, "spring": {"n": 25}, "year": {"n": 69}},
    "constraints": [{"total": "year", "parts": ["fall", "winter", "spring"]}],
}


def test_runs_without_django(tmp_path):
    file = tmp_path / "table.json"
    file.write_text(json.dumps(TABLE))
    script = (
        "import runpy, sys; sys.modules['django'] = None; sys.argv = ['disclosure', sys.argv[1]];"
        "runpy.run_module('schools.disclosure', run_name='__main__', alter_sys=True)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(file)], cwd=REPO, capture_output=True, text=True)
    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert answer["hidden"] == ["spring", "winter"]
    assert answer["threshold_N"] == 10
    assert {"cell": "spring", "reason": "complement", "partner": "winter"} in answer["ledger"]


def test_the_floor_of_the_command_line_wins_and_the_file_comes_next(tmp_path, capsys):
    file = tmp_path / "table.json"
    file.write_text(json.dumps({**TABLE, "threshold_N": 41}))
    assert main([str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["hidden"] == ["fall", "spring", "winter"]
    file.write_text(json.dumps(TABLE))
    assert main([str(file), "--floor", "41"]) == 0
    assert json.loads(capsys.readouterr().out)["hidden"] == ["fall", "spring", "winter"]


def cells(**given):
    return json.dumps({"cells": given})


BAD = {
    "not JSON": ("{", "is not JSON: "),
    "a list": ("[]", "must hold one JSON object"),
    "empty": ("", "is not JSON"),
    "no table": ('{"rows": 1}', "neither"),
    "no cells": ('{"cells": {}}', "at least one cell"),
    "a key twice": ('{"cells": {"a": {"n": 1}, "a": {"n": 2}}}', '"a" stands twice'),
    "negative": (cells(a={"n": -1}), "0 or more"),
    "a fraction": (cells(a={"n": 1.5}), "whole number"),
    "too large": (cells(a={"n": 10**12}), "no table of students is that large"),
    "endless": ('{"cells": {"a": {"n": ' + "9" * 5000 + "}}}", "endless number"),
    "true": (cells(a={"n": True}), "whole number"),
    "NaN": ('{"cells": {"a": {"n": NaN}}}', "NaN is not a number"),
    "more than all": (cells(a={"n": 3, "k": 4}), "between 0 and n"),
    "no n": (cells(a={"k": 4}), "n, the number of students"),
    "unknown word": (cells(a={"n": 4, "rate": "4%"}), "leave it out"),
    "unknown floor": (cells(a={"n": 4, "floor": "tiny"}), '"group" or "subgroup"'),
    "low floor": ('{"threshold_N": 3, "cells": {"a": {"n": 4}}}', "10 or more"),
    "unknown part": (
        '{"cells": {"a": {"n": 4}}, "constraints": [{"total": "a", "parts": ["b"]}]}',
        'names the cell "b"',
    ),
    "constraint of another shape": ('{"cells": {"a": {"n": 4}}, "constraints": [["a"]]}', "Constraint 1 must be"),
    "wrong sum": (
        '{"cells": {"a": {"n": 4}, "b": {"n": 5}}, "constraints": [{"total": "a", "parts": ["b"]}]}',
        "every student must be in exactly one part",
    ),
    "within nothing": (cells(a={"n": 4, "within": "b"}), 'within "b"'),
    "impossible audit": (
        '{"published_n": {"a": 4, "b": "*", "c": 9}, "constraints": [{"total": "a", "parts": ["b", "c"]}]}',
        "contradict each other",
    ),
    "a rate nobody has": ('{"published": {"a": {"n": 12, "rate": "1%"}}}', "No number of 12 students is written 1%"),
    "a rate of another shape": ('{"published": {"a": {"n": 12, "rate": "half"}}}', "must be"),
    "levels": ('{"n": 5, "levels": {"L1": 6}}', 'add up to "n"'),
    "change of one": ('{"show_change": true, "y1": {"n": 20, "k": 4}}', "exactly two cells"),
}


@pytest.mark.parametrize(("text", "sentence"), BAD.values(), ids=BAD)
def test_bad_input_gets_a_sentence_and_exit_2(tmp_path, capsys, text, sentence):
    file = tmp_path / "table.json"
    file.write_text(text)
    assert main([str(file)]) == 2
    printed = capsys.readouterr()
    assert sentence in json.loads(printed.out)["error"]
    assert sentence in printed.err


def test_a_missing_file_and_one_that_is_not_text(tmp_path, capsys):
    assert main([str(tmp_path / "none.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "picture.json").write_bytes(b"\x89PNG\xff")
    assert main([str(tmp_path / "picture.json")]) == 2
    assert "UTF-8" in capsys.readouterr().err
    (tmp_path / "deep.json").write_text("[" * 100_000)
    assert main([str(tmp_path / "deep.json")]) == 2
    assert "nested too deeply" in capsys.readouterr().err


def test_a_published_table_with_rates_is_audited(tmp_path, capsys):
    file = tmp_path / "table.json"
    published = {
        "girls": {"n": 20, "rate": ">=80%"},
        "boys": {"n": 30, "rate": "50%"},
        "all": {"n": 50, "rate": "70%"},
    }
    sums = [{"total": "all", "parts": ["girls", "boys"]}]
    file.write_text(json.dumps({"published": published, "constraints": sums}))
    main([str(file)])
    assert json.loads(capsys.readouterr().out)["findings"] == ["girls: the masked rate can be worked out (20 to 20)."]
    published["boys"]["rate"] = "*"
    file.write_text(json.dumps({"published": published, "constraints": sums}))
    main([str(file)])
    assert json.loads(capsys.readouterr().out)["safe"] is True
