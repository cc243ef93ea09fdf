"""A small world whose people, places and files have nasty names, with results made by the real pipeline.

Its rows are committed, for a browser's requests come from other threads. `raise_town` asks the database all there is
to ask, once: afterwards a browser runs in this thread, and Django asks nothing there.
"""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import cycle
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from assessments.models import Assessment, Upload, Window
from assessments.pipeline import acts, work
from assessments.pipeline.mapping_acts import name_columns
from assessments.pipeline.uploads import Options, accept_upload
from schools.models import RosterImport, SectionEnrollment
from schools.rosters import load_roster
from tests import make
from tests.browser.released import release_results
from tests.browser.releasing import releases_on_their_way
from tests.databases import behind_django, copied, folder_of_the_run, migrated, original
from tests.make import MD5
from tests.policy.route import NAMES, WHO
from tests.policy.rows import furnish
from tests.schools.oneroster.packages import Package
from tests.signing_in import sign_in
from tests.test_access import ROUTES
from tests.worlds import WINTER, small_world

LONG = "Wolfeschlegelsteinhausenbergerdorffvoralternwaren"
NASTY = [
    "O'Brien-D'Angelo", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "Żółć-Ñandú", "عبد الله", "שרה",
    LONG, "{{ 7|add:7 }}", "=1+1", "张伟", "Null", "</title><svg onload=alert(1)>", "&lt;b&gt; & Co",
    "de la Cruz y Soto",
]  # fmt: skip
KEYS = "ABCDABCD"
State = Upload.State


@contextmanager
def town_database(blocker, temporary: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The town behind Django's connection, in a copy of its own; it is December. It is raised once in a run."""
    raised = folder_of_the_run(temporary) / "town"

    def raise_and_keep():
        with make.first_numbers():
            raised.write_bytes(pickle.dumps(raise_town()))

    with (
        pytest.MonkeyPatch.context() as patch,
        blocker.unblock(),
        override_settings(PASSWORD_HASHERS=MD5),
    ):
        patch.setattr(timezone, "now", lambda: WINTER)
        template = original("town", raise_and_keep, migrated())
        with copied(f"{connection.settings_dict['NAME']}_town", template) as own, behind_django(own):
            yield pickle.loads(raised.read_bytes())


def raise_town() -> SimpleNamespace:
    """The town: `kwargs` of every route of the policy's tables, `cookies` by who, and the rows that visits name."""
    town = small_world()
    furnish(town)
    town.kwargs = {name: route.of(town) for name, route in ROUTES.items()}
    spoil_names(town)
    fill_classes(town)
    set_tests(town)
    sit_tests(town)
    release_results(town)
    town.releases = releases_on_their_way(town)
    town.uploads = uploads_in_all_states(town)
    town.rosters = rosters(town)
    new_district(town)
    school_outside(town)
    town.cookies = {who: signed_in(getattr(town, name)) for who, name in people().items()}
    return town


def people() -> dict[str, str]:
    """Who may sign in, by the name of the policy's tables, with their attribute of the town."""
    own = ("former", "newcomer", "waiting_teacher", "new_principal")
    return {who: NAMES[who] for who in WHO if who != "anon"} | {who: who for who in own}


def signed_in(user) -> str:
    """The session cookie of somebody who typed the password just now."""
    return sign_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME].value


def rename(row, **names):
    """Give a row other names, also where the object at hand is used again."""
    type(row).objects.filter(pk=row.pk).update(**names)
    for name, value in names.items():
        setattr(row, name, value)


def spoil_names(town):
    """Names of people and places that break what they can."""
    rename(town.district, name="O'Hara & Sons <b>District</b>")
    rename(town.ash, name='Ash "School" <script>alert(1)</script> of Saint-Étienne')
    rename(town.birch, name=f"Birch {LONG} School")
    rename(town.network, name="Northside <i>Math</i> Network")
    rename(town.section, title="Math 5 <b>O'Neill</b>", code="501&2")
    rename(town.birch_section, title=f"Math {LONG} {LONG}")
    rename(town.psi, name="Partners <script>alert(2)</script> in School Improvement")
    rename(town.agreement, function="Coaching in <mathematics> & the O'Hara way; " + LONG)
    rename(town.teacher, given_name="Zoë", family_name="O'Brien-<script>alert(1)</script>")
    rename(town.admin, given_name=LONG, family_name=LONG)
    rename(town.principal, given_name="محمد", family_name="العبد الله")
    rename(town.colleague, given_name='"><img src=x onerror=alert(1)>', family_name="</option></select>")
    roster = RosterImport.objects.get(filename="roster-class.zip")
    rename(roster, filename="<script>alert(1)</script>.zip")


