from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from collector.accounts.act_chain import act_digest


def chain(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Acts of before are chained in the order they were written."""
    acts, heads = apps.get_model("accounts", "Act"), apps.get_model("accounts", "ActHead")
    sequence, previous = 0, ""
    for act in acts.objects.order_by("id").iterator(chunk_size=500):
        sequence += 1
        digest = act_digest(
            sequence=sequence,
            previous=previous,
            at=act.at,
            account=act.account_id,
            provider=act.provider_id,
            verb=act.verb,
            subject=act.subject,
            reason=act.reason,
            before=act.before,
            after=act.after,
        )
        acts.objects.filter(pk=act.pk).update(sequence=sequence, previous=previous, digest=digest)
        previous = digest
    heads.objects.create(pk=1, sequence=sequence, digest=previous)


class Migration(migrations.Migration):
    atomic = True

    dependencies = [
        ("accounts", "0002_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveBigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.AddField("act", "before", models.JSONField(default=dict)),
        migrations.AddField("act", "after", models.JSONField(default=dict)),
        migrations.AddField(
            "act",
            "previous",
            models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField("act", "sequence", models.PositiveBigIntegerField(editable=False, null=True)),
        migrations.AddField("act", "digest", models.CharField(editable=False, max_length=64, null=True)),
        migrations.RunPython(chain, migrations.RunPython.noop),
    ]
