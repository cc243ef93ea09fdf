"""x"""
import time
import pytest
pytestmark = pytest.mark.django_db
def test_one(town, tabs):
    t=time.time()
    tab = tabs("teacher")
    print(time.time()-t); t=time.time()
    print(tab.open("/"), time.time()-t)
    t=time.time()
    from axe_playwright_python.sync_playwright import Axe
    s=Axe().axe_script
    print(tab.axe(s), time.time()-t); t=time.time()
    print(tab.axe(s,["color-contrast"]), time.time()-t); t=time.time()
    print(tab.heard())
    for p in ["section_results","item_map"]:
        t=time.time()
        tab.open(f"/results/sections/{town.section.pk}/" + ("items/" if p=="item_map" else "")); print(p, time.time()-t); t=time.time()
        print(tab.axe(s), time.time()-t); t=time.time()
        print(tab.axe(s,["color-contrast"]), time.time()-t); t=time.time()
        print(tab.heard(), tab.loaded(), tab.sideways())
