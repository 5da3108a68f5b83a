from __future__ import annotations

from pathlib import Path

import pytest

from agent.collector_client import CollectorClient
from agent.instances import FILE, InstancesNotTrusted, accept, current
from evidence.enrolment import POLICY_MEDIA_TYPE
from evidence.envelope import Envelope, seal
from evidence.instances import MEDIA_TYPE, Instance, Instances, NotInstances, read_instances
from evidence.key import PrivateKey
from tests.agent.collector_stand_in import CollectorStandIn
from tests.agent.parts import COLLECTOR_KEY, settings

KEY = COLLECTOR_KEY.public
ONE = Instance("ins-1", "https://spse.contoh.go.id/eproc4", False)
TWO = Instance("ins-2", "https://lpse.contoh.go.id", True)


def listed(*instances: Instance, key: PrivateKey = COLLECTOR_KEY, kind: str = MEDIA_TYPE) -> Envelope:
    return seal(kind, Instances(instances).encode(), key)


def test_the_list_is_kept_and_still_there_after_a_restart(tmp_path: Path, collector: CollectorStandIn) -> None:
    known = settings(tmp_path)
    assert current(known, KEY) == ()
    collector.instances = (ONE, TWO)
    assert accept(known, CollectorClient(collector.url, known).instances(), KEY) == (ONE, TWO)
    assert current(known, KEY) == (ONE, TWO)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (listed(TWO, key=PrivateKey.generate()), "not signed by the collector's key"),
        (listed(TWO, kind=POLICY_MEDIA_TYPE), "no list of instances"),
        (seal(MEDIA_TYPE, b'{"instances":[{"id":"../../x","public_url":"https://x","consent":false}]}', COLLECTOR_KEY), "id"),
        (seal(MEDIA_TYPE, b'{"instances":7}', COLLECTOR_KEY), "makes no sense"),
    ],
)  # fmt: skip
def test_a_list_that_is_not_the_collectors_is_refused_and_the_one_before_stays(
    tmp_path: Path, bad: Envelope, why: str
) -> None:
    known = settings(tmp_path)
    accept(known, listed(ONE), KEY)
    with pytest.raises(InstancesNotTrusted, match=why):
        accept(known, bad, KEY)
    assert current(known, KEY) == (ONE,)


@pytest.mark.parametrize("content", [b"", b"{", listed(TWO, key=PrivateKey.generate()).encode()])
def test_a_kept_list_that_somebody_changed_is_not_used(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    known = settings(tmp_path)
    accept(known, listed(ONE), KEY)
    known.path(FILE).write_bytes(content)
    assert current(known, KEY) == ()
    assert "event=instances_not_used" in caplog.text


@pytest.mark.parametrize("identity", ["", "a/b", "..", "-x", "x" * 41, "a\n"])
def test_an_id_never_leads_out_of_the_state_directory(identity: str) -> None:
    with pytest.raises(NotInstances):
        read_instances(Instances((Instance(identity, "https://x", False),)).encode())  # type: ignore[arg-type]
