"""The standards that the demo's tests ask: codes of the PA Core Standards; names and texts are the demo's own."""

from dataclasses import dataclass

FRAMEWORK = "PA Core"
NUMBERS, ALGEBRA = "Numbers and Operations", "Algebraic Concepts"
GEOMETRY, DATA = "Geometry", "Measurement, Data and Probability"
DOMAINS = {"1": NUMBERS, "2": ALGEBRA, "3": GEOMETRY, "4": DATA}


@dataclass(frozen=True, slots=True)
class DemoStandard:
    """A standard by its code; grade and domain are part of it (CC.2.<domain>.<grade>.<strand>.<n>)."""

    code: str
    short_name: str
    text: str

    @property
    def grade(self) -> str:
        return f"{int(self.code.split('.')[3]):02d}"

    @property
    def domain(self) -> str:
        return DOMAINS[self.code.split(".")[2]]


# code | short name | text
TABLE = """
CC.2.1.3.B.1 | Round, add and subtract | Round whole numbers; add and subtract within 1,000.
CC.2.1.3.C.1 | Fractions as numbers | See a fraction as a number: parts of a whole, points on a line.
CC.2.2.3.A.1 | Multiply and divide in stories | Solve stories with equal groups by multiplying or dividing.
CC.2.2.3.A.3 | Multiplication facts | Know products and quotients within 100.
CC.2.2.3.A.4 | Two-step problems | Solve stories that take two steps, and check the answer.
CC.2.4.3.A.2 | Tell time | Tell time to the minute; find how much time has passed.
CC.2.4.3.A.5 | Area | Find the area of a rectangle by tiling and by multiplying.
CC.2.4.3.A.6 | Perimeter | Find the distance around a shape, and a missing side.
CC.2.1.4.B.1 | Place value | Read, compare and round whole numbers up to a million.
CC.2.1.4.B.2 | Multi-digit arithmetic | Add, subtract, multiply and divide larger whole numbers.
CC.2.1.4.C.1 | Equivalent fractions | Make and compare fractions of the same size.
CC.2.1.4.C.2 | Add like fractions | Add and subtract fractions with one denominator; multiply by a whole.
CC.2.1.4.C.3 | Decimals and fractions | Write tenths and hundredths as decimals, and compare them.
CC.2.2.4.A.1 | Stories with four operations | Choose and carry out the operations of a story; treat remainders.
CC.2.2.4.A.2 | Factors and multiples | Find factors and multiples; tell primes.
CC.2.4.4.A.1 | Convert measures | Change a larger unit to a smaller one.
CC.2.4.4.A.6 | Angles | Measure angles and find an unknown part.
CC.2.1.5.B.1 | Decimal place value | Read, compare and round decimals; use powers of ten.
CC.2.1.5.B.2 | Calculate with decimals | Add, subtract, multiply and divide decimals to hundredths.
CC.2.1.5.C.1 | Add unlike fractions | Add and subtract fractions with different denominators.
CC.2.1.5.C.2 | Multiply and divide fractions | Multiply fractions; divide unit fractions and whole numbers.
CC.2.2.5.A.1 | Order of operations | Work out expressions with parentheses.
CC.2.2.5.A.4 | Number patterns | Continue two patterns and say how they go together.
CC.2.3.5.A.1 | Coordinate plane | Place and read points in the first quadrant.
CC.2.4.5.A.1 | Convert units | Change units within one system, both ways.
CC.2.4.5.A.5 | Volume | Find the volume of boxes.
CC.2.1.6.D.1 | Ratios and rates | Use ratios, unit rates and percents.
CC.2.1.6.E.1 | Divide fractions | Divide a fraction by a fraction, and tell what the answer means.
CC.2.1.6.E.2 | Divide whole numbers and decimals | Calculate fluently with whole numbers and decimals.
CC.2.1.6.E.3 | Common factors and multiples | Find greatest common factors and least common multiples.
CC.2.1.6.E.4 | Negative numbers | Order negative numbers and use absolute value.
CC.2.2.6.B.1 | Expressions | Write, read and work out expressions with letters.
CC.2.2.6.B.2 | One-step equations | Solve equations of one step.
CC.2.3.6.A.1 | Area of polygons | Find the area of triangles and of shapes made of rectangles.
CC.2.4.6.B.1 | Center and spread | Find and read mean, median and range.
CC.2.1.7.D.1 | Proportions and percent | Solve problems with proportions and percents.
CC.2.1.7.E.1 | Rational numbers | Calculate with negative numbers, fractions and decimals.
CC.2.2.7.B.1 | Equivalent expressions | Expand, collect and factor linear expressions.
CC.2.2.7.B.3 | Two-step equations | Solve equations of two steps, from stories too.
CC.2.3.7.A.1 | Circles and angles | Find circumference, area of circles and unknown angles.
CC.2.3.7.A.2 | Scale drawings | Read lengths from a scale drawing.
CC.2.4.7.B.3 | Probability | Find the probability of an event.
CC.2.1.8.E.1 | Rational and irrational | Tell which numbers are rational.
CC.2.1.8.E.4 | Estimate roots | Find the whole numbers that a root lies between.
CC.2.2.8.B.1 | Exponents | Use the laws of exponents, scientific notation included.
CC.2.2.8.B.2 | Slope | Read a rate of change as the slope of a line.
CC.2.2.8.B.3 | Linear equations | Solve linear equations with the unknown on both sides.
CC.2.2.8.C.1 | Functions | Tell functions from other relations, and work out their values.
CC.2.3.8.A.1 | Round solids | Find the volume of cylinders, cones and spheres.
CC.2.3.8.A.2 | Moving figures | Follow slides, flips and turns on the plane.
CC.2.3.8.A.3 | Right triangles | Use the theorem of Pythagoras.
CC.2.4.8.B.1 | Scatter plots | Read patterns and fitted lines in scatter plots.
"""
STANDARDS = tuple(DemoStandard(*map(str.strip, row.split("|"))) for row in TABLE.strip().splitlines())

# What the network's sessions on fractions were about; grades 7 and 8 have no such standard.
FRACTIONS = ("CC.2.1.3.C.1", "CC.2.1.4.C.1", "CC.2.1.4.C.2", "CC.2.1.5.C.1", "CC.2.1.5.C.2", "CC.2.1.6.E.1")
