from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [
        migrations.AddField(
            "server", "retired_reason", models.CharField(blank=True, max_length=500, default=""), preserve_default=False
        )
    ]
