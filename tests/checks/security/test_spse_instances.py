from __future__ import annotations

from collections.abc import Iterable

import pytest

from checks.facts.postgres_databases import PgDatabase, PgDatabases
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_process import SpseProcess, SpseProcesses
from checks.facts.spse_secrets import SpseSecret, SpseSecrets, secrets
from checks.security import spse_instances
from checks.source import FileText
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.spse import instance

PRODUCTION = instance()
TRAINING = instance(
    name="latihan", home="/home/appserv/latihan", app="/home/appserv/latihan/webapp", port=9009, path="/eproc4lat"
)
BOTH = SpseInstances((TRAINING, PRODUCTION))
ITS = SpseSecret("latihan", TRAINING.app, 64, "aa", database="epns_lat")
THEIRS = SpseSecret("spse", PRODUCTION.app, 64, "bb", database="epns_prod")


def only(said: object) -> Verdict:
    assert isinstance(said, Iterable)
    (verdict,) = list(said)
    assert isinstance(verdict, Verdict)
    return verdict


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        (SpseSecret("spse", "/a", 64, "aa"), Status.PASS),
        (SpseSecret("spse", "/a", 32, "aa"), Status.PASS),
        (SpseSecret("spse", "/a", 31, "aa"), Status.FAIL),
        (SpseSecret("spse", "/a", 0), Status.FAIL),
        (SpseSecret("spse", "/a", 0, elsewhere=True), Status.UNKNOWN),
    ],
)
def test_a_secret_must_be_long(secret: SpseSecret, expected: Status) -> None:
    assert only(spse_instances.secret_is_long(SpseSecrets((secret,)))).status is expected


def unique(*instances: SpseSecret, refused: tuple[str, ...] = ()) -> list[Status]:
    said = spse_instances.secret_is_long(SpseSecrets(instances), refused=refused)
    assert isinstance(said, Iterable)
    return [one.status for one in said]


def test_a_secret_that_two_instances_share_fails_for_both() -> None:
    same = SpseSecret("latihan", "/b", 64, "aa")
    assert unique(SpseSecret("spse", "/a", 64, "aa"), same) == [Status.FAIL, Status.FAIL]
    assert unique(SpseSecret("spse", "/a", 64, ""), SpseSecret("latihan", "/b", 64, "")) == [Status.PASS, Status.PASS]


def test_a_secret_that_policy_refuses_by_its_mark_fails() -> None:
    assert unique(SpseSecret("spse", "/a", 64, "aa"), refused=("bb", "aa")) == [Status.FAIL]
    assert unique(SpseSecret("spse", "/a", 64, "aa"), refused=("bb",)) == [Status.PASS]


def test_the_secret_of_a_published_sample_fails_however_long_it_is() -> None:
    published = "s1kwayg211q9v4387pvarbmyqnht7hrl54d34lsz0yh9btb117br293a25trz31o"  # Play 1, samples-and-tests/yabe
    text = f"application.mode=prod\napplication.secret={published}\n"
    read = secrets.parse((FileText("/home/appserv/spse/webapp/conf/application.conf", text),))
    said = only(spse_instances.secret_is_long(read))
    assert (said.status, said.value) == (Status.FAIL, 64)
    assert published not in words(said.measured, "id")


def compared(
    its: SpseSecret = ITS, theirs: SpseSecret = THEIRS, spse: SpseInstances = BOTH,
    databases: PgDatabases | None = None, running: SpseProcesses | None = None,
) -> Verdict:  # fmt: skip
    return only(spse_instances.training_is_separate(spse, SpseSecrets((its, theirs)), databases, running))


def test_two_instances_with_everything_of_their_own_are_separate() -> None:
    assert compared().status is Status.PASS
    assert compared().subject == "latihan / spse"


def test_a_shared_database_secret_or_port_fails_and_is_named() -> None:
    same_port = SpseInstances((instance(name="latihan", home=TRAINING.home, app=TRAINING.app), PRODUCTION))

    assert words(compared(SpseSecret("latihan", TRAINING.app, 64, "bb", database="epns_lat")).measured, "en") == (
        "the same application.secret"
    )
    assert compared(SpseSecret("latihan", TRAINING.app, 64, "aa", database="epns_prod")).status is Status.FAIL
    assert words(compared(spse=same_port).measured, "en") == "http.port 9090"


def test_one_account_for_both_is_warned_of() -> None:
    def running(user: str) -> SpseProcesses:
        return SpseProcesses((SpseProcess(1, user, TRAINING.app), SpseProcess(2, "spse", PRODUCTION.app)))

    assert compared(running=running("spse")).status is Status.WARN
    assert compared(running=running("spse_lat")).status is Status.PASS


def test_databases_inside_securedb_are_looked_for_in_postgresql() -> None:
    its, theirs = SpseSecret("latihan", TRAINING.app, 64, "aa"), SpseSecret("spse", PRODUCTION.app, 64, "bb")

    def databases(*names: str) -> PgDatabases:
        return PgDatabases(tuple(PgDatabase(name, 1, 1, 1) for name in names))

    assert compared(its, theirs).status is Status.UNKNOWN
    assert compared(its, theirs, databases=databases("epns_prod")).status is Status.UNKNOWN
    assert compared(its, theirs, databases=databases("epns_prod", "epns_lat")).status is Status.PASS


def test_settings_kept_elsewhere_leave_it_unknown() -> None:
    its = SpseSecret("latihan", TRAINING.app, 0, elsewhere=True, database="epns_lat")

    assert compared(its).status is Status.UNKNOWN


def test_a_server_with_one_kind_has_nothing_to_separate() -> None:
    alone = spse_instances.training_is_separate(SpseInstances((PRODUCTION,)), SpseSecrets((THEIRS,)), None, None)
    training = spse_instances.training_is_separate(SpseInstances((TRAINING,)), SpseSecrets((ITS,)), None, None)

    assert only(alone).status is Status.NOT_APPLICABLE
    assert only(training).status is Status.NOT_APPLICABLE


def test_an_installation_whose_secrets_were_not_read_is_unknown() -> None:
    unread = spse_instances.training_is_separate(BOTH, SpseSecrets((THEIRS,)), None, None)

    assert only(unread).status is Status.UNKNOWN


@pytest.mark.parametrize("word", ["latihan", "spse_lat", "/eproc4lat", "epns_lat", "lat", "spse-training", "epnslat"])
def test_names_of_training_instances_are_known(word: str) -> None:
    assert spse_instances.TRAINING.search(word)


@pytest.mark.parametrize("word", ["spse", "/eproc4", "epns_prod", "platform", "spse_latar", "relation"])
def test_other_names_are_not_taken_for_training(word: str) -> None:
    assert not spse_instances.TRAINING.search(word)
