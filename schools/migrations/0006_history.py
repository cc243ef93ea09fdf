"""The history, the functions in the database that write it, and what keeps it from being altered.

`history_keep` runs once a statement, over all its rows: so a bulk write or a COPY is kept like a single row, and
costs a fraction of what a trigger for each row would. It runs with the owner's rights, since the application's role
may not add to the history itself. The triggers that call it are put on the tables by `schools/history/triggers.py`.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The act of this transaction: made at its first kept change, and again where somebody else goes on in it. Without the
# owner's rights of its own: it has those of `history_keep`, which calls it.
ACT = """
CREATE OR REPLACE FUNCTION history_act() RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    told text := coalesce(current_setting('portal.who', true), '');
    mark text := pg_current_xact_id()::text || ' ' || md5(told);
    known text := coalesce(current_setting('portal.act', true), '');
    who jsonb := CASE WHEN told = '' THEN '{}' ELSE told::jsonb END;
    person text;
    found bigint;
BEGIN
    IF starts_with(known, mark || ' ') THEN
        RETURN split_part(known, ' ', 3)::bigint;
    END IF;
    SELECT trim(given_name || ' ' || family_name) INTO person FROM schools_user WHERE id = (who ->> 'user')::integer;
    INSERT INTO schools_act (at, user_id, who, via, what, request_id) VALUES (
        now(), (who ->> 'user')::integer, coalesce(person, 'the portal itself'), coalesce(who ->> 'via', 'portal'),
        left(coalesce(who ->> 'what', current_setting('application_name')), 200),
        left(coalesce(who ->> 'request_id', ''), 64)
    ) RETURNING id INTO found;
    PERFORM set_config('portal.act', mark || ' ' || found, true);
    RETURN found;
