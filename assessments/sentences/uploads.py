"""The sentence of an upload: rows ready, rows that need a person, and whether anything is published."""

from dataclasses import dataclass

from assessments.sentences.figures import count_of

NOTHING_YET = "Nothing is published yet."
YOU_CAN_LEAVE = "You can leave; it goes on."


@dataclass(frozen=True, slots=True)
class UploadPicture:
    """An upload: its state by name, and its rows.

    rows      known in the file, 0 while nobody knows
    read      rows read so far; ready: rows fit to publish; waiting: rows that need a person
    held_by   who approves it, where it stands over a limit
    reason    why it was rejected or failed: one sentence
    unmapped  its layout is one nobody has seen, and it waits for a person to name the columns
    """

    state: str
    file: str
    rows: int = 0
    read: int = 0
    ready: int = 0
    waiting: int = 0
    held_by: str = ""
    reason: str = ""
    unmapped: bool = False


def upload_sentence(picture: UploadPicture) -> str:
    """What the person who sent the file should know. Raises ValueError for a state nobody has named."""
    match picture.state:
        case "queued":
            return f"{picture.file} is safe and waits its turn. {YOU_CAN_LEAVE} {NOTHING_YET}"
        case "checking":
            return f"Checking {picture.file}: {_progress(picture)}. {YOU_CAN_LEAVE} {NOTHING_YET}"
        case "needs_review" if picture.unmapped:
            return f"The portal does not know the columns of {picture.file} yet. {NOTHING_YET}"
        case "ready" | "needs_review":
            return f"{_ready(picture)} {NOTHING_YET}"
        case "publishing":
            return f"Publishing {_rows(picture.ready)}. {YOU_CAN_LEAVE} Readers see the earlier results until then."
        case "published":
            return f"Published: {_rows_of(picture)}.{_waiting(picture)}"
        case "rejected":
            return _with_reason(f"{picture.file} can't be used", picture.reason)
        case "failed":
            return _with_reason(f"Something went wrong with {picture.file}", picture.reason)
        case "undone":
            return f"Undone: the results are as they were before {picture.file}."
        case "cancelled":
            return f"{picture.file} was cancelled. Nothing of it is published."
    raise ValueError(f"an upload has no state {picture.state}")


def doubtful_key_sentence(question: str, share: int, letter: str, key: str) -> str:
    """A question whose key may be wrong; `share` is the whole per cent of those who chose anything."""
    return f"Question {question}: {share} % chose {letter}, the key says {key}. Wrong key?"


def doubtful_school_sentence(school: str, share: int, window: str, before: int) -> str:
    """A school whose answers may stand in the wrong columns: whole per cents of the points now and in `window`."""
    return f"{school}: {share} % of the points, {window} {before} %. Columns shifted?"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _rows_of(picture: UploadPicture) -> str:
    return f"{count_of(picture.ready, picture.rows)} rows"


def _progress(picture: UploadPicture) -> str:
    if not picture.rows:
        return f"{_rows(picture.read)} read"
    return f"{count_of(picture.read, picture.rows)} rows read"


def _waiting(picture: UploadPicture) -> str:
    if not picture.waiting:
        return ""
    return f" {_rows(picture.waiting)} {'needs' if picture.waiting == 1 else 'need'} you."


def _ready(picture: UploadPicture) -> str:
    if not picture.ready:
        return f"No row of {picture.file} is ready to publish.{_waiting(picture)}"
    approval = f" It waits for {picture.held_by} to approve it." if picture.held_by else ""
    return f"Ready to publish: {_rows_of(picture)}.{_waiting(picture)}{approval}"


def _with_reason(said: str, reason: str) -> str:
    return f"{said}: {reason} {NOTHING_YET}" if reason else f"{said}. {NOTHING_YET}"
