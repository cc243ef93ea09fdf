"""The sentence at the top of each page, and figures in words. Plain text: templates escape the names in it.

Page, print, mail and export say the same because they all ask here. Knows no Django.
"""

from assessments.sentences.classes import (
    ClassPicture,
    ItemMapPicture,
    QuestionPicture,
    StandardPicture,
    StrandPicture,
    class_sentence,
    item_map_sentence,
)
from assessments.sentences.figures import (
    BasisPicture,
    basis_line,
    count_of,
    day,
    percent,
    percent_of_points,
    range_words,
    rounded,
    scale_points,
    students_at_benchmark,
)
from assessments.sentences.schools import (
    GrowthPicture,
    NetworkPicture,
    SchoolPicture,
    network_sentence,
    school_sentence,
)
from assessments.sentences.uploads import UploadPicture, upload_sentence

__all__ = [
    "BasisPicture",
    "ClassPicture",
    "GrowthPicture",
    "ItemMapPicture",
    "NetworkPicture",
    "QuestionPicture",
    "SchoolPicture",
    "StandardPicture",
    "StrandPicture",
    "UploadPicture",
    "basis_line",
    "class_sentence",
    "count_of",
    "day",
    "item_map_sentence",
    "network_sentence",
    "percent",
    "percent_of_points",
    "range_words",
    "rounded",
    "scale_points",
    "school_sentence",
    "students_at_benchmark",
    "upload_sentence",
]
