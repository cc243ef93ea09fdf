"""Two rows that are one student, or one person: found, laid side by side, merged, and parted again exactly.

The row that goes stays as a pointer (`merged_into`): its number, address and OneRoster id lead to the one that is kept.
Everything that named it names the kept one, but for the logs, which say what was said then.
"""

from schools.merging.acts import merge, part
from schools.merging.movers import add_mover
from schools.merging.refusals import MergeRefused, why_not

__all__ = ["MergeRefused", "add_mover", "merge", "part", "why_not"]
