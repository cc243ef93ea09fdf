"""What people type into the pages of test set-up, and what stands there then."""

from assessments.models import Result

SECRET = "zebra crossing"
QUESTION = {"points": "1", "label": "2", "standards": "CC.2.4.5.A.5", "text_A": "choice A", "text_B": "choice B"}
SET = {"grade": "05", "valid_from": "2025-07-01"}


def points():
    return dict(Result.objects.values_list("student", "points"))


def levels():
    return dict(Result.objects.values_list("student", "level"))


def set_of(*minimums, **typed):
    named = {f"name_{n}": name for n, name in enumerate(["Low", "Middle", "High"][: len(minimums)], 1)}
    return SET | named | {f"minimum_{n}": minimum for n, minimum in enumerate(minimums, 1)} | typed
