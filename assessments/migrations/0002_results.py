"""The results, partitioned by administration, and the two acts the application's role may do to partitions.

Django cannot make a partitioned table, so the table is made here and Django is told of it.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

TABLE = """
CREATE TABLE assessments_result (
    administration_id integer NOT NULL
        REFERENCES assessments_administration (id) DEFERRABLE INITIALLY DEFERRED,
    student_id integer NOT NULL REFERENCES schools_student (id) DEFERRABLE INITIALLY DEFERRED,
    school_id integer NOT NULL REFERENCES schools_school (id) DEFERRABLE INITIALLY DEFERRED,
    section_id integer,
    upload_id integer NOT NULL,
    tested_on date,
    points real,
    scale_score real,
    status smallint NOT NULL,
    level smallint,
    grade varchar(2) NOT NULL,
    points_vector bytea,
    choices_vector bytea,
    strands real[],
    CONSTRAINT result_status_known CHECK (status IN (0, 1)),
    PRIMARY KEY (student_id, administration_id)
) PARTITION BY LIST (administration_id);
CREATE INDEX result_section ON assessments_result (section_id);
CREATE INDEX result_school ON assessments_result (school_id);
"""

# SECURITY DEFINER: the owner's rights for these two acts alone. The name holds a number, nothing else.
PREPARE = """
CREATE FUNCTION result_partition_prepare(administration integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := 'assessments_result_' || administration;
BEGIN
    EXECUTE format('CREATE TABLE %I (LIKE assessments_result INCLUDING CONSTRAINTS)', name);
    EXECUTE format('ALTER TABLE %I ADD CHECK (administration_id = %s)', name, administration);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO %I', name, session_user);
END $$;
"""
ATTACH = """
CREATE FUNCTION result_partition_attach(administration integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := 'assessments_result_' || administration;
BEGIN
    EXECUTE format(
        'ALTER TABLE assessments_result ATTACH PARTITION %I FOR VALUES IN (%s)', name, administration
    );
    EXECUTE format('ANALYZE %I', name);
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Result',
                    fields=[
                        ('pk', models.CompositePrimaryKey('administration', 'student', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('tested_on', models.DateField(null=True)),
                        ('points', models.FloatField(null=True)),
                        ('scale_score', models.FloatField(null=True)),
                        ('status', models.SmallIntegerField(default=1)),
                        ('level', models.SmallIntegerField(null=True)),
                        ('grade', models.CharField(blank=True, max_length=2)),
                        ('points_vector', models.BinaryField(null=True)),
                        ('choices_vector', models.BinaryField(null=True)),
                        ('strands', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(null=True), null=True, size=None)),
                        ('administration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='assessments.administration')),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                        ('section', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.section')),
                        ('student', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='results', to='schools.student')),
                        ('upload', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='results', to='assessments.upload')),
                    ],
                    options={
                        'ordering': ['administration', 'student'],
                    },
                ),
                migrations.AddConstraint(
                    model_name='result',
                    constraint=models.CheckConstraint(condition=models.Q(('status__in', [0, 1])), name='result_status_known', violation_error_message='A result says tested or not tested.'),
                ),
            ],
            database_operations=[
                migrations.RunSQL(TABLE, "DROP TABLE assessments_result CASCADE"),
                migrations.RunSQL(PREPARE, "DROP FUNCTION result_partition_prepare(integer)"),
                migrations.RunSQL(ATTACH, "DROP FUNCTION result_partition_attach(integer)"),
            ],
        ),
    ]
