"""Files as they come in: the bytes and their row in one commit, then the bell."""

import hashlib
import zlib
from dataclasses import asdict, dataclass, field

from django.db import transaction

from assessments.models import Upload, UploadChunk, UploadEvent
from assessments.pipeline.bell import ADVANCE
from schools.bell import ring
from schools.models import District, School, User

CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Options:
    """What the person says of a file, beside the file. Empty means: the file says it itself."""

    assessment: str = ""
    window: str = ""
    school: str = ""
    format: str = ""
    create_students: bool = False
    complete_for: tuple[str, ...] = ()
    keep_absent: tuple[int, ...] = ()  # students who stay although a complete file does not name them
    publish: bool = False
    approve: bool = False
    tell_at: str = ""  # when those concerned are told, in ISO form; empty: as soon as it is published
    asks_columns: bool = False  # sent by the page: an unknown layout waits there until a person names its columns
    decisions: dict = field(default_factory=dict)

    @classmethod
    def of(cls, upload: Upload) -> "Options":
        """The options as they lie on the upload's row."""
        kept = dict(upload.options)
        for name in ("complete_for", "keep_absent"):
            kept[name] = tuple(kept.get(name, ()))
        return cls(**kept)


def accept_upload(
    *,
    district: District,
    data: bytes,
    filename: str,
    by: User | None,
    options: Options,
    students: bytes | None = None,
    school: School | None = None,
    wake_worker: bool = True,
) -> Upload:
    """Keep the file (and the roster half of a vendor's pair): queued, and never lost from here on.

    `school` limits the sender to one school. Without `wake_worker` the caller itself goes on with it.
    """
    with transaction.atomic():
        upload = Upload.objects.create(
            district=district,
            school=school,
            by=by,
            filename=filename[:255],
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            options=asdict(options),
        )
        UploadChunk.objects.bulk_create(_chunks(upload, "file", data))
        if students:
            UploadChunk.objects.bulk_create(_chunks(upload, "students", students))
        UploadEvent.objects.create(upload=upload, by=by, act="accepted", detail=f"{len(data)} bytes")
        if wake_worker:
            ring(ADVANCE, upload.pk)
    return upload


def file_of(upload: Upload, part: str = "file") -> bytes:
    """The bytes as they were sent; empty where the upload has no such part."""
    chunks = upload.chunks.filter(part=part).order_by("position").values_list("data", flat=True)
    return b"".join(zlib.decompress(chunk) for chunk in chunks)


def _chunks(upload: Upload, part: str, data: bytes) -> list[UploadChunk]:
    pieces = (data[start : start + CHUNK_BYTES] for start in range(0, max(len(data), 1), CHUNK_BYTES))
    return [
        UploadChunk(upload=upload, part=part, position=position, data=zlib.compress(piece, 1))
        for position, piece in enumerate(pieces)
    ]