def fill_classes(town):
    """Fourteen students in section 501, five in 502, none with a result in 601."""
    names = cycle(NASTY)
    for section, more in ((town.section, 12), (town.other_section, 4)):
        for _ in range(more):
            student = make.student(town.district, family_name=next(names), given_name=next(names))
            make.enroll(student, section.school, town.year)
            make.seat(student, section)
    town.class_501 = in_class(town.section)
    town.class_502 = in_class(town.other_section)
    town.former = make.user("former@example.org", family_name="Former")
    make.member(town.former, "principal", school=town.ash, ends=date(2025, 11, 3))


def in_class(section) -> list:
    seats = SectionEnrollment.objects.filter(section=section).select_related("student").order_by("pk")
    return [seat.student for seat in seats]


def set_tests(town):
    """A form of eight questions on four standards and an adaptive test, both in Fall and Winter 1."""
    town.standards = [
        make.standard("CC.2.1.5.C.9", "Add & subtract <unlike> fractions"),
        make.standard("CC.2.4.5.A.5", "Volume"),
        make.standard("CC.2.4.5.A.4", LONG),
        make.standard("5.NBT.B.7", 'Décimales: the learner\'s "tenths"'),
    ]
    town.form = make.assessment(
        town.district, "NQ5", 'Quarterly <b>Math</b> 5 & "more"', keys=KEYS, standards=town.standards, series="NQ",
        scale="NQS",
    )  # fmt: skip
    first = town.form.items.get(position=1)
    first.text = "What is <script>alert(1/4)</script> + 1/4?"
    first.choices = first.choices | {"B": {"text": "2/8 " + LONG * 2, "suggests": "added the <denominators>"}}
    first.save()
    make.cuts(town.form, minimums=(0, 490, 510, 530))
    town.adaptive = make.assessment(
        town.district, "MAP-MATH", "MAP <Growth>", kind=Assessment.Kind.ADAPTIVE, scale="RIT", series="MAP",
        strands=["Number & <Operations>", "Geometry", LONG],
    )  # fmt: skip
    Window.objects.filter(year=town.year, code="Q1").update(name="Fall & <all>", aliases=["Fall 2025-2026"])
    make.window(town.year, "Q2", "Winter <1>", opens=date(2025, 11, 17), closes=date(2025, 12, 5))


def sit_tests(town):
    """Fall and Winter 1 for both classes; one student of 501 is absent in Winter 1."""
    fall = [(one, answers(n), 480 + 2 * n) for n, one in enumerate(town.class_501)]
    winter = [(one, answers(n), 488 + 2 * n + n % 3) for n, one in enumerate(town.class_501[:-1])]
    few = [(one, "BBCDABCD", 500) for one in town.class_502]
    town.fall_upload = send(town, wide(fall + few), window="2025-26/Q1", publish=True, approve=True)
    town.winter_upload = send(town, wide(winter + few), window="2025-26/Q2", publish=True, approve=True)
    adaptive = send(town, strands(town), window="2025-26/Q1", publish=True, approve=True, assessment="MAP-MATH")
    for upload in (town.fall_upload, town.winter_upload, adaptive):
        assert upload.state == State.PUBLISHED, (upload.answer, upload.failure)
    by_window = {one.window.code: one for one in town.form.administrations.select_related("window")}
    town.fall_sitting, town.winter_sitting = by_window["Q1"].pk, by_window["Q2"].pk
    town.adaptive_sitting = town.adaptive.administrations.get().pk


def answers(n: int) -> str:
    """Question 1 mostly wrong with B; the later questions the harder for the earlier students."""
    rest = "".join(key if n > 2 * place or key == "D" else "A" for place, key in enumerate(KEYS[1:]))
    return ("A" if n % 5 == 0 else "B") + rest


def wide(rows) -> str:
    head = ",".join(["student_id", *(str(n + 1) for n in range(len(KEYS))), "scale_score"])
    return "\n".join([head, *(",".join([getattr(a, "number", a), *b, str(c)]) for a, b, c in rows)])


def other_layout(student, heads="<i>Zad.</i>") -> str:
    """A file of one student under headings the portal does not know: one of them sensitive, thirty for nobody."""
    head = ["Ref & Co", "DOB", *(f"{heads} {n + 1}" for n in range(len(KEYS))), *(f"{LONG} {n}" for n in range(30))]
    return "\n".join([",".join(head), ",".join([student.number, "2014-05-09", *KEYS, *["<b>x</b>"] * 30])])


