"""Question makers of grades 7 and 8, one or more for each standard. A maker may be called many times."""

from fractions import Fraction
from math import isqrt

from pop_network.demo.questions.making import (
    MINUS,
    Draw,
    Question,
    decimal,
    part,
    reduced,
    signed,
    sum_of,
    term,
    whole,
)


def proportion(draw: Draw) -> Question:
    a, b, factor = draw(3, 7), draw(8, 14), draw(3, 5)
    return Question(
        f"{a} cups of flour make {b} rolls. How many rolls do {a * factor} cups make?",
        str(b * factor),
        (
            (str(b + a * factor - a), "added the difference of the cups"),
            (str(b * a * factor), "multiplied without finding the rate"),
            (str(a * factor + b), "added cups and rolls"),
        ),
    )


def discount(draw: Draw) -> Question:
    price, percent = draw.pick([40, 60, 80, 120]), draw.pick([15, 20, 25, 30])
    off = price * percent / 100
    return Question(
        f"A coat costs ${price}. It is marked down by {percent} %. What does it cost now?",
        f"${decimal(price - off)}",
        (
            (f"${decimal(off)}", "found the discount and stopped"),
            (f"${price - percent}", "took the percent for dollars"),
            (f"${decimal(price + off)}", "raised the price"),
        ),
    )


def subtract_negative(draw: Draw) -> Question:
    a, b = draw(2, 8), draw(9, 15)
    return Question(
        f"{signed(-a)} {MINUS} ({signed(-b)}) = ?",
        str(b - a),
        (
            (signed(-a - b), "kept the second minus"),
            (str(a + b), "dropped the sign of the first number"),
            (signed(a - b), "turned the sign of the answer over"),
        ),
    )


def negative_fraction(draw: Draw) -> Question:
    a, b = draw.pick([(1, 2), (2, 3), (3, 4), (2, 5)])
    c, d = draw.pick([(1, 4), (1, 6), (5, 8), (3, 10)])
    value = Fraction(c, d) - Fraction(a, b)

    def shown(number: Fraction) -> str:
        return MINUS + reduced(-number) if number < 0 else reduced(number)

    return Question(
        f"{MINUS}{part(a, b)} + {part(c, d)} = ?",
        shown(value),
        (
            (shown(-value), "turned the sign over"),
            (shown(Fraction(a, b) + Fraction(c, d)), "left out the minus"),
            (f"{MINUS}{part(a + c, b + d)}", "added numerators and denominators"),
        ),
    )


def expand(draw: Draw) -> Question:
    a, b, c = draw(2, 6), draw(2, 5), draw(2, 9)
    return Question(
        f"Which expression equals {a}({sum_of(b, c)})?",
        sum_of(a * b, a * c),
        (
            (sum_of(a * b, c), "multiplied the first term only"),
            (sum_of(a + b, a + c), "added instead of multiplying"),
            (term(a * b * c), "put unlike terms together"),
        ),
    )


def collect_terms(draw: Draw) -> Question:
    a, b, c = draw(5, 9), draw(2, 4), draw(3, 9)
    return Question(
        f"Which expression equals {sum_of(a, c)} {MINUS} {term(b)}?",
        sum_of(a - b, c),
        (
            (sum_of(a + b, c), "added the terms"),
            (term(a - b + c), "put unlike terms together"),
            (sum_of(a - b, -c), "changed the sign of the number"),
        ),
    )


def two_step_equation(draw: Draw) -> Question:
    a, x, b = draw(2, 8), draw(3, 9), draw(3, 12)
    return Question(
        f"{sum_of(a, b)} = {a * x + b}. What is x?",
        str(x),
        (
            (decimal((a * x + 2 * b) / a, 1), "added where subtracting is needed"),
            (str(a * x), "stopped before dividing"),
            (decimal((a * x + b) / a, 1), "left the number standing"),
        ),
    )


def circle(draw: Draw) -> Question:
    radius = draw(3, 9)
    return Question(
        f"A circle has a radius of {radius} cm. What is its area? (Use π.)",
        f"{radius**2}π square cm",
        (
            (f"{2 * radius}π square cm", "found the circumference"),
            (f"{4 * radius**2}π square cm", "squared the diameter"),
            (f"{radius}π square cm", "did not square"),
        ),
    )


