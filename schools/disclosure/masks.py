"""How a rate is written, and what a reader learns from it. All in whole numbers, so that no rounding can surprise."""

BANDS = ((20, 20), (40, 10), (100, 5), (200, 2))
"""Up to how many students, and the width of the masked band at either end in percent."""

BAND_OF_MORE = 1

VALUES_OF_A_RATE = 3
"""A hidden or masked number of students at benchmark must keep at least so many possible values."""


def band(n: int) -> int:
    """The masked band of a group of n students, in percent: at or below it, and at or above 100 minus it."""
    return next((width for most, width in BANDS if n <= most), BAND_OF_MORE)


def is_masked(n: int, k: int) -> bool:
    """Whether the rate k of n lies in a band at either end."""
    return 100 * k <= band(n) * n or 100 * (n - k) <= band(n) * n


def written_rate(n: int, k: int) -> str:
    """The rate k of n (n at least 1) as readers get it: "<=20%", ">=80%", or a whole percent, half rounded up."""
    width = band(n)
    if 100 * k <= width * n:
        return f"<={width}%"
    if 100 * (n - k) <= width * n:
        return f">={100 - width}%"
    return f"{(200 * k + n) // (2 * n)}%"


def is_exact(rate: str | None) -> bool:
    """Whether a written rate is a whole percent, not a mask and not withheld."""
    return rate is not None and rate[0] not in "<>"


def possible_k(n: int, rate: str | None) -> tuple[int, int]:
    """The least and the greatest k that a reader of n and the written rate must reckon with, both included.

    A whole percent also tells that the rate is outside the masked bands, since the rule is public.
    Raises ValueError where no k at all is written like this.
    """
    if rate is None:
        return 0, n
    width = band(n)
    low_end, high_end = width * n // 100, n - width * n // 100
    if rate.startswith("<="):
        return 0, low_end
    if rate.startswith(">="):
        return high_end, n
    percent = int(rate.rstrip("%"))
    least = max(-(-(2 * percent - 1) * n // 200), low_end + 1)
    most = min(-(-(2 * percent + 1) * n // 200) - 1, high_end - 1)
    if least > most:
        raise ValueError(f"No number of {n} students is written {rate}.")
    return least, most