def strands(town) -> str:
    """The class in the vendor's layout."""
    head = (
        "TermName,StudentID,SchoolName,MeasurementScale,Discipline,GrowthMeasureYN,TestType,TestName,TestStartDate,"
        "TestRITScore,TestStandardError,Goal1Name,Goal1RitScore,Goal2Name,Goal2RitScore,Goal3Name,Goal3RitScore"
    )
    test = "Mathematics,Mathematics,TRUE,Survey With Goals,Growth: Math 2-5,09/22/2025"
    names = town.adaptive.strands
    school = town.ash.name.replace('"', '""')
    return "\n".join([head, *(
        f'Fall 2025-2026,{one.number},"{school}",{test},{200 + n},3.1,{names[0]},{199 + n},{names[1]},{203 + n},'
        f"{names[2]},{198 + n}"
        for n, one in enumerate(town.class_501)
    )])  # fmt: skip


def send(town, text, *, filename="results O'Hara <b>.csv", by=None, school=None, advance=True, **options) -> Upload:
    """A file through the real pipeline, worked on at once."""
    upload = accept_upload(
        district=town.district, data=text if isinstance(text, bytes) else text.encode(), filename=filename,
        by=by or town.admin, options=Options(**({"assessment": "NQ5", "window": "2025-26/Q2"} | options)),
        school=school, wake_worker=False,
    )  # fmt: skip
    return advanced(upload) if advance else upload


def advanced(upload) -> Upload:
    """The upload after the portal did what waits for it."""
    work.advance(upload.pk)
    upload.refresh_from_db()
    return upload


def uploads_in_all_states(town) -> dict[str, int]:
    """An upload in every state a page can show, by a name for it."""
    one, two, three = town.class_501[:3]
    good = [(one, "ABCDABCD", 520), (two, "ABCDABCC", 515)]
    made = {"queued": send(town, wide(good), advance=False)}
    made["ready"] = send(town, wide([*good, (three, "ABCDABCA", 512)]))
    made["review"] = send(
        town, wide([*good, ("<b>99</b>", "ABCDABCD", 500), (three, "AECDABCD", 500), (one, "DDDDABCD", 500)]),
        by=town.principal, school=town.ash,
    )  # fmt: skip
    made["rejected"] = send(town, b"%PDF-1.7 nothing", filename=f"{LONG}{LONG}.pdf")
    made["cancelled"] = send(town, wide(good[:1]), filename="cancelled.csv")
    acts.cancel_upload(made["cancelled"], town.admin)
    made["undone"] = send(town, wide(good[1:]), window="2025-26/Q1", publish=True, approve=True)
    acts.undo_upload(made["undone"], town.admin)
    made["complete"] = send(town, wide(good), complete_for=("100",))
    made["unmapped"] = send(town, other_layout(one), asks_columns=True, filename=f"{LONG}.csv")
    made["mapped"] = send(town, other_layout(one, heads="Task"), asks_columns=True)
    name_columns(
        made["mapped"], town.admin, name="Vendor <b>O'Hara</b>", headers=made["mapped"].answer["layout"]["headings"],
        meanings=["student", "", *(f"q{n + 1}" for n in range(len(KEYS))), *[""] * 30],
    )  # fmt: skip
    advanced(made["mapped"])
    for state, fields in {
        "checking": {"rows_known": 200, "rows_done": 80},
        "publishing": {"rows_known": 2, "rows_done": 2},
        "failed": {"failure": "The portal stopped 3 times while it worked on <this> file."},
    }.items():
        made[state] = send(town, wide(good), filename=f"{state}.csv")
        Upload.objects.filter(pk=made[state].pk).update(state=state, **fields)
    made["published"] = town.winter_upload
    assert made["ready"].state == State.READY, made["ready"].answer
    assert made["review"].state == State.NEEDS_REVIEW, made["review"].answer
    assert made["rejected"].state == State.REJECTED
    return {name: upload.pk for name, upload in made.items()}


def rosters(town) -> dict[str, int]:
    """A roster that was read and waits for a yes, and one that is refused; neither is applied."""

    def checked(data, filename):
        return load_roster(data=data, filename=filename, district=town.district, by=town.admin, dry_run=True).pk

    return {
        "waiting": checked(Package().zip(), "roster <b>O'Hara</b>.zip"),
        "refused": checked(b"not a zip", f"{LONG}.zip"),
    }


def new_district(town):
    """A district on its first day: an admin, a principal and a teacher, and nothing else."""
    town.empty = make.district("D9", "Empty & <new> District")
    make.year(town.empty)
    town.new_school = make.school(town.empty, "900", "New School")
    town.newcomer = make.user("newcomer@example.org", family_name="Newcomer")
    make.member(town.newcomer, "district_admin", district=town.empty)
    town.new_principal = make.user("new-principal@example.org", family_name="Newprincipal")
    make.member(town.new_principal, "principal", school=town.new_school)
    town.waiting_teacher = make.user("waiting@example.org", family_name="Waiting")
    make.member(town.waiting_teacher, "teacher", school=town.new_school)


def school_outside(town):
    """A school of the first district that has not joined the network yet, so that somebody can bring it in."""
    make.school(town.district, "400", "Dogwood & <outside> School")
