"""Question makers of grades 5 and 6, one or more for each standard. A maker may be called many times."""

from fractions import Fraction
from math import gcd, lcm

from pop_network.demo.questions.making import (
    MINUS,
    Draw,
    Question,
    decimal,
    part,
    reduced,
    signed,
    whole,
)

UNLIKE = [(2, 3), (3, 4), (2, 5), (3, 5), (4, 6), (3, 8), (5, 6), (4, 5)]


def round_decimal(draw: Draw) -> Question:
    units, tenths, hundredths = draw(2, 9), draw(1, 8), draw(5, 9)
    return Question(
        f"What is {units}.{tenths}{hundredths} rounded to the nearest tenth?",
        f"{units}.{tenths + 1}",
        (
            (f"{units}.{tenths}", "cut off the hundredths"),
            (str(units + (tenths >= 5)), "rounded to a whole number"),
            (f"{units}.{tenths + 1}{hundredths}", "changed the tenths and kept the rest"),
        ),
    )


def times_power_of_ten(draw: Draw) -> Question:
    number, power = draw(12, 98) / 10, draw(2, 3)
    return Question(
        f"{decimal(number)} × 10{'²³'[power - 2]} = ?",
        whole(round(number * 10**power)),
        (
            (f"{decimal(number)}{'0' * power}", "wrote zeros at the end"),
            (whole(round(number * 10 * power)), "multiplied by the exponent"),
            (decimal(number / 10**power, 5), "moved the point the wrong way"),
        ),
    )


