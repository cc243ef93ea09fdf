"""`manage.py retention`: what is over its time in each district; with `--apply` it is destroyed, with certificates."""

from zoneinfo import ZoneInfo

from django.utils import timezone

from schools.commands import BadUsage, JsonCommand, district_named, person_named
from schools.models import District
from schools.retention.classes import data_classes
from schools.retention.destroying import destroy
from schools.retention.planning import Planned, plan_of

NO_WAY_BACK = (
    "Nothing was destroyed: this says what --apply would take away. There is no way back from it but a backup made "
    "before."
)
IN_BACKUPS = "Backups made before still hold it, until the last of them is deleted."


class Command(JsonCommand):
    help = (
        "Say what is over its time by the rules of a district (all districts without --district). With --apply it is "
        "destroyed for good, and a certificate is kept for each class of data."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--district", metavar="CODE")
        parser.add_argument("--class", dest="only", metavar="NAME", help=f"one of {', '.join(data_classes())}")
        parser.add_argument("--apply", action="store_true", help="destroy it; it cannot be undone")
        parser.add_argument("--by", metavar="EMAIL", help="who decides it; stands on the certificates")

    def handle(self, *, district, only, apply, by, **given):
        if only is not None and only not in data_classes():
            raise BadUsage(f'There is no class of data "{only}". There are: {", ".join(data_classes())}.')
        person = person_named(by)
        of = [district_named(district)] if district else list(District.objects.all())  # unscoped: the operator
        found = []
        for one in of:
            today = timezone.now().astimezone(ZoneInfo(one.timezone)).date()
            if apply:
                found += [(one, done.planned, done.certificate) for done in destroy(one, today, person, only)]
            else:
                found += [(one, planned, None) for planned in plan_of(one, today, only)]
        lines = [_line(one, planned, certificate) for one, planned, certificate in found]
        body = {"status": "destroyed" if apply else "planned", "classes": [_body(*each) for each in found]}
        self.answer(body, words="\n".join([*lines, IN_BACKUPS if apply else NO_WAY_BACK]))


def _line(district: District, planned: Planned, certificate) -> str:
    kinds = ", ".join(f"{count:,} {label}" for label, count in planned.counts.items() if count) or "nothing"
    days = f", of {planned.first} to {planned.last}" if planned.first else ""
    end = f": certificate {certificate.number}" if certificate else ""
    return f"{district.code}  {planned.data_class.name:<10} {kinds}{days}{end}"


def _body(district: District, planned: Planned, certificate) -> dict:
    return {
        "district": district.code,
        "class": planned.data_class.name,
        "days": planned.days,
        "before": planned.before.isoformat(),
        "counts": planned.counts,
        "first": planned.first and planned.first.isoformat(),
        "last": planned.last and planned.last.isoformat(),
        "certificate": certificate and certificate.number,
    }
