"""Changes laid over the roster that stands: what comes out is a whole roster, and is planned like any other.

A row of changes stands in for the row of its id, or takes it out; what names a record that is taken out goes with it.
Rows that stood already keep their place, and nothing is said of them. Pure.
"""

import csv
import io
import zipfile

import numpy as np
import pandas as pd

from schools.oneroster.layout import ALWAYS, MANIFEST, REFERENCES, layouts_with
from schools.oneroster.package import FAST, ZIP_DAY, Package, manifest_text, refuse_without_roles
from schools.oneroster.part import Part
from schools.oneroster.places import leave_out_deleted_and_doubled
from schools.oneroster.strict import moments, refused


def laid_over(package: Package, base: Package | None) -> Package:
    """The whole roster that `package` makes of `base` (None: nothing stands yet).

    Raises PackageRefused where the versions differ, and where no whole roster comes out.
    """
    if base is not None and is_split(base) != is_split(package):
        raise refused("DELTA_WITHOUT_BULK", MANIFEST, value=package.version)
    parts: dict[str, Part] = {}
    gone: dict[str, set[str]] = {}
    for layout in layouts_with(package.marks.values()):
        own, standing = package.parts.get(layout.name), base.parts.get(layout.name) if base else None
        if package.modes.get(layout.name) == "delta":
            parts[layout.name], gone[layout.name] = laid_over_part(own, standing)
        elif own is not None:
            parts[layout.name] = own
        elif standing is not None:
            parts[layout.name] = as_standing(standing, np.ones(len(standing), bool))
    for layout in ALWAYS:
        if layout.name not in parts or not len(parts[layout.name]):
            raise refused("DELTA_WITHOUT_BULK", MANIFEST, value=package.version)
    take_out_with(parts, gone)
    refuse_without_roles(parts)
    merged = Package(package.version, parts, dict.fromkeys(parts, "bulk"), package.marks, b"")
    merged.kept = zipped(merged)
    return merged


def is_split(package: Package) -> bool:
    """Whether roles stand in a file of their own (OneRoster 1.2)."""
    return package.version == "1.2"


def laid_over_part(own: Part, standing: Part | None) -> tuple[Part, set[str]]:
    """One file's changes over its rows that stand; and the ids that were taken out."""
    leave_out_stale(own, standing)
    deleting = own.loaded() & (np.char.lower(own.column("status").astype(str)) == "tobedeleted")
    leave_out_deleted_and_doubled(own)
    known = set(standing.column("sourcedId")) if standing is not None else set()
    ids = own.column("sourcedId")
    gone = set(ids[deleting])
    own.say("NOTHING_TO_DELETE", deleting & ~np.isin(ids.astype(str), list(known)), column="sourcedId")
    replaced = gone | set(ids[own.loaded()])
    part = own_rows(own, ~deleting)
    part.deletions, part.known_deletions = int(deleting.sum()), len(gone & known)
    if standing is not None:
        stays = np.array([one not in replaced for one in standing.column("sourcedId")], bool)
        part = with_rows(part, as_standing(standing, stays))
    return part, gone & known


def leave_out_stale(own: Part, standing: Part | None) -> None:
    """A change older than what stands is left out."""
    if standing is None:
        return
    since = dict(zip(standing.column("sourcedId"), moments(standing), strict=True))
    told = moments(own)
    never = np.datetime64("NaT", "ns")
    older = np.array([since.get(one, never) > at for one, at in zip(own.column("sourcedId"), told, strict=True)], bool)
    own.say("OLDER_THAN_KNOWN", older & own.loaded(), column="sourcedId")
    own.ignore(older)


def own_rows(part: Part, chosen: np.ndarray) -> Part:
    """Some of a part's rows, with what was said of all of them."""
    found = Part(part.name, part.frame[chosen].reset_index(drop=True), part.lines[chosen], part.broken)
    found.verdicts = part.verdicts[chosen]
    found.findings = part.findings
    return found


def as_standing(part: Part, chosen: np.ndarray) -> Part:
    """Some rows of a file that stood already: without lines, and nothing is said of them."""
    found = Part(part.name, part.frame[chosen].reset_index(drop=True), np.zeros(int(chosen.sum()), np.int32))
    found.sent[:] = False
    return found


def with_rows(part: Part, standing: Part) -> Part:
    """A part with the rows that stand after its own."""
    frame = pd.concat([part.frame, standing.frame[part.frame.columns]], ignore_index=True)
    found = Part(part.name, frame, np.concatenate([part.lines, standing.lines]), part.broken)
    found.verdicts = np.concatenate([part.verdicts, standing.verdicts])
    found.sent = np.concatenate([part.sent, standing.sent])
    found.findings, found.deletions, found.known_deletions = part.findings, part.deletions, part.known_deletions
    return found


def take_out_with(parts: dict[str, Part], gone: dict[str, set[str]]) -> None:
    """Rows that stood, and name a record that is taken out, go with it; class by class down to the enrollments."""
    for name in ("classes.csv", "roles.csv", "userProfiles.csv", "demographics.csv", "enrollments.csv"):
        part = parts.get(name)
        if part is None:
            continue
        keep = np.ones(len(part), bool)
        for column, file in REFERENCES[name].items():
            if out := gone.get(file):
                keep &= part.sent | np.array([one not in out for one in part.column(column)], bool)
        if keep.all():
            continue
        gone[name] = gone.get(name, set()) | set(part.column("sourcedId")[~keep])
        sent, deletions = part.sent[keep], (part.deletions, part.known_deletions)
        parts[name] = own_rows(part, keep)
        parts[name].sent, (parts[name].deletions, parts[name].known_deletions) = sent, deletions


def zipped(package: Package) -> bytes:
    """The roster as a whole package, for the next changes to begin from. Rows in error that replace nothing stay."""
    packed = io.BytesIO()
    manifest = {"manifest.version": "1.0", "oneroster.version": package.version}
    layouts = [layout for layout in layouts_with(package.marks.values()) if layout in package]
    manifest |= {layout.property: "bulk" for layout in layouts}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST) as archive:
        archive.writestr(zipfile.ZipInfo(MANIFEST, ZIP_DAY), manifest_text(manifest), zipfile.ZIP_DEFLATED)
        for layout in layouts:
            part = package[layout]
            columns = [name for name in layout.order if name in part.frame.columns]
            columns += [name for name in part.frame.columns if name not in columns]
            ids = part.column("sourcedId")
            stands = set(ids[part.loaded()])
            rows = part.loaded() | np.array([one not in stands for one in ids], bool)
            text = io.StringIO(newline="")
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(part.frame.loc[rows, columns].itertuples(index=False, name=None))
            archive.writestr(zipfile.ZipInfo(layout.name, ZIP_DAY), text.getvalue(), zipfile.ZIP_DEFLATED, FAST)
    return packed.getvalue()