def subtract_decimals(draw: Draw) -> Question:
    first, second = draw(5, 9), draw(12, 48)
    return Question(
        f"{first} {MINUS} {second / 10:.1f} = ?",
        decimal(first - second / 10),
        (
            (decimal(first - second // 10 + second % 10 / 10), "brought the tenths down"),
            (decimal(abs(second - first) / 10), "lined up the last digits, not the points"),
            (decimal(first + second / 10), "added"),
        ),
    )


def multiply_decimals(draw: Draw) -> Question:
    first, second = draw(3, 9), draw(3, 9)
    return Question(
        f"0.{first} × 0.{second} = ?",
        decimal(first * second / 100),
        (
            (decimal(first * second / 10), "kept one decimal place"),
            (str(first * second), "left out the point"),
            (decimal(first * second / 1000, 3), "kept three decimal places"),
        ),
    )


def add_unlike_fractions(draw: Draw) -> Question:
    b, d = draw.pick(UNLIKE)
    a, c = draw(1, b - 1), draw(1, d - 1)
    value = Fraction(a, b) + Fraction(c, d)
    return Question(
        f"{part(a, b)} + {part(c, d)} = ?",
        reduced(value),
        (
            (part(a + c, b + d), "added the numerators and the denominators"),
            (part(a + c, lcm(b, d)), "found a common denominator and kept the numerators"),
            (part(a + c, max(b, d)), "added the numerators and took the larger denominator"),
        ),
    )


def subtract_unlike_fractions(draw: Draw) -> Question:
    b, d = draw.pick(UNLIKE)
    a, c = b - 1, draw(1, d - 1)
    value = abs(Fraction(a, b) - Fraction(c, d))
    larger, smaller = ((a, b), (c, d)) if Fraction(a, b) >= Fraction(c, d) else ((c, d), (a, b))
    tops, bottoms = abs(larger[0] - smaller[0]), abs(larger[1] - smaller[1])
    return Question(
        f"{part(*larger)} {MINUS} {part(*smaller)} = ?",
        reduced(value),
        (
            (part(tops or 1, bottoms), "subtracted the numerators and the denominators"),
            (part(tops or 1, lcm(b, d)), "found a common denominator and kept the numerators"),
            (part(larger[0] + smaller[0], lcm(b, d)), "added the numerators"),
        ),
    )


def multiply_fractions(draw: Draw) -> Question:
    a, b = draw.pick([(1, 2), (2, 3), (3, 4), (2, 5), (4, 5)])
    c, d = draw.pick([(1, 3), (3, 5), (5, 6), (5, 8), (3, 7)])
    return Question(
        f"{part(a, b)} × {part(c, d)} = ?",
        reduced(Fraction(a * c, b * d)),
        (
            (reduced(Fraction(a * d, b * c)), "turned the second fraction over"),
            (part(a * c, b + d), "added the denominators"),
            (part(a + c, b * d), "added the numerators"),
        ),
    )


def whole_by_unit_fraction(draw: Draw) -> Question:
    count, bottom = draw(2, 9), draw.pick([3, 4, 5, 6])
    return Question(
        f"How many pieces of 1/{bottom} foot can be cut from a board of {count} feet?",
        str(count * bottom),
        (
            (part(count, bottom), "multiplied by the fraction"),
            (part(bottom, count), "turned the whole number over"),
            (str(count + bottom), "added"),
        ),
    )


def with_parentheses(draw: Draw) -> Question:
    a, b, c = draw(2, 6), draw(3, 9), draw(2, 8)
    return Question(
        f"{a} × ({b} + {c}) = ?",
        str(a * (b + c)),
        (
            (str(a * b + c), "went from left to right without the parentheses"),
            (str(a + b + c), "added all three"),
            (str(a * b * c), "multiplied all three"),
        ),
    )


def two_patterns(draw: Draw) -> Question:
    step, factor, place = draw(2, 4), draw(2, 3), draw(5, 8)
    return Question(
        f"One pattern starts at 0 and adds {step}. The other starts at 0 and adds {step * factor}. "
        f"How do their terms go together?",
        f"The second is {factor} times the first",
        (
            (f"The second is {step * factor - step} more than the first", "looked at the first step only"),
            (f"The first is {factor} times the second", "turned the relation over"),
            (f"The second is {place} more than the first", "compared two terms of different places"),
        ),
    )


def point_in_quadrant(draw: Draw) -> Question:
    x, y = draw(2, 9), draw(2, 9)
    return Question(
        f"From the origin, go {x} to the right and {y} up. Where are you?",
        f"({x}, {y})",
        (
            (f"({y}, {x})", "wrote the two numbers the other way round"),
            (f"({x}, 0)", "stayed on the axis"),
            (f"({x}, {x + y})", "went on counting"),
        ),
    )


def smaller_to_larger_unit(draw: Draw) -> Question:
    unit, large, factor = draw.pick(
        [("centimeters", "meters", 100), ("grams", "kilograms", 1_000), ("ounces", "pounds", 16)]
    )
    count = draw(2, 9)
    return Question(
        f"How many {large} are {whole(count * factor)} {unit}?",
        f"{count} {large}",
        (
            (f"{whole(count * factor * factor)} {large}", "multiplied where dividing is needed"),
            (f"{count * 10} {large}", "was one place too high"),
            (f"{decimal(count / 10, 1)} {large}", "was one place too low"),
        ),
    )


def volume_of_box(draw: Draw) -> Question:
    long, wide, high = draw(4, 9), draw(2, 6), draw(2, 5)
    return Question(
        f"A box is {long} cm long, {wide} cm wide and {high} cm high. What is its volume?",
        f"{long * wide * high} cubic cm",
        (
            (f"{long * wide + high} cubic cm", "added the height to the area of the base"),
            (f"{long + wide + high} cubic cm", "added the three edges"),
            (f"{2 * (long * wide + wide * high + long * high)} cubic cm", "found the surface"),
        ),
    )


def unit_rate(draw: Draw) -> Question:
    each, count = draw(3, 9), draw(4, 9)
    return Question(
        f"{count} notebooks cost ${each * count}. At that rate, what do {count + 3} notebooks cost?",
        f"${each * (count + 3)}",
        (
            (f"${each * count + 3}", "added 3 to the price"),
            (f"${each * count * 3}", "multiplied the price by 3"),
            (f"${count * (count + 3)}", "took the number of notebooks for the price of one"),
        ),
    )


def simplest_ratio(draw: Draw) -> Question:
    first, second, factor = draw(2, 5), draw(3, 7), draw(2, 4)
    if gcd(first, second) > 1:
        second += 1
    boys, girls = first * factor, second * factor
    return Question(
        f"A club has {boys} fifth graders and {girls} sixth graders. What is the ratio of fifth graders to all?",
        f"{part(boys, boys + girls)} = {reduced(Fraction(boys, boys + girls))}",
        (
            (f"{part(boys, girls)} = {part(first, second)}", "compared a part with the other part"),
            (f"{part(girls, boys + girls)}", "took the other part"),
            (f"{part(boys + girls, boys)}", "turned the ratio over"),
        ),
    )


def percent_of(draw: Draw) -> Question:
    percent, base = draw.pick([20, 25, 30, 40, 60, 75]), draw.pick([40, 60, 80, 120, 160])
    return Question(
        f"What is {percent} % of {base}?",
        decimal(base * percent / 100),
        (
            (str(base - percent), "subtracted the percent"),
            (decimal(base / percent, 1), "divided by the percent"),
            (decimal(base * percent / 10), "was one place too high"),
        ),
    )


def divide_fractions(draw: Draw) -> Question:
    a, b = draw.pick([(2, 3), (3, 4), (4, 5), (5, 6), (3, 5)])
    c, d = draw.pick([(1, 4), (2, 5), (1, 6), (3, 8), (2, 7)])
    return Question(
        f"{part(a, b)} ÷ {part(c, d)} = ?",
        reduced(Fraction(a * d, b * c)),
        (
            (reduced(Fraction(a * c, b * d)), "multiplied without turning the second fraction over"),
            (reduced(Fraction(b * c, a * d)), "turned the first fraction over"),
            (part(a + d, b + c), "turned one over and added"),
        ),
    )


def servings(draw: Draw) -> Question:
    count, bottom = draw(2, 5), draw.pick([3, 4, 5])
    amount = Fraction(count * (bottom - 1), bottom)
    return Question(
        f"A pot holds {reduced(amount)} liters of soup. A bowl holds {part(bottom - 1, bottom)} of a liter. "
        "How many bowls can be filled?",
        str(count),
        (
            (reduced(amount * Fraction(bottom - 1, bottom)), "multiplied"),
            (reduced(amount - Fraction(bottom - 1, bottom)), "subtracted one bowl"),
            (str(count * bottom), "divided by a part of one bowl"),
        ),
    )


def long_division(draw: Draw) -> Question:
    answer, by = 100 * draw(1, 4) + draw(3, 9), draw(6, 9)
    return Question(
        f"{whole(answer * by)} ÷ {by} = ?",
        str(answer),
        (
            (f"{answer // 100}{answer % 10}", "left out the zero in the tens"),
            (f"{answer // 100}{answer % 10}0", "wrote the zero at the end"),
            (str(answer + 10), "brought a digit down twice"),
        ),
    )


def greatest_common_factor(draw: Draw) -> Question:
    factor, (a, b) = draw.pick([4, 6, 8, 9]), draw.pick([(2, 3), (3, 4), (3, 5), (4, 5)])
    return Question(
        f"What is the greatest common factor of {factor * a} and {factor * b}?",
        str(factor),
        (
            (str(next(n for n in (2, 3) if factor % n == 0)), "stopped at a common factor that is not the greatest"),
            (whole(factor * a * b), "found the least common multiple"),
            (str(factor * (b - a) + 1), "worked with the difference"),
        ),
    )


def order_negatives(draw: Draw) -> Question:
    a, b, c = sorted({draw(2, 5), draw(6, 9), draw(10, 14)})
    return Question(
        f"Which list goes from least to greatest: the numbers {signed(-b)}, {a}, {signed(-c)}?",
        f"{signed(-c)}, {signed(-b)}, {a}",
        (
            (f"{a}, {signed(-b)}, {signed(-c)}", "ordered by size without the signs"),
            (f"{signed(-b)}, {signed(-c)}, {a}", "took the negative nearer to zero for the smaller"),
            (f"{a}, {signed(-c)}, {signed(-b)}", "put the positive number first"),
        ),
    )


def write_expression(draw: Draw) -> Question:
    times, less = draw(2, 9), draw(2, 9)
    return Question(
        f'Which expression means "{less} less than {times} times a number n"?',
        f"{times}n {MINUS} {less}",
        (
            (f"{less} {MINUS} {times}n", "wrote the words in their order"),
            (f"{times}(n {MINUS} {less})", "multiplied the difference"),
            (f"{times} {MINUS} {less}n", "gave the factor to the wrong number"),
        ),
    )


def value_of_expression(draw: Draw) -> Question:
    a, b, n = draw(2, 6), draw(2, 9), draw(3, 8)
    return Question(
        f"What is {a}n + {b} for n = {n}?",
        str(a * n + b),
        (
            (str(10 * a + n + b), "wrote n beside the factor instead of multiplying"),
            (str(a * (n + b)), "added first"),
            (str(a + n + b), "added all three"),
        ),
    )


def one_step_equation(draw: Draw) -> Question:
    factor, x = draw(3, 9), draw(4, 12)
    return Question(
        f"{factor}x = {factor * x}. What is x?",
        str(x),
        (
            (str(factor * x - factor), "subtracted the factor"),
            (str(factor * factor * x), "multiplied once more"),
            (str(factor * x + factor), "added the factor"),
        ),
    )


def area_of_triangle(draw: Draw) -> Question:
    base, height = 2 * draw(3, 7), draw(5, 11)
    return Question(
        f"A triangle has a base of {base} cm and a height of {height} cm. What is its area?",
        f"{base * height // 2} square cm",
        (
            (f"{base * height} square cm", "did not halve"),
            (f"{base + height} square cm", "added base and height"),
            (f"{2 * (base + height)} square cm", "found the perimeter of a rectangle"),
        ),
    )


def median_of_five(draw: Draw) -> Question:
    values = [draw(2, 6), draw(13, 19), draw(7, 9), draw(20, 30), draw(10, 12)]
    ordered = sorted(values)
    return Question(
        f"What is the median of {', '.join(map(str, values))}?",
        str(ordered[2]),
        (
            (str(values[2]), "took the middle of the list as it stands"),
            (decimal(sum(values) / 5, 1), "found the mean"),
            (str(ordered[-1] - ordered[0]), "found the range"),
        ),
    )


MAKERS = {
    "CC.2.1.5.B.1": (round_decimal, times_power_of_ten),
    "CC.2.1.5.B.2": (subtract_decimals, multiply_decimals),
    "CC.2.1.5.C.1": (add_unlike_fractions, subtract_unlike_fractions),
    "CC.2.1.5.C.2": (multiply_fractions, whole_by_unit_fraction),
    "CC.2.2.5.A.1": (with_parentheses,),
    "CC.2.2.5.A.4": (two_patterns,),
    "CC.2.3.5.A.1": (point_in_quadrant,),
    "CC.2.4.5.A.1": (smaller_to_larger_unit,),
    "CC.2.4.5.A.5": (volume_of_box,),
    "CC.2.1.6.D.1": (unit_rate, simplest_ratio, percent_of),
    "CC.2.1.6.E.1": (divide_fractions, servings),
    "CC.2.1.6.E.2": (long_division,),
    "CC.2.1.6.E.3": (greatest_common_factor,),
    "CC.2.1.6.E.4": (order_negatives,),
    "CC.2.2.6.B.1": (write_expression, value_of_expression),
    "CC.2.2.6.B.2": (one_step_equation,),
    "CC.2.3.6.A.1": (area_of_triangle,),
    "CC.2.4.6.B.1": (median_of_five,),
}
