"""GET /v1/instances, and reports of probers, at a real server process."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from checks.catalogue import catalogue
from checks.facts.home_page import HomePage
from checks.policy import Policy, rulebook
from collector.ingest.enrolled_keys import REFRESH
from collector.registry.demo import SLUG
from collector.registry.models import Agent
from evidence.envelope import Envelope, read_envelope, verify
from evidence.instances import MEDIA_TYPE, Instance, read_instances
from evidence.key import PrivateKey
from tests.collector.process import Collector, enrolment, reasons, wait_until
from tests.collector.world import Sensor

UP = HomePage(200, "", "", 0.2, "https://x.example/", (), True, True, "LPSE", ())


def listed(served: Collector) -> tuple[Instance, ...]:
    answer = served.get("/v1/instances")
    assert answer.status_code == 200
    envelope = read_envelope(answer.content)
    assert envelope.payload_type == MEDIA_TYPE
    own = PrivateKey.from_pem((served.state / "collector_key.pem").read_bytes()).public
    return read_instances(verify(envelope, own)).instances


def added(served: Collector, url: str, *arguments: str) -> str:
    said = served.run("instances", "add", "--provider", SLUG, "--name", "SPSE uji", "--url", url, *arguments)
    return said.split("\t")[0]


def prober(served: Collector, name: str, *instances: str) -> list[Sensor]:
    key = PrivateKey.generate()
    token = served.run("token", "--prober", name).strip()
    answer = served.post(enrolment(key, token, name), "/v1/enrolments")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["server"], answer.json()["provider"]) == ("", "")
    agent = Agent(key_id=key.public.id, hostname=name, role=Agent.Role.PROBER)
    return [Sensor(agent, key, rulebook(catalogue(), Policy()), target=one) for one in instances]


def accepted(served: Collector, report: Envelope) -> bool:
    return reasons(served.post(report)) == ["accepted"]


def test_the_list_is_signed_and_has_what_is_in_use_with_its_consent_and_nothing_secret(served: Collector) -> None:
    one = added(served, "https://satu.example.go.id/eproc4")
    two = added(served, "https://dua.example.go.id/eproc4", "--ports-consent")
    found = {each.id: each for each in listed(served)}
    assert found[one] == Instance(one, "https://satu.example.go.id/eproc4", False)
    assert found[two].consent
    assert list(found) == sorted(found)
    assert json.loads(read_envelope(served.get("/v1/instances").content).payload).keys() == {"instances"}
    served.run("instances", "change", two, "--no-ports-consent")
    assert not {each.id: each for each in listed(served)}[two].consent
    served.run("instances", "retire", one, "--reason", "moved")
    assert one not in {each.id for each in listed(served)}
    assert served.client.head(served.url + "/v1/instances").status_code == 200
    assert served.post(b"", "/v1/instances").status_code == 405


def test_a_prober_reports_on_an_instance_from_when_it_is_registered_until_it_is_retired(served: Collector) -> None:
    one = added(served, "https://tiga.example.go.id/")
    (chain,) = prober(served, "jakarta-9", one)
    report = chain.report(UP, at=datetime.now(UTC))
    wait_until(lambda: reasons(served.post(report)) in (["accepted"], ["known"]), 3 * REFRESH, "the door to know it")
    assert accepted(served, chain.report(UP))
    served.run("instances", "retire", one, "--reason", "moved")
    late = chain.report(UP)
    wait_until(lambda: reasons(served.post(chain.report(UP))) == ["wrong_target"], 3 * REFRESH, "the door to forget it")
    assert reasons(served.post(late)) == ["wrong_target"]


def test_streams_of_one_prober_do_not_hold_each_other_up(served: Collector) -> None:
    one, two = added(served, "https://empat.example.go.id/"), added(served, "https://lima.example.go.id/")
    chains = prober(served, "jakarta-8", one, two)
    for chain in chains:
        first, second = chain.report(UP), chain.report(UP)

        def taken(envelope: Envelope = second) -> bool:
            return reasons(served.post(envelope)) in (["accepted"], ["known"])

        wait_until(taken, 3 * REFRESH, "the door to know it")
        assert accepted(served, first)
    served.wait_judged()
    rows = served.query("SELECT count(*) FROM ledger_entry WHERE agent_id = %s", chains[0].agent.key_id)
    assert rows == [(4,)]
    states = served.query("SELECT count(*) FROM surveillance_targetstate WHERE target_id IN (%s, %s)", one, two)
    assert states == [(2,)]


def test_a_probers_key_is_listed_and_can_be_revoked(served: Collector) -> None:
    one = added(served, "https://enam.example.go.id/")
    (chain,) = prober(served, "jakarta-7", one)
    line = next(line for line in served.run("agents").splitlines() if "jakarta-7" in line)
    assert line.split("\t")[1:4] == ["-", "prober", "jakarta-7"]
    wait_until(lambda: accepted(served, chain.report(UP)), 3 * REFRESH, "the door to know it")
    served.run("agents", "--revoke", chain.agent.key_id[:20], "--reason", "stolen")
    wait_until(lambda: reasons(served.post(chain.report(UP))) == ["revoked_key"], 3 * REFRESH, "the door to hear of it")
