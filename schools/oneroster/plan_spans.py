"""What changes in dated rows, for many people at once: stays, seats and staff go through the same rules.

What is as the roster says already, and what is wholly new, is found by columns; only the rest is laid out one by one
(`timeline.lay`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from schools.oneroster.timeline import NEW, Span, Wanted, lay

SPAN = ["key", "place", "label", "starts", "ends"]


@dataclass(frozen=True, slots=True)
class SpanChanges:
    """new: key, place, label, starts, ends. changed: the same with id. ended: id, ends. touched: keys that change."""

    new: pd.DataFrame
    changed: pd.DataFrame
    ended: pd.DataFrame
    touched: np.ndarray


def plan_spans(now: pd.DataFrame, wanted: pd.DataFrame, *, follow_starts: bool = True) -> SpanChanges:
    """The changes that make the rows `now` into what is `wanted`.

    Both have `key` (an integer: whose rows), place, label, starts, ends. `now` has `id`, `may_end` (whether absence
    from the roster ends it); `wanted` has `starts_known` and `day`, the day the roster speaks of. `now` has `day` too.
    """
    wanted = without_shared_days(wanted)
    single = ~wanted["key"].duplicated(keep=False).to_numpy()
    known = wanted["key"].isin(now["key"]).to_numpy()
    alone = now[~now["key"].duplicated(keep=False)]
    at = pd.Index(alone["key"]).get_indexer(wanted["key"])
    same = single & (at >= 0)
    same[same] = says_the_same(alone.iloc[at[same]], wanted[same], follow_starts)
    new = wanted[~known]
    laid_new, changed, touched = lay_out(now, wanted[known & ~same], follow_starts)
    gone = now[~now["key"].isin(wanted["key"]) & now["may_end"].astype(bool)]
    until = np.minimum(gone["ends"], np.maximum(gone["starts"], gone["day"] - 1))
    shorter = (until < gone["ends"]).to_numpy()
    ends = pd.DataFrame({"id": gone["id"][shorter], "key": gone["key"][shorter], "ends": until[shorter]})
    return SpanChanges(
        new=pd.concat([new[SPAN], laid_new[SPAN]], ignore_index=True) if len(laid_new) else new[SPAN],
        changed=changed,
        ended=ends.reset_index(drop=True),
        touched=pd.unique(np.concatenate([new["key"].to_numpy(np.int64), touched])),
    )


def says_the_same(now: pd.DataFrame, wanted: pd.DataFrame, follow_starts: bool) -> np.ndarray:
    """A mask of the pairs of rows that need no change."""
    starts, theirs = now["starts"].to_numpy(), wanted["starts"].to_numpy()
    known = wanted["starts_known"].to_numpy(bool)
    label = wanted["label"].to_numpy(object)
    begun = starts <= np.maximum(theirs, wanted["day"].to_numpy())
    named = starts == theirs if follow_starts else starts <= theirs
    return (
        (now["place"].to_numpy() == wanted["place"].to_numpy())
        & ((now["label"].to_numpy(object) == label) | (label == ""))
        & (now["ends"].to_numpy() == wanted["ends"].to_numpy())
        & np.where(known, named, begun)
    )


def without_shared_days(wanted: pd.DataFrame) -> pd.DataFrame:
    """Rows of one key that share days (a pupil listed twice in a class) as one row from the first day to the last.

    Only rows of one place are joined; those of different places share no day to begin with.
    """
    doubled = wanted["key"].duplicated(keep=False).to_numpy()
    if not doubled.any():
        return wanted
    joined: list[dict] = []
    for row in wanted[doubled].sort_values(["key", "starts"], kind="stable").to_dict("records"):
        before = joined[-1] if joined else None
        if (
            before
            and before["key"] == row["key"]
            and before["place"] == row["place"]
            and row["starts"] <= before["ends"]
        ):
            before["ends"] = max(before["ends"], row["ends"])
        else:
            joined.append(row)
    return pd.concat([wanted[~doubled], pd.DataFrame(joined, columns=wanted.columns)], ignore_index=True)


def lay_out(
    now: pd.DataFrame, wanted: pd.DataFrame, follow_starts: bool
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """New rows, changed rows and touched keys for the people whose rows have to be looked at one by one."""
    before: dict[int, list[Span]] = {}
    for key, *span in now[now["key"].isin(wanted["key"])][["key", "id", "place", "label", "starts", "ends"]].itertuples(
        index=False
    ):
        before.setdefault(key, []).append(Span(*span))
    wishes: dict[int, tuple[int, list[Wanted]]] = {}
    for row in wanted[[*SPAN, "starts_known", "day"]].itertuples(index=False):
        _, wishes_of = wishes.setdefault(row.key, (row.day, []))
        wishes_of.append(Wanted(row.place, row.label, row.starts, row.ends, bool(row.starts_known)))
    new, changed, touched = [], [], []
    for key, (day, wants) in wishes.items():
        spans = {span.id: span for span in before[key]}
        for span in lay(before[key], wants, day, follow_starts=follow_starts):
            if span.id != NEW and span == spans[span.id]:
                continue
            touched.append(key)
            row = (key, span.place, span.label, span.starts, span.ends)
            if span.id == NEW:
                new.append(row)
            else:
                changed.append((span.id, *row))
    return (
        pd.DataFrame(new, columns=SPAN),
        pd.DataFrame(changed, columns=["id", *SPAN]),
        np.array(touched, np.int64),
    )