END $$;
"""

# Arguments of the trigger: kind, columns left out, joins, label, columns of the history and what fills them. They are
# written by the tables' owner alone; in them `r` is the row.
KEEP = """
CREATE OR REPLACE FUNCTION history_keep() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    kept text;
    former text;
    current text;
    source text := CASE TG_OP WHEN 'DELETE' THEN 'old_rows' ELSE 'new_rows' END;
    beside text := '';
    was text := 'NULL::jsonb';
    is_now text := 'NULL::jsonb';
    only_where text := '';
    worth boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', source) INTO worth;
    IF NOT worth THEN
        RETURN NULL;
    END IF;
    SELECT string_agg(format('r.%I', attname), ', ' ORDER BY attnum),
           string_agg(format('o.%I', attname), ', ' ORDER BY attnum)
    INTO current, former
    FROM pg_attribute
    WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped
      AND attname <> 'id' AND attname <> ALL (string_to_array(TG_ARGV[1], ','));
    kept := format('(SELECT to_jsonb(x) FROM (SELECT %s) AS x)', current);
    IF TG_OP = 'INSERT' THEN
        is_now := kept;
    ELSIF TG_OP = 'DELETE' THEN
        was := kept;
    ELSE
        EXECUTE format(
            'SELECT EXISTS (SELECT FROM new_rows r JOIN old_rows o USING (id) WHERE (%s) IS DISTINCT FROM (%s))',
            'ROW(' || former || ')', 'ROW(' || current || ')'
        ) INTO worth;
        IF NOT worth THEN
            RETURN NULL;
        END IF;
        was := 'd.was';
        is_now := 'd.is_now';
        beside := format(
            'JOIN old_rows o ON o.id = r.id CROSS JOIN LATERAL ('
            ' SELECT jsonb_object_agg(p.key, p.value) AS was, jsonb_object_agg(p.key, j.after -> p.key) AS is_now'
            ' FROM (SELECT (SELECT to_jsonb(x) FROM (SELECT %s) AS x) AS before, %s AS after) AS j,'
            ' jsonb_each(j.before) AS p WHERE j.after -> p.key IS DISTINCT FROM p.value) AS d ',
            former, kept
        );
        only_where := format('WHERE ROW(%s) IS DISTINCT FROM ROW(%s) AND d.was IS NOT NULL', former, current);
    END IF;
    EXECUTE format(
        'INSERT INTO schools_change (act_id, kind, op, "row", label, page, before, after, %s)'
        ' SELECT $1, $2, $3, r.id, left(coalesce(%s, ''''), 255), $4, %s, %s, %s FROM %s AS r %s %s %s',
        TG_ARGV[5], TG_ARGV[3], was, is_now, TG_ARGV[6], source, beside, TG_ARGV[2], only_where
    ) USING history_act(), TG_ARGV[0], left(TG_OP, 1), TG_ARGV[4];
    RETURN NULL;
END $$;
"""

# TRUNCATE and DELETE have a door for the owner of the table, who opens it by name in the session; see the decision.
REFUSE = """
CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') AND current_setting('portal.history_door', true) = lower(TG_OP) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' AND pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'History is written by the database alone and stays as it is: % of % is refused.',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

GUARD = """
CREATE TRIGGER history_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION history_refuse();
"""

GUARDED = ("schools_act", "schools_change")
CREATE = [ACT, KEEP, REFUSE, *(GUARD.format(table=table) for table in GUARDED)]
DROP = [
    *(f"DROP TRIGGER history_guard ON {table};" for table in GUARDED),
    "DROP FUNCTION history_refuse(); DROP FUNCTION history_keep() CASCADE; DROP FUNCTION history_act();",
]


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0005_privacy'),
    ]

    operations = [
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_index=True)),
                ('who', models.CharField(max_length=250)),
                ('via', models.CharField(choices=[('page', 'on a page'), ('command', 'from the command line'), ('job', 'by a job'), ('portal', 'by the portal itself')], max_length=8)),
                ('what', models.CharField(blank=True, max_length=200)),
                ('request_id', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('op', models.CharField(choices=[('I', 'added'), ('U', 'changed'), ('D', 'removed')], max_length=1)),
                ('row', models.BigIntegerField()),
                ('label', models.CharField(blank=True, max_length=255)),
                ('page', models.CharField(blank=True, max_length=20)),
                ('thing', models.BigIntegerField(null=True)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='act',
            name='user',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='change',
            name='act',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='schools.act'),
        ),
        migrations.AddField(
            model_name='change',
            name='district',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='schools.district'),
        ),
        migrations.AddField(
            model_name='change',
            name='network',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='schools.network'),
        ),
        migrations.AddField(
            model_name='change',
            name='person',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='change',
            name='school',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='schools.school'),
        ),
        migrations.AddField(
            model_name='change',
            name='section',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='schools.section'),
        ),
        migrations.AddField(
            model_name='change',
            name='student',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='schools.student'),
        ),
        migrations.AddConstraint(
            model_name='act',
            constraint=models.CheckConstraint(condition=models.Q(('via__in', ['page', 'command', 'job', 'portal'])), name='act_via_known', violation_error_message='A change is made on a page, by a command, by a job or by the portal itself.'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(condition=models.Q(('student__isnull', False)), fields=['student', '-id'], name='change_of_student'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(condition=models.Q(('section__isnull', False)), fields=['section', '-id'], name='change_of_section'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(condition=models.Q(('school__isnull', False), ('student__isnull', True)), fields=['school', '-id'], name='change_of_school'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(condition=models.Q(('person__isnull', False)), fields=['person', '-id'], name='change_of_person'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(condition=models.Q(('page', ''), _negated=True), fields=['page', 'thing', '-id'], name='change_of_thing'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(condition=models.Q(('district__isnull', False), ('student__isnull', True)), fields=['district', '-id'], name='change_of_district'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(('op__in', ['I', 'U', 'D'])), name='change_op_known', violation_error_message='A row is added, changed or removed.'),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
