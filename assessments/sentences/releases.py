"""Released figures in words."""


def rate_words(rate: str) -> str:
    """A released share in words: "41%" is "41 %", "<=20%" is "20 % or fewer", ">=90%" is "90 % or more"."""
    if rate.startswith("<="):
        return f"{rate[2:-1]}\u00a0% or fewer"
    if rate.startswith(">="):
        return f"{rate[2:-1]}\u00a0% or more"
    return f"{rate[:-1]}\u00a0%"


def own_school_sentence(rate: str, grown: str, since: str) -> str:
    """What was released of a school, to those who may read no more of the whole; "" is not shown."""
    told = [f"{rate_words(rate)} of students at benchmark"] if rate else []
    told += [f"growth since {since} {grown} scale points"] if grown else []
    return f"As released: {', '.join(told)}." if told else "Results of the whole school are not shown."


def standard_sentence(standard: str, mean: int | None, window: str) -> str:
    """What the network got of the points of one standard; None is not shown."""
    if mean is None:
        return f"Results on {standard} in {window} are released; the network's own figure is not shown."
    return f"On {standard} the network's students got {mean}\u00a0% of the points in {window}."


def none_shown_sentence(kind: str, count: int) -> str:
    """In place of `count` schools or grades (`kind`: "school", "grade") of which nothing may be shown."""
    return f"Of the {count} {kind}s none is shown here." if count > 1 else f"The one {kind} is not shown here."
