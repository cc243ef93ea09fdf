"""Pages that are kept as they were drawn, and the function by which a table tells that it was changed.

The triggers that call it are put on the tables by `schools/drawn/watching.py`.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import schools.models.drawn
from django.conf import settings
from django.db import migrations, models


CHANGED = """
CREATE OR REPLACE FUNCTION drawn_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO schools_changedtable (name, change, at)
    VALUES (TG_TABLE_NAME, pg_current_xact_id(), clock_timestamp()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""
# A first sign-in is shown ("invited"); those after it are nothing to draw every page anew for.
FIRST_SIGN_IN = """
CREATE TRIGGER drawn_first_sign_in AFTER UPDATE OF last_login ON schools_user FOR EACH ROW
WHEN (OLD.last_login IS NULL AND NEW.last_login IS NOT NULL) EXECUTE FUNCTION drawn_changed()
"""
UNLOGGED = "ALTER TABLE schools_changedtable SET UNLOGGED; ALTER TABLE schools_drawnpage SET UNLOGGED;"
LOGGED = "ALTER TABLE schools_changedtable SET LOGGED; ALTER TABLE schools_drawnpage SET LOGGED;"


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0008_year_acts'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangedTable',
            fields=[
                ('pk', models.CompositePrimaryKey('name', 'change', blank=True, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('change', schools.models.drawn.TransactionField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='DrawnPage',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('path', models.TextField()),
                ('session', models.JSONField()),
                ('by', models.CharField(max_length=100)),
                ('body', models.TextField()),
                ('access', models.JSONField(null=True)),
                ('tables', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('moment', schools.models.drawn.MomentField()),
                ('until', models.DateTimeField()),
                ('looked_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("body", "")), fields=["-looked_at"], name="drawnpage_to_draw")
                ]
            },
        ),
        migrations.RunSQL(UNLOGGED, LOGGED),
        migrations.RunSQL(CHANGED, "DROP FUNCTION drawn_changed() CASCADE"),
        migrations.RunSQL(FIRST_SIGN_IN, "DROP TRIGGER drawn_first_sign_in ON schools_user"),
    ]