def scale_drawing(draw: Draw) -> Question:
    per, length = draw.pick([4, 5, 8]), draw(3, 9)
    return Question(
        f"On a plan, 1 inch stands for {per} feet. A wall is {length} inches long on the plan. How long is it?",
        f"{per * length} feet",
        (
            (f"{per + length} feet", "added"),
            (f"{decimal(length / per, 2)} feet", "divided"),
            (f"{per * length * 12} feet", "changed the unit as well"),
        ),
    )


def probability(draw: Draw) -> Question:
    red, blue = draw(2, 5), draw(6, 9)
    return Question(
        f"A bag holds {red} red and {blue} blue marbles. What is the probability of drawing a red one?",
        part(red, red + blue),
        (
            (part(red, blue), "compared red with blue"),
            (part(1, red + blue), "counted one marble"),
            (part(blue, red + blue), "took the other color"),
        ),
    )


def irrational_number(draw: Draw) -> Question:
    square, other = draw.pick([16, 25, 36, 49, 64]), draw.pick([2, 3, 5, 7, 11])
    top, bottom = draw.pick([(2, 3), (5, 7), (1, 9)])
    return Question(
        "Which of these numbers is irrational?",
        f"√{other}",
        (
            (f"√{square}", "took every root for irrational"),
            (part(top, bottom), "took a fraction that repeats for irrational"),
            (f"0.{draw(1, 9)}{draw(1, 9)}", "took a decimal for irrational"),
        ),
    )


def root_between(draw: Draw) -> Question:
    number = draw.pick([n for n in range(12, 98) if isqrt(n) ** 2 != n])
    low = isqrt(number)
    return Question(
        f"Between which whole numbers does √{number} lie?",
        f"{low} and {low + 1}",
        (
            (f"{number // 2} and {number // 2 + 1}", "halved the number"),
            (f"{low - 1} and {low}", "was one too low"),
            (f"{low + 1} and {low + 2}", "was one too high"),
        ),
    )


def multiply_powers(draw: Draw) -> Question:
    base, a, b = draw(2, 9), draw(2, 4), draw(5, 8)
    return Question(
        f"Which equals {base}^{a} × {base}^{b}?",
        f"{base}^{a + b}",
        (
            (f"{base}^{a * b}", "multiplied the exponents"),
            (f"{base * base}^{a + b}", "multiplied the bases"),
            (f"{base * 2}^{a + b}", "added the bases"),
        ),
    )


def scientific_notation(draw: Draw) -> Question:
    front, power = draw(12, 98), draw(4, 6)
    return Question(
        f"Which is {whole(front * 10 ** (power - 1))} in scientific notation?",
        f"{front / 10:.1f} × 10^{power}",
        (
            (f"{front} × 10^{power - 1}", "left two digits before the point"),
            (f"{front / 10:.1f} × 10^{power - 1}", "counted the zeros"),
            (f"{front / 10:.1f} × 10^{MINUS}{power}", "turned the sign of the exponent over"),
        ),
    )


def slope_of_points(draw: Draw) -> Question:
    x, y, run, slope = draw(1, 3), draw(1, 5), draw(2, 4), draw(2, 4)
    rise = run * slope + 1
    return Question(
        f"What is the slope of the line through ({x}, {y}) and ({x + run}, {y + rise})?",
        part(rise, run),
        (
            (part(run, rise), "divided run by rise"),
            (part(y + rise, x + run), "used the second point only"),
            (f"{MINUS}{part(rise, run)}", "took the differences in two orders"),
        ),
    )


def unknown_on_both_sides(draw: Draw) -> Question:
    a, c, x, b = draw(5, 9), draw(2, 4), draw(2, 8), draw(1, 9)
    d = (a - c) * x + b
    return Question(
        f"{sum_of(a, b)} = {sum_of(c, d)}. What is x?",
        str(x),
        (
            (decimal((d + b) / (a - c), 1), "added the number to both sides"),
            (decimal((d - b) / (a + c), 1), "added the terms with x"),
            (str((a - c) * x), "stopped before dividing"),
        ),
    )


