"""The first page of everyone who signs in: the newest results in one sentence, what waits, what changed, where to go.

news     the sentence, and the page it leads to
waiting  what waits for the reader, and what changed since they were here
places   classes, schools and other places to go
"""

from pop_network.today.page import today

__all__ = ["today"]
