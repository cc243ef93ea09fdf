import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0004_class_list_reports"),
    ]

    operations = [
        migrations.CreateModel(
            name="DestructionCertificate",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("data_class", models.CharField(max_length=40)),
                ("label", models.CharField(max_length=200)),
                ("rule", models.CharField(max_length=300)),
                ("before", models.DateField()),
                ("counts", models.JSONField()),
                ("first", models.DateField(null=True)),
                ("last", models.DateField(null=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["district", "-number"],
            },
        ),
        migrations.CreateModel(
            name="DisclosureRecord",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("party", models.CharField(max_length=200)),
                ("interest", models.CharField(max_length=300)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("official", "contractor acting as a school official, 99.31(a)(1)(i)(B)"),
                            ("transfer", "school where the student enrolls, 99.31(a)(2)"),
                            ("audit", "audit or evaluation of a program, 99.31(a)(3)"),
                            ("study", "study for the district, 99.31(a)(6)"),
                            ("court", "court order or subpoena, 99.31(a)(9)"),
                            ("emergency", "health or safety emergency, 99.31(a)(10)"),
                            ("none", "no exception applied"),
                        ],
                        max_length=10,
                    ),
                ),
                ("what", models.CharField(max_length=300)),
                ("onward", models.CharField(blank=True, max_length=300)),
                (
                    "answer",
                    models.CharField(
                        choices=[("given", "given"), ("refused", "refused")], default="given", max_length=7
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("data_class", models.CharField(max_length=40)),
                (
                    "days",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(36525),
                        ]
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["district", "data_class"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_kind_known",
        ),
        migrations.AddField(
            model_name="dataagreement",
            name="reference",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("results", "Results of my classes and schools: published, corrected, taken back"),
                    ("release", "Results of the network: released"),
                    ("roster", "Class lists: what is said to be wrong, and what came of it"),
                    ("agreement", "Data agreements: about to end"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["results", "release", "roster", "agreement"])),
                name="notice_kind_known",
                violation_error_message="This kind of notice does not exist.",
            ),
        ),
        migrations.AddField(
            model_name="destructioncertificate",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="destructioncertificate",
            name="district",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="certificates", to="schools.district"
            ),
        ),
        migrations.AddField(
            model_name="disclosurerecord",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="disclosurerecord",
            name="district",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.district"
            ),
        ),
        migrations.AddField(
            model_name="disclosurerecord",
            name="school",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.school",
            ),
        ),
        migrations.AddField(
            model_name="disclosurerecord",
            name="student",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.student",
            ),
        ),
        migrations.AddField(
            model_name="retentionrule",
            name="changed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="retentionrule",
            name="district",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="retention_rules", to="schools.district"
            ),
        ),
        migrations.AddConstraint(
            model_name="destructioncertificate",
            constraint=models.UniqueConstraint(
                fields=("district", "number"),
                name="destructioncertificate_once",
                violation_error_message="This district has a certificate of that number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosurerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer__in", ["given", "refused"])),
                name="disclosurerecord_answer_known",
                violation_error_message="Records were given, or the request was refused.",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosurerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer", "given"), ("basis", "none"), _negated=True),
                name="disclosurerecord_given_on_a_basis",
                violation_error_message="What was given has a basis in 34 CFR 99.31. Name it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionrule",
            constraint=models.UniqueConstraint(
                fields=("district", "data_class"),
                name="retentionrule_once",
                violation_error_message="This district has a rule for this class of data.",
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 1)),
                name="retentionrule_at_least_a_day",
                violation_error_message="Keep it for at least one day.",
            ),
        ),
    ]