def value_of_function(draw: Draw) -> Question:
    a, b, x = draw(2, 5), draw(2, 9), draw(2, 6)
    return Question(
        f"f(x) = {sum_of(a, -b)}. What is f({signed(-x)})?",
        signed(-a * x - b),
        (
            (signed(a * x - b), "left out the minus of x"),
            (signed(-a * x + b), "turned the last sign over"),
            (signed(-(a + x + b)), "added instead of multiplying"),
        ),
    )


def is_a_function(draw: Draw) -> Question:
    x, y, z = draw(1, 4), draw(5, 7), draw(8, 9)
    return Question(
        "Which list of points is not a function?",
        f"({x}, {y}), ({x}, {z}), ({y}, {z})",
        (
            (f"({x}, {y}), ({y}, {y}), ({z}, {y})", "took equal outputs for a breach of the rule"),
            (f"({y}, {x}), ({x}, {y}), ({z}, {z})", "looked at one pair only"),
            (f"({x}, {z}), ({y}, {x}), ({z}, {y})", "looked for points in order"),
        ),
    )


def volume_of_cylinder(draw: Draw) -> Question:
    radius, height = draw(2, 6), draw(7, 12)
    return Question(
        f"A can has a radius of {radius} cm and a height of {height} cm. What is its volume? (Use π.)",
        f"{radius**2 * height}π cubic cm",
        (
            (f"{2 * radius * height}π cubic cm", "found the curved surface"),
            (f"{radius * height}π cubic cm", "did not square the radius"),
            (f"{4 * radius**2 * height}π cubic cm", "used the diameter"),
        ),
    )


def flip_over_axis(draw: Draw) -> Question:
    x, y = draw(2, 9), draw(2, 9)
    return Question(
        f"The point ({x}, {y}) is flipped over the x-axis. Where is it now?",
        f"({x}, {signed(-y)})",
        (
            (f"({signed(-x)}, {y})", "flipped over the y-axis"),
            (f"({signed(-x)}, {signed(-y)})", "changed both signs"),
            (f"({y}, {x})", "exchanged the numbers"),
        ),
    )


def long_side(draw: Draw) -> Question:
    a, b, c = draw.pick([(3, 4, 5), (6, 8, 10), (5, 12, 13), (8, 15, 17), (9, 12, 15), (7, 24, 25)])
    return Question(
        f"The short sides of a right triangle are {a} cm and {b} cm. How long is the third side?",
        f"{c} cm",
        (
            (f"{a + b} cm", "added the sides"),
            (f"{c * c} cm", "did not take the root"),
            (f"√{b * b - a * a} cm", "subtracted the squares"),
        ),
    )


def predict_from_line(draw: Draw) -> Question:
    slope, start, x = draw(2, 6), draw(10, 30), draw(4, 9)
    return Question(
        f"A line fitted to a scatter plot is y = {sum_of(slope, start)}. What does it predict for x = {x}?",
        str(slope * x + start),
        (
            (str(slope + x + start), "added instead of multiplying"),
            (str(slope * x), "left out where the line starts"),
            (str((slope + start) * x), "multiplied both numbers"),
        ),
    )


MAKERS = {
    "CC.2.1.7.D.1": (proportion, discount),
    "CC.2.1.7.E.1": (subtract_negative, negative_fraction),
    "CC.2.2.7.B.1": (expand, collect_terms),
    "CC.2.2.7.B.3": (two_step_equation,),
    "CC.2.3.7.A.1": (circle,),
    "CC.2.3.7.A.2": (scale_drawing,),
    "CC.2.4.7.B.3": (probability,),
    "CC.2.1.8.E.1": (irrational_number,),
    "CC.2.1.8.E.4": (root_between,),
    "CC.2.2.8.B.1": (multiply_powers, scientific_notation),
    "CC.2.2.8.B.2": (slope_of_points,),
    "CC.2.2.8.B.3": (unknown_on_both_sides,),
    "CC.2.2.8.C.1": (value_of_function, is_a_function),
    "CC.2.3.8.A.1": (volume_of_cylinder,),
    "CC.2.3.8.A.2": (flip_over_axis,),
    "CC.2.3.8.A.3": (long_side,),
    "CC.2.4.8.B.1": (predict_from_line,),
}
