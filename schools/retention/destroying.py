"""Destroying what is over its time, and the certificate of it. There is no way back but an older backup."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

import structlog
from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from schools.drawn import keeping
from schools.locks import Lock
from schools.models import DestructionCertificate, District, User
from schools.retention.planning import Planned, plan_of

logger = structlog.get_logger("schools")

HASHED = ("number", "data_class", "label", "rule", "before", "counts", "first", "last", "by_id", "at", "previous")


def database() -> str:
    """The connection of the tables' owner, where there is one: no other takes rows out of the history."""
    return "owner" if "owner" in settings.DATABASES else "default"


@dataclass(frozen=True)
class Destroyed:
    """What became of one class: the certificate, or None where nothing was over its time."""

    planned: Planned
    certificate: DestructionCertificate | None


def destroy(district: District, today: date, by: User | None, only: str | None = None) -> list[Destroyed]:
    """Destroy what is over its time in `district` on `today`, each class in a transaction with its certificate.

    Raises RuntimeError, and destroys nothing of the class, where rows are left that should be gone.
    """
    try:
        return [_destroy(district, today, by, name) for name in _names(district, today, only)]
    finally:
        keeping.empty_stale(timezone.now())  # pages that showed what is gone


def _names(district: District, today: date, only: str | None) -> list[str]:
    """The classes of higher rooms first: while their rows stand, names below are needed."""
    return [planned.data_class.name for planned in reversed(plan_of(district, today, only, database()))]


def _destroy(district: District, today: date, by: User | None, name: str) -> Destroyed:
    using = database()
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(Lock.RETENTION), district.pk])
        (planned,) = plan_of(district, today, name, using)
        if not planned.rows:
            return Destroyed(planned, None)
        planned.data_class.destroy(district, planned.before, using)
        (after,) = plan_of(district, today, name, using)
        if after.rows:
            raise RuntimeError(f"{after.rows} rows of {name} are still there: nothing was destroyed.")
        certificate = _certificate(district, planned, by, using)
    logger.info("records_destroyed", certificate=certificate.pk, district=district.pk, data_class=name)
    return Destroyed(planned, certificate)


def _certificate(district: District, planned: Planned, by: User | None, using: str) -> DestructionCertificate:
    """Write the next certificate of the district, chained to the one before it."""
    rows = DestructionCertificate.objects.using(using).filter(district=district)
    last = rows.order_by("-number").first()
    certificate = DestructionCertificate(
        district=district, number=last.number + 1 if last else 1, data_class=planned.data_class.name,
        label=planned.data_class.label, rule=planned.rule, before=planned.before,
        counts={label: count for label, count in planned.counts.items() if count}, first=planned.first,
        last=planned.last, by=by, at=timezone.now(), previous=last.sha256 if last else "",
    )  # fmt: skip
    certificate.sha256 = hash_of(certificate)
    certificate.save(using=using, force_insert=True)
    return certificate


def hash_of(certificate: DestructionCertificate) -> str:
    """The SHA-256 of all that a certificate says and of the one before it, in hexadecimal."""
    said = {name: getattr(certificate, name) for name in HASHED}
    said |= {"district": certificate.district.code, "at": certificate.at.isoformat()}
    said |= {name: said[name] and said[name].isoformat() for name in ("before", "first", "last")}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def broken_certificates(district: District) -> list[int]:
    """Numbers at which the chain of a district's certificates does not hold: changed, taken out, or put between."""
    previous, expected, broken = "", 1, []
    rows = DestructionCertificate.objects.filter(district=district).select_related("district")  # unscoped: all of it
    for row in rows.order_by("number"):
        if row.number != expected or row.previous != previous or row.sha256 != hash_of(row):
            broken.append(row.number)
        previous, expected = row.sha256, row.number + 1
    return broken
