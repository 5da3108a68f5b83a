from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_acts_are_chained"),
    ]

    operations = [
        migrations.AlterField("act", "sequence", models.PositiveBigIntegerField(editable=False, unique=True)),
        migrations.AlterField("act", "digest", models.CharField(editable=False, max_length=64, unique=True)),
    ]
