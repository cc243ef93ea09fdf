"""Of the plotly wheel one script is served, and nothing else."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import Error
from django.core.files.storage import FileSystemStorage

from pop_network.static_files import PlotlyFinder


def test_the_script_is_found_and_collected_alone():
    found = finders.find("plotly/plotly.min.js")
    assert Path(found).read_text()[:40].startswith("/**\n* plotly.js v")
    assert finders.find("plotly/widgetbundle.js") is None and finders.find("plotly.min.js") is None
    listed = [
        f"{getattr(storage, 'prefix', '')}/{path}"
        for finder in finders.get_finders()
        for path, storage in finder.list([])
        if "site-packages/plotly" in storage.path(path)
    ]
    assert listed == ["plotly/plotly.min.js"]


@pytest.mark.parametrize("find_all", [False, True])
def test_of_another_name_nothing_is_found(find_all):
    assert PlotlyFinder().find("css/portal.css", find_all=find_all) == []


def test_a_wheel_without_the_script_is_said_at_the_start(tmp_path):
    finder = PlotlyFinder()
    assert finder.check() == []
    finder.storage = FileSystemStorage(location=tmp_path)
    assert [type(one) for one in finder.check()] == [Error]


def test_explore_has_every_element_whose_absence_makes_the_script_add_a_style():
    script = Path(finders.find("plotly/plotly.min.js")).read_text()
    page = (settings.BASE_DIR / "templates/assessments/parts/explore_head.html").read_text()
    asked = re.findall(
        r'if\(!document\.getElementById\("([^"]+)"\)\)\{var \w+=document\.createElement\("style"\)', script
    )
    assert script.count('createElement("style")') == len(asked) + 1  # the one more is "plotly.js-style-" and a name
    assert asked and [name for name in [*asked, "plotly.js-style-global"] if f'id="{name}"' not in page] == []
