"""Grades as small whole numbers, for arrays and for the wire: 0 is unknown, then PK, KG, 01 ... in their order."""

from schools.models import GRADES

GRADE_OF_CODE = ["", *GRADES]
GRADE_CODES = {grade: code for code, grade in enumerate(GRADE_OF_CODE)}
