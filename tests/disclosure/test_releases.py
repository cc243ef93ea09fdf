"""A later release beside an earlier one: late results wait, and what one hides the other must not tell."""

import json

from schools.disclosure import Cell, Cube, Equation, Floors, Published, Shown, audit, frozen, restored, stored, suppress

FLOORS = Floors()


def network(**schools):
    """A network and its schools, each (n, k)."""
    cells = [Cell(key, n, k) for key, (n, k) in schools.items()]
    n, k = sum(n for n, _ in schools.values()), sum(k for _, k in schools.values())
    return Cube.of([*cells, Cell("network", n, k)], [Equation("network", tuple(schools))])


def published(network, **schools):
    """A page that somebody else made; None is not shown."""
    cells = {key: Shown(key, n) for key, n in schools.items()} | {"network": Shown("network", network)}
    return Published(cells, (Equation("network", tuple(schools)),), FLOORS)


def test_a_release_is_kept_whole_and_read_back():
    cube = network(a=(12, 12), b=(30, 15), c=(5, 2), d=(60, 20))
    release = suppress(cube).published
    assert restored(json.loads(json.dumps(stored(release)))) == release


def test_an_unchanged_release_tells_nothing_new():
    release = suppress(network(a=(40, 20), b=(30, 15), c=(5, 2))).published
    assert audit(release, previous=release).clean


def test_three_late_results_are_found_by_subtraction():
    old = suppress(network(a=(40, 20), b=(30, 15))).published
    new = suppress(network(a=(43, 23), b=(30, 15))).published
    findings = audit(new, previous=old).findings
    assert {(f.cell, f.lowest) for f in findings} == {("a", 3), ("network", 3)}


def test_ten_late_results_are_found_and_eleven_are_not():
    old = published(100, a=40, b=60)
    assert ("a", 10) in {(f.cell, f.lowest) for f in audit(published(110, a=50, b=60), previous=old).findings}
    assert audit(published(111, a=51, b=60), previous=old).clean


def test_a_school_that_was_never_shown_is_the_partner_before_a_smaller_one_that_was():
    old = published(130, a=40, b=90)
    new = suppress(network(a=(40, 20), c=(5, 2), d=(60, 30), e=(90, 45)), previous=old)
    assert new.hidden == ("c", "d")


def test_late_results_of_one_school_are_found_in_the_rest_of_the_others():
    """The network and school a grew by enough; the difference of the two changes is 4 late students of b and c."""
    old = published(151, a=60, b=None, c=None, d=40)
    new = published(175, a=80, b=None, c=None, d=40)
    assert ("network", 4) in {(f.cell, f.lowest) for f in audit(new, previous=old).findings}


def test_late_students_who_all_passed_are_found():
    old = suppress(network(a=(40, 20), b=(70, 35))).published
    new = suppress(network(a=(60, 40), b=(70, 35))).published
    assert any("added since" in f.what and f.cell == "a" for f in audit(new, previous=old).findings)
    ordinary = suppress(network(a=(60, 30), b=(70, 35))).published
    assert audit(ordinary, previous=old).clean


def test_another_partner_would_tell_what_the_first_release_hid():
    """c (4) was hidden with b; when c has grown and b is shown, the old total less b is c."""
    old = published(69, a=40, b=None, c=None)
    new = published(80, a=40, b=25, c=15)
    assert ("c", 4) in {(f.cell, f.lowest) for f in audit(new, previous=old).findings}


def test_a_new_release_hides_what_the_earlier_one_hid_and_takes_no_partner_that_was_shown():
    old = published(69, a=40, b=None, c=None)
    result = suppress(network(a=(24, 12), b=(25, 12), c=(20, 10)), previous=old)
    assert result.hidden == ("b", "c")
    assert {entry.reason for entry in result.ledger if entry.cell in "bc"} == {"hidden earlier"}
    again = suppress(
        network(a=(12, 6), b=(25, 12), c=(4, 2), d=(30, 9)), previous=published(111, a=12, d=30, b=30, c=39)
    )
    assert "c" in again.hidden
    assert not audit(again.published, previous=published(111, a=12, d=30, b=30, c=39)).clean


def test_late_results_stay_frozen_until_enough_have_changed():
    cube = network(a=(43, 23), b=(30, 15), c=(50, 20))
    assert frozen({}, cube, FLOORS) == {}
    few = frozen({"a": 3, "network": 3}, cube, FLOORS)
    assert set(few) == {"a", "network"}
    assert frozen({"a": 12, "network": 12}, cube, FLOORS) == {}
    by_the_others = frozen({"a": 12, "b": 3, "network": 15}, cube, FLOORS)
    assert set(by_the_others) == {"a", "b"}
    assert by_the_others["a"] == "b"


def test_the_standards_of_the_same_students_freeze_together():
    cells = [Cell(f"{m} a", 40, 20, students="a", measure=m) for m in ("overall", "fractions")]
    assert set(frozen({"overall a": 3}, Cube.of(cells), FLOORS)) == {"overall a", "fractions a"}
