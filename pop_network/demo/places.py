"""The twelve invented schools: where they stand, what they teach, how large their sections are."""

from dataclasses import dataclass

DISTRICT_CODE = "NORTHSIDE-DEMO"
DISTRICT_NAME = "Northside School District (demo)"
TIME_ZONE = "America/New_York"
NETWORK_SLUG = "northside-math"
NETWORK_NAME = "Northside Math Network"
PROBLEM_OF_PRACTICE = "Students can carry out steps with fractions and ratios, and few can say why the steps work."
AIM = "By the end of next year, 60 % of the students in grades 3 to 8 reach Proficient in Quarterly Math."
PARTNER_NAME = "Partners in School Improvement (PSI)"
UNION_NAME = "Northside Teachers' Union"
AGREEMENT = "Coaching of mathematics teachers and school leaders"

FEWEST, MOST = 9, 29  # students in a section, on any day of the two years
STUDENTS = 567


@dataclass(frozen=True, slots=True)
class Class:
    """One section of a school: grade, code and how many students it has on the first day."""

    grade: str
    code: str
    size: int

    @property
    def title(self) -> str:
        return f"Math {int(self.grade)}"


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """A school. `strength` is how far its students stand from the network's mean, in logits."""

    code: str
    name: str
    vendor_name: str  # how the adaptive test's file spells it
    classes: tuple[Class, ...]
    strength: float
    takes_movers: bool = True


def _school(code, name, vendor_name, strength, *classes, takes_movers=True):
    made = tuple(Class(f"{grade:02d}", section, size) for grade, section, size in classes)
    return DemoSchool(code, name, vendor_name, made, strength, takes_movers)


ALDER, BELLWETHER, CINDER, DOVECOTE, ELMSWORTH, FOXGLOVE = "1010", "1020", "1030", "1040", "1050", "1060"
GRANARY, HOLLIS, IRONBRIDGE, JUNIPER, KETTLE, LANTERN = "1070", "1080", "1090", "1100", "1110", "1120"

SCHOOLS = (
    _school(ALDER, "Alder Run School", "Alder Run Sch", 0.10, (3, "301", 26), (4, "401", 24)),
    _school(
        BELLWETHER, "Bellwether School", "Bellwether Sch", -0.15, (4, "401", 27), (5, "501", 25)
    ),
    _school(
        CINDER, "Cinder Hill Elementary", "Cinder Hill El Sch", -0.45,
        (4, "401", 28), (5, "501", 22), (5, "502", 23),
    ),
    _school(DOVECOTE, "Dovecote School", "Dovecote Sch", 0.20, (5, "501", 9), takes_movers=False),
    _school(ELMSWORTH, "Elmsworth School", "Elmsworth Sch", 0.00, (5, "501", 29), (6, "601", 26)),
    _school(
        FOXGLOVE, "Foxglove Street School", "Foxglove St Sch", -0.20, (6, "601", 24), (7, "701", 22)
    ),
    _school(GRANARY, "Granary Lane School", "Granary Ln Sch", -0.10, (3, "301", 25), (4, "401", 23)),
    _school(
        HOLLIS, "Hollis Bend Middle School", "Hollis Bend MS", 0.15,
        (6, "601", 27), (7, "701", 28), (8, "801", 26),
    ),
    _school(IRONBRIDGE, "Ironbridge School", "Ironbridge Sch", 0.05, (7, "701", 24), (8, "801", 25)),
    _school(JUNIPER, "Juniper Square School", "Juniper Sq Sch", 0.25, (8, "801", 19), (8, "802", 20)),
    _school(KETTLE, "Kettle Creek School", "Kettle Creek Sch", -0.10, (6, "601", 22), (6, "602", 21)),
    _school(LANTERN, "Lanternfield School", "Lanternfield Sch", 0.00, (3, "301", 22)),
)  # fmt: skip

BY_CODE = {school.code: school for school in SCHOOLS}
GRADES = ("03", "04", "05", "06", "07", "08")
