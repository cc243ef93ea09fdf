"""What an import says of itself: state apart, the JSON of its answer. Pure."""

from collections import Counter

from schools.oneroster.package import Package, PackageRefused
from schools.oneroster.part import Finding
from schools.oneroster.plan import Plan

MOST_ALIKE = 200  # issues of one code and file that are spelled out; the rest are counted
LEVELS = ("error", "warning", "note")
COUNTS = ("rows_read", "rows_loaded", "rows_not_tested", "rows_ignored", "rows_rejected", "rows_unchanged")


def answer_of(package: Package, plan: Plan, *, approved: bool) -> dict:
    """The answer for a roster that could be read: counts as a whole and by file, issues, changes, halts."""
    files = {name: part.counts() for name, part in package.parts.items()}
    return {
        "format": f"oneroster-{package.version}",
        **{name: sum(counts[name] for counts in files.values()) for name in COUNTS},
        **spelled_out(package.findings()),
        "administrations": [],
        "halts": plan.halts,
        "approved": approved,
        "changes": plan.counts(),
        "files": files,
    }


def refused_answer(package: Package | None, refusal: PackageRefused) -> dict:
    """The answer for a package that is refused as a whole: whatever was read of it counts as rejected."""
    files, findings = {}, [refusal.finding]
    for name, part in package.parts.items() if package else ():
        read = part.counts()["rows_read"]
        files[name] = dict.fromkeys(COUNTS, 0) | {"rows_read": read, "rows_rejected": read}
        findings += part.findings
    return {
        "format": f"oneroster-{package.version}" if package else "oneroster",
        **{name: sum(counts[name] for counts in files.values()) for name in COUNTS},
        **spelled_out(findings),
        "administrations": [],
        "halts": [],
        "approved": False,
        "changes": {},
        "files": files,
    }


def spelled_out(findings: list[Finding]) -> dict:
    """The issues, errors first; of many alike the first ones, and how many were left out."""
    said, issues, left_out = Counter(), [], 0
    for finding in sorted(findings, key=lambda one: LEVELS.index(one.issue.level)):
        alike = (finding.file, finding.issue.code)
        said[alike] += 1
        if said[alike] <= MOST_ALIKE:
            issues.append(finding.as_json())
        else:
            left_out += 1
    return {"issues": issues, "issues_left_out": left_out}
