"""One act on many rows: planned line by line, looked at, done in one transaction, undone where nothing stands on it."""

from schools.bulk.acts import ACTS, Act, acts_on
from schools.bulk.changes import BulkRefused, Change, Line, digest_of
from schools.bulk.doing import carry_out, undo
from schools.bulk.letters import send_letters

__all__ = ["ACTS", "Act", "BulkRefused", "Change", "Line", "acts_on", "carry_out", "digest_of", "send_letters", "undo"]
