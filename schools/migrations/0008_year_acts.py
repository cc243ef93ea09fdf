
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0007_acts"),
    ]

    operations = [
        migrations.CreateModel(
            name="YearAct",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("close", "year closed"),
                            ("carry", "classes carried over"),
                            ("review", "roles and agreements reviewed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words", models.CharField(max_length=300)),
                ("made", models.JSONField(default=dict)),
                ("changed", models.JSONField(default=list)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.school",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="schools.schoolyear"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["close", "carry", "review"])),
                        name="yearact_kind_known",
                        violation_error_message="A year is closed, carried over or reviewed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", None)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="yearact_undone_by_somebody",
                        violation_error_message="What is undone was undone by somebody.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "close"), ("undone_at", None)),
                        fields=("year",),
                        name="yearact_closed_once",
                        violation_error_message="This year is closed already.",
                    ),
                ],
            },
        ),
    ]
