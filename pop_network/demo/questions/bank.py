"""Every question maker by the code of its standard, and the questions that students answer in their own words."""

from pop_network.demo.questions import grades_3_4, grades_5_6, grades_7_8

MAKERS = grades_3_4.MAKERS | grades_5_6.MAKERS | grades_7_8.MAKERS


def in_own_words(short_name: str, points: int) -> str:
    """The text of a question without choices, scored by a person from 0 to `points`."""
    return (
        f"{short_name}: solve the problem on your sheet, show each step, and explain why your answer makes sense. "
        f"({points} points)"
    )
