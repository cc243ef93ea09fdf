from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('assessments', '0004_column_mappings'),
    ]

    operations = [
        migrations.AlterField(
            model_name='upload',
            name='state',
            field=models.CharField(choices=[('queued', 'waiting to be read'), ('checking', 'being read'), ('ready', 'ready to publish'), ('needs_review', 'needs approval'), ('rejected', 'refused'), ('publishing', 'being published'), ('published', 'published'), ('undone', 'undone'), ('cancelled', 'cancelled'), ('failed', 'failed')], default='queued', max_length=12),
        ),
    ]
