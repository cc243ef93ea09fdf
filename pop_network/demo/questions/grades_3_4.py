"""Question makers of grades 3 and 4, one or more for each standard. A maker may be called many times."""

from fractions import Fraction

from pop_network.demo.questions.making import Draw, Question, decimal, money, part, whole

NAMES = ("Amina", "Ben", "Carla", "Deshawn", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jun")


def round_to_hundred(draw: Draw) -> Question:
    number = 100 * draw(2, 8) + draw.pick([51, 57, 63, 68, 74, 83, 87, 91, 96])
    low = number // 100 * 100
    return Question(
        f"What is {number} rounded to the nearest hundred?",
        str(low + 100),
        (
            (str(low), "rounded down though the tens are 5 or more"),
            (str(round(number / 10) * 10), "rounded to the nearest ten"),
            (str(number // 10 * 10), "cut off the ones"),
        ),
    )


def subtract_with_regrouping(draw: Draw) -> Question:
    first, second = 100 * draw(5, 9) + draw(11, 34), 100 * draw(1, 3) + draw(56, 89)
    digits = zip(f"{first:03d}", f"{second:03d}", strict=True)
    smaller_from_larger = int("".join(str(abs(int(a) - int(b))) for a, b in digits))
    return Question(
        f"{first} - {second} = ?",
        str(first - second),
        (
            (str(smaller_from_larger), "took the smaller digit from the larger in each place"),
            (str(first - second + 100), "regrouped without lowering the hundreds"),
            (str(first + second), "added"),
        ),
    )


def shaded_part(draw: Draw) -> Question:
    bottom = draw.pick([3, 4, 6, 8])
    top = draw(1, bottom - 1)
    return Question(
        f"A bar is cut into {bottom} equal parts and {top} of them are shaded. What fraction is shaded?",
        part(top, bottom),
        (
            (part(bottom - top, bottom), "counted the parts that are not shaded"),
            (part(top, bottom - top), "compared shaded with not shaded parts"),
            (part(bottom, top), "turned the fraction over"),
        ),
    )


def larger_unit_fraction(draw: Draw) -> Question:
    small, large = draw.pick([(3, 8), (4, 8), (2, 6), (3, 6), (4, 6)])
    who, other = draw.pick(NAMES[:5]), draw.pick(NAMES[5:])
    return Question(
        f"{who} ate 1/{small} of a pizza and {other} ate 1/{large} of one of the same size. Who ate more?",
        f"{who}, because 1/{small} is larger",
        (
            (f"{other}, because {large} is larger than {small}", "compared the denominators as whole numbers"),
            ("Both ate the same", "looked at the numerators only"),
            ("It cannot be known", "did not use that the pizzas are of one size"),
        ),
    )


def point_on_a_line(draw: Draw) -> Question:
    bottom = draw.pick([3, 4, 6, 8])
    top = draw(2, bottom - 1)
    return Question(
        f"A line from 0 to 1 is cut into {bottom} equal steps. Which number is {top} steps from 0?",
        part(top, bottom),
        (
            (part(top, bottom + 1), "counted the marks and not the steps"),
            (str(top), "counted steps as whole numbers"),
            (part(1, top), "made the number of steps the denominator"),
        ),
    )


def equal_groups(draw: Draw) -> Question:
    groups, size = draw(4, 9), draw(3, 8)
    return Question(
        f"{draw.pick(NAMES)} puts {groups * size} markers into {groups} boxes, the same number in each. "
        "How many markers are in a box?",
        str(size),
        (
            (str(groups * size - groups), "subtracted"),
            (str(size + 1), "made a mistake in a division fact"),
            (str(groups * size + groups), "added"),
        ),
    )


def a_fact(draw: Draw) -> Question:
    first, second = draw(6, 9), draw(4, 9)
    return Question(
        f"{first} × {second} = ?",
        str(first * second),
        (
            (str(first * (second - 1)), "stopped one group early when skip counting"),
            (str(first + second), "added"),
            (str(first * second + 2), "made a mistake in a fact"),
        ),
    )


def buy_and_change(draw: Draw) -> Question:
    each, count = draw(3, 6), draw(3, 5)
    paid = 40
    return Question(
        f"{draw.pick(NAMES)} buys {count} books at ${each} each and pays with ${paid}. How much comes back?",
        f"${paid - each * count}",
        (
            (f"${each * count}", "stopped after the first step"),
            (f"${paid - each}", "took away the price of one"),
            (f"${paid - each - count}", "added where the story asks for multiplying"),
        ),
    )


def time_passed(draw: Draw) -> Question:
    hour, minute, later = draw(1, 8), draw.pick([35, 40, 45, 50]), draw.pick([30, 35, 40])
    end = minute + later - 60
    return Question(
        f"A lesson begins at {hour}:{minute} and lasts {later} minutes. When does it end?",
        f"{hour + 1}:{end:02d}",
        (
            (f"{hour}:{minute + later}", "did not trade 60 minutes for an hour"),
            (f"{hour}:{end:02d}", "forgot the hour"),
            (f"{hour + 1}:{(end + 40) % 60:02d}", "took an hour for 100 minutes"),
        ),
    )


def area_of_rectangle(draw: Draw) -> Question:
    long, wide = draw(6, 11), draw(3, 5)
    return Question(
        f"A rug is {long} feet long and {wide} feet wide. What is its area?",
        f"{long * wide} square feet",
        (
            (f"{2 * (long + wide)} square feet", "found the perimeter"),
            (f"{long + wide} square feet", "added the two sides"),
            (f"{long * wide} feet", "gave an area in feet"),
        ),
    )


def missing_side(draw: Draw) -> Question:
    long, wide = draw(8, 14), draw(3, 6)
    around = 2 * (long + wide)
    return Question(
        f"The distance around a rectangle is {around} inches. One side is {long} inches. How long is the other side?",
        f"{wide} inches",
        (
            (f"{around - long} inches", "took away one side only"),
            (f"{around - 2 * long} inches", "forgot to halve"),
            (f"{around // 2} inches", "halved and stopped"),
        ),
    )


def value_of_a_digit(draw: Draw) -> Question:
    digit, place = draw(2, 9), draw.pick([(1_000, "thousands"), (10_000, "ten thousands")])
    rest = draw(111, 989)
    number = digit * place[0] + (50_000 + rest if place[0] == 1_000 else 1_000 + rest)
    return Question(
        f"What is the value of the {digit} in the {place[1]} place of {whole(number)}?",
        whole(digit * place[0]),
        (
            (str(digit), "named the digit, not its value"),
            (whole(digit * place[0] // 10), "was one place too low"),
            (whole(digit * place[0] * 10), "was one place too high"),
        ),
    )


def two_digit_product(draw: Draw) -> Question:
    first, second = draw(23, 67), draw(12, 38)
    ones, tens = first * (second % 10), first * (second // 10)
    return Question(
        f"{first} × {second} = ?",
        whole(first * second),
        (
            (whole(ones + tens), "did not shift the second row"),
            (whole((first // 10) * (second // 10) * 100 + (first % 10) * (second % 10)), "left out the cross products"),
            (whole(first * second + 100), "carried once too often"),
        ),
    )


def same_size_fraction(draw: Draw) -> Question:
    top, bottom = draw.pick([(1, 2), (1, 3), (2, 3), (3, 4), (2, 5), (3, 5), (5, 6)])
    factor, plus = draw(2, 4), draw(2, 4)
    return Question(
        f"Which fraction is the same size as {part(top, bottom)}?",
        part(top * factor, bottom * factor),
        (
            (part(top + plus, bottom + plus), "added the same number above and below"),
            (part(top, bottom * factor), "multiplied the denominator only"),
            (part(top * factor, bottom), "multiplied the numerator only"),
        ),
    )


def compare_fractions(draw: Draw) -> Question:
    (a, b), (c, d) = draw.pick(
        [((2, 3), (5, 8)), ((3, 4), (5, 6)), ((2, 5), (3, 10)), ((5, 12), (1, 3)), ((3, 8), (1, 2))]
    )
    sign = ">" if Fraction(a, b) > Fraction(c, d) else "<"
    wrong = "<" if sign == ">" else ">"
    return Question(
        f"Which is true of {part(a, b)} and {part(c, d)}?",
        f"{part(a, b)} {sign} {part(c, d)}",
        (
            (f"{part(a, b)} {wrong} {part(c, d)}", "compared numerators or denominators alone"),
            (f"{part(a, b)} = {part(c, d)}", "took fractions for equal that are one part apart"),
            ("They cannot be compared", "did not look for a common denominator"),
        ),
    )


def add_like_fractions(draw: Draw) -> Question:
    bottom = draw.pick([5, 6, 8, 10, 12])
    first, second = draw(1, bottom // 2), draw(1, bottom // 2)
    return Question(
        f"{part(first, bottom)} + {part(second, bottom)} = ?",
        part(first + second, bottom),
        (
            (part(first + second, 2 * bottom), "added the denominators too"),
            (part(first * second, bottom), "multiplied the numerators"),
            (part(abs(first - second) or 1, bottom), "subtracted"),
        ),
    )


def whole_times_fraction(draw: Draw) -> Question:
    times, bottom = draw(3, 6), draw.pick([4, 5, 8, 10])
    top = draw(2, 3)
    return Question(
        f"{draw.pick(NAMES)} drinks {part(top, bottom)} of a liter each day. How much is that in {times} days?",
        f"{part(times * top, bottom)} of a liter",
        (
            (f"{part(times * top, times * bottom)} of a liter", "multiplied above and below"),
            (f"{part(times + top, bottom)} of a liter", "added the days to the numerator"),
            (f"{part(top, times * bottom)} of a liter", "multiplied the denominator"),
        ),
    )


def fraction_as_decimal(draw: Draw) -> Question:
    top = draw(2, 9)
    return Question(
        f"Which decimal is {top}/100?",
        f"0.0{top}",
        (
            (f"0.{top}", "wrote tenths"),
            (f"{top}.00", "wrote ones"),
            (f"0.00{top}", "wrote thousandths"),
        ),
    )


def buses_needed(draw: Draw) -> Question:
    seats, full, over = draw.pick([24, 28, 32]), draw(3, 6), draw(3, 15)
    people = seats * full + over
    return Question(
        f"{people} students go on a trip. A bus has {seats} seats. How many buses are needed?",
        str(full + 1),
        (
            (str(full), "left the remainder out"),
            (str(over), "answered with the remainder"),
            (f"{full} R {over}", "did not say what the remainder means"),
        ),
    )


def which_is_a_factor(draw: Draw) -> Question:
    first, second = draw.pick([(4, 9), (6, 7), (6, 8), (7, 8), (4, 12), (6, 9)])
    number = first * second
    other = next(n for n in (10, 5, 11, 13) if number % n)
    return Question(
        f"Which is a factor of {number}?",
        str(second),
        (
            (str(number * 2), "took a multiple for a factor"),
            (str(other), "guessed a number that does not divide it"),
            (str(number + first), "counted on to the next multiple"),
        ),
    )


def larger_to_smaller_unit(draw: Draw) -> Question:
    unit, small, factor = draw.pick(
        [
            ("feet", "inches", 12),
            ("hours", "minutes", 60),
            ("kilograms", "grams", 1_000),
            ("meters", "centimeters", 100),
        ]
    )
    count = draw(3, 8)
    wrong = {12: 10, 60: 100, 1_000: 100, 100: 10}[factor]
    return Question(
        f"How many {small} are {count} {unit}?",
        f"{whole(count * factor)} {small}",
        (
            (f"{whole(count * wrong)} {small}", f"took 1 for {wrong}"),
            (f"{whole(count + factor)} {small}", "added"),
            (f"{whole(count * factor * 10)} {small}", "was one place too high"),
        ),
    )


def unknown_angle(draw: Draw) -> Question:
    known = draw(21, 69)
    return Question(
        f"A right angle is cut into two angles. One measures {known}°. What is the other?",
        f"{90 - known}°",
        (
            (f"{180 - known}°", "took a right angle for 180°"),
            (f"{100 - known}°", "took a right angle for 100°"),
            (f"{90 + known}°", "added"),
        ),
    )


def price_in_coins(draw: Draw) -> Question:
    cents = draw(2, 9)
    dollars = draw(2, 7)
    return Question(
        f"Which is {dollars} dollars and {cents} cents?",
        money(100 * dollars + cents),
        (
            (f"${dollars}.{cents}", "left out the zero"),
            (money(100 * dollars + 10 * cents), "wrote tens of cents"),
            (f"${decimal(dollars * 10 + cents / 10)}0", "moved the point"),
        ),
    )


MAKERS = {
    "CC.2.1.3.B.1": (round_to_hundred, subtract_with_regrouping),
    "CC.2.1.3.C.1": (shaded_part, larger_unit_fraction, point_on_a_line),
    "CC.2.2.3.A.1": (equal_groups,),
    "CC.2.2.3.A.3": (a_fact,),
    "CC.2.2.3.A.4": (buy_and_change,),
    "CC.2.4.3.A.2": (time_passed,),
    "CC.2.4.3.A.5": (area_of_rectangle,),
    "CC.2.4.3.A.6": (missing_side,),
    "CC.2.1.4.B.1": (value_of_a_digit,),
    "CC.2.1.4.B.2": (two_digit_product,),
    "CC.2.1.4.C.1": (same_size_fraction, compare_fractions),
    "CC.2.1.4.C.2": (add_like_fractions, whole_times_fraction),
    "CC.2.1.4.C.3": (fraction_as_decimal, price_in_coins),
    "CC.2.2.4.A.1": (buses_needed,),
    "CC.2.2.4.A.2": (which_is_a_factor,),
    "CC.2.4.4.A.1": (larger_to_smaller_unit,),
    "CC.2.4.4.A.6": (unknown_angle,),
}
