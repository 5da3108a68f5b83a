"""One standard of one provider, from its first assessment to its certificate, revocation and re-assessment. Pure.

    belum dinilai -> penilaian mandiri -> penilaian mandiri diajukan -> penilaian faktual -> [rekomendasi perbaikan -> tindak
    lanjut -> pemeriksaan ulang] -> penilaian selesai -> penetapan diusulkan -> ditetapkan -> [dicabut -> penilaian mandiri ...]

Laws (152/2022, 2.1.e and 2.2.c; those marked * are how this product reads what the decree leaves open):
- No determination without a submitted self-assessment and a concluded factual assessment of the same round (2.1.e.5).
- Every recommendation is followed up and re-checked before determination (2.1.e.4-5).
- *An item that the factual assessment finds below what LKPP's rules ask stands under a recommendation, or was re-checked.
- *Two persons determine: one proposes, another decides. Whoever assessed anything in the round does not decide.
- *Only the head of the LPSE submits its self-assessment.
- A certificate is revoked only by an action of the ladder, which is named by its key; only that action's end reinstates it.
- A revoked standard needs a whole new round: nothing that was answered or judged before counts in it.
- *A new round beside a valid certificate leaves the certificate as it is until a new determination replaces it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from collector.assessment.standard_words import DUTIES, Act, Certified, Duty, Stage
from collector.assessment.unlawful import Unlawful


@dataclass(frozen=True)
class Who:
    """A person, by key, and what that person may be for this standard."""

    id: int
    duties: frozenset[Duty]


@dataclass(frozen=True)
class Standing:
    """Where one standard stands. `round`: how many assessments were begun. `assessors`: who judged anything in this round.
    `revoked_by`: the key of the action that revoked the certificate.
    """

    stage: Stage = Stage.NOT_ASSESSED
    certified: Certified = Certified.NONE
    round: int = 0
    assessors: frozenset[int] = frozenset()
    proposer: int | None = None
    revoked_by: str = ""


@dataclass(frozen=True)
class Work:
    """The round's rows as they are once the act is written. `unanswered`: items without answer, or without what shows it.
    `unjudged`: items without a factual answer. `uncovered`: items below what the rules ask, under no recommendation that is
    open or waits. `open`: recommendations to be followed up; `waiting`: those to be re-checked.
    """

    unanswered: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()
    open: int = 0
    waiting: int = 0


S = Stage
FROM: Mapping[Act, frozenset[Stage]] = {
    Act.BEGIN: frozenset({S.NOT_ASSESSED, S.DETERMINED, S.REVOKED}),
    Act.ANSWER: frozenset({S.SELF}),
    Act.SUBMIT: frozenset({S.SELF}),
    Act.RETURN: frozenset({S.SUBMITTED}),
    Act.ASSESS: frozenset({S.SUBMITTED}),
    Act.JUDGE: frozenset({S.FACTUAL}),
    Act.RECOMMEND: frozenset({S.FACTUAL, S.RECOMMENDED, S.FOLLOWED_UP, S.READY}),
    Act.CONCLUDE: frozenset({S.FACTUAL}),
    Act.FOLLOW_UP: frozenset({S.RECOMMENDED}),
    Act.RECHECK: frozenset({S.RECOMMENDED, S.FOLLOWED_UP}),
    Act.PROPOSE: frozenset({S.READY}),
    Act.DECLINE: frozenset({S.PROPOSED}),
    Act.DETERMINE: frozenset({S.PROPOSED}),
    Act.REVOKE: frozenset(Stage),
    Act.REINSTATE: frozenset(Stage),
}
BY: Mapping[Act, Duty] = {
    Act.BEGIN: Duty.PROVIDER, Act.ANSWER: Duty.PROVIDER, Act.SUBMIT: Duty.HEAD, Act.FOLLOW_UP: Duty.PROVIDER,
    Act.RETURN: Duty.ASSESSOR, Act.ASSESS: Duty.ASSESSOR, Act.JUDGE: Duty.ASSESSOR, Act.RECOMMEND: Duty.ASSESSOR,
    Act.CONCLUDE: Duty.ASSESSOR, Act.RECHECK: Duty.ASSESSOR, Act.PROPOSE: Duty.ASSESSOR,
    Act.DECLINE: Duty.DETERMINER, Act.DETERMINE: Duty.DETERMINER,
    Act.REVOKE: Duty.LADDER, Act.REINSTATE: Duty.LADDER,
}  # fmt: skip
JUDGING = frozenset({Act.ASSESS, Act.JUDGE, Act.RECOMMEND, Act.CONCLUDE, Act.RECHECK})


def after(standing: Standing, act: Act, who: Who, work: Work = Work(), key: str = "") -> Standing:  # frozen
    """Where the standard stands once `who` did `act`. `key`: of the action that revokes or reinstates. Raises Unlawful."""
    if BY[act] not in who.duties:
        by = DUTIES[BY[act]]
        raise Unlawful(f"Hanya {by.id} yang dapat melakukan ini.", f"Only {by.en} may do this.")
    if standing.stage not in FROM[act]:
        now = standing.stage.label
        raise Unlawful(f"Tidak dapat dilakukan pada tahap “{now.id}”.", f"This cannot be done at the stage “{now.en}”.")
    if act in JUDGING:
        standing = replace(standing, assessors=standing.assessors | {who.id})
    return _AFTER[act](standing, who, work, key)


def allowed(standing: Standing, who: Who, work: Work = Work(), key: str = "") -> frozenset[Act]:  # frozen
    """The acts that `after` would accept."""
    found = set()
    for act in Act:
        try:
            after(standing, act, who, work, key)
        except Unlawful:
            continue
        found.add(act)
    return frozenset(found)


def _listed(items: tuple[str, ...]) -> str:
    return ", ".join(items[:10]) + (", …" if len(items) > 10 else "")


def _begin(standing: Standing, who: Who, work: Work, key: str) -> Standing:
    return Standing(
        S.SELF, standing.certified, standing.round + 1, revoked_by=standing.revoked_by
    )  # nobody assessed it, nobody proposed


def _same(standing: Standing, who: Who, work: Work, key: str) -> Standing:
    return standing


def _submit(standing: Standing, who: Who, work: Work, key: str) -> Standing:
    if work.unanswered:
        raise Unlawful(
            f"Butir tanpa jawaban atau bukti: {_listed(work.unanswered)}. Jawaban 2 dan 3 perlu bukti, n/a perlu alasan.",
            f"Items without answer or evidence: {_listed(work.unanswered)}. Answers 2 and 3 need evidence, n/a a reason.",
        )
    return replace(standing, stage=S.SUBMITTED)


def _to(stage: Stage) -> Callable[[Standing, Who, Work, str], Standing]:
    return lambda standing, who, work, key: replace(standing, stage=stage)


def _recommend(standing: Standing, who: Who, work: Work, key: str) -> Standing:
    if not work.open:
        raise Unlawful("Tidak ada rekomendasi yang dicatat.", "No recommendation was recorded.")
    return standing if standing.stage is S.FACTUAL else replace(standing, stage=S.RECOMMENDED)


def _conclude(standing: Standing, who: Who, work: Work, key: str) -> Standing:
    if work.unjudged:
        raise Unlawful(
            f"Butir yang belum dinilai: {_listed(work.unjudged)}.", f"Items not judged yet: {_listed(work.unjudged)}."
        )
    return _weighed(standing, work)


def _weighed(standing: Standing, work: Work) -> Standing:
    if work.uncovered:
        raise Unlawful(
            f"Butir di bawah ketentuan LKPP tanpa rekomendasi yang terbuka: {_listed(work.uncovered)}. "
            "Beri rekomendasi, atau catat hasil pemeriksaan ulang yang memenuhi.",
            f"Items below what LKPP's rules ask, without an open recommendation: {_listed(work.uncovered)}. "
            "Recommend, or record a re-check that meets them.",
        )
    stage = S.RECOMMENDED if work.open else S.FOLLOWED_UP if work.waiting else S.READY
    return replace(standing, stage=stage)


def _follow_up(standing: Standing, who: Who, work: Work, key: str) -> Standing:
    if not work.waiting:
        raise Unlawful("Tidak ada tindak lanjut yang dicatat.", "No follow-up was recorded.")
    return replace(standing, stage=S.RECOMMENDED if work.open else S.FOLLOWED_UP)


def _propose(standing: Standing, who: Who, work: Work, key: str) -> Standing:
    return replace(standing, stage=S.PROPOSED, proposer=who.id)


def _decline(standing: Standing, who: Who, work: Work, key: str) -> Standing:
    return replace(standing, stage=S.READY, proposer=None)


def _determine(standing: Standing, who: Who, work: Work, key: str) -> Standing:
    if who.id in standing.assessors:
        raise Unlawful("Yang menilai tidak boleh menetapkan.", "Whoever assessed may not determine.")
    if who.id == standing.proposer:
        raise Unlawful("Yang mengusulkan tidak boleh menetapkan.", "Whoever proposed may not determine.")
    return replace(standing, stage=S.DETERMINED, certified=Certified.VALID, revoked_by="")


def _revoke(standing: Standing, who: Who, work: Work, key: str) -> Standing:
    if standing.certified is not Certified.VALID:
        raise Unlawful("Tidak ada sertifikat yang berlaku.", "There is no valid certificate.")
    if not key:
        raise Unlawful("Pencabutan harus menyebut tindakannya.", "A revocation must name its action.")
    return replace(
        standing, stage=S.REVOKED, certified=Certified.REVOKED, assessors=frozenset(), proposer=None, revoked_by=key
    )


def _reinstate(standing: Standing, who: Who, work: Work, key: str) -> Standing:
    if standing.certified is not Certified.REVOKED or not key or key != standing.revoked_by:
        raise Unlawful(
            "Sertifikat ini tidak dicabut oleh tindakan tersebut.", "This certificate was not revoked by that action."
        )
    stage = S.DETERMINED if standing.stage is S.REVOKED else standing.stage
    return replace(standing, stage=stage, certified=Certified.VALID, revoked_by="")


_AFTER: Mapping[Act, Callable[[Standing, Who, Work, str], Standing]] = {
    Act.BEGIN: _begin,
    Act.ANSWER: _same,
    Act.SUBMIT: _submit,
    Act.RETURN: _to(S.SELF),
    Act.ASSESS: _to(S.FACTUAL),
    Act.JUDGE: _same,
    Act.RECOMMEND: _recommend,
    Act.CONCLUDE: _conclude,
    Act.FOLLOW_UP: _follow_up,
    Act.RECHECK: lambda standing, who, work, key: _weighed(standing, work),
    Act.PROPOSE: _propose,
    Act.DECLINE: _decline,
    Act.DETERMINE: _determine,
    Act.REVOKE: _revoke,
    Act.REINSTATE: _reinstate,
}
