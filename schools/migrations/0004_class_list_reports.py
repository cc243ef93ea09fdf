import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0003_roster_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClassListReport",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("not_here", "A student on the list is not in this class"),
                            ("missing", "A student of this class is missing"),
                            ("name", "A name or a number is wrong"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=2000)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("mended", "mended"), ("answered", "answered, nothing to mend")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=2000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_kind_known",
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("results", "Results of my classes and schools: published, corrected, taken back"),
                    ("release", "Results of the network: released"),
                    ("roster", "Class lists: what is said to be wrong, and what came of it"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["results", "release", "roster"])),
                name="notice_kind_known",
                violation_error_message="This kind of notice does not exist.",
            ),
        ),
        migrations.AddField(
            model_name="classlistreport",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="classlistreport",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="classlistreport",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="schools.section"
            ),
        ),
        migrations.AddField(
            model_name="classlistreport",
            name="student",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.student",
            ),
        ),
        migrations.AddIndex(
            model_name="classlistreport",
            index=models.Index(condition=models.Q(("state", "open")), fields=["section"], name="classlistreport_open"),
        ),
        migrations.AddConstraint(
            model_name="classlistreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["not_here", "missing", "name", "other"])),
                name="classlistreport_kind_known",
                violation_error_message="Choose what is wrong.",
            ),
        ),
        migrations.AddConstraint(
            model_name="classlistreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("state", "open")),
                    models.Q(("answered_at__isnull", False), ("state__in", ["mended", "answered"])),
                    _connector="OR",
                ),
                name="classlistreport_state_known",
                violation_error_message="A report is open, mended or answered; the last two have a day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="classlistreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("student__isnull", False), models.Q(("text", ""), _negated=True), _connector="OR"),
                name="classlistreport_says_what",
                violation_error_message="Choose the student, or write what is wrong.",
            ),
        ),
    ]
