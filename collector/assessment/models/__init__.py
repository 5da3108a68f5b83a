"""The tables of assessment, by what they are about."""

from collector.assessment.models.answers import EvidenceFile, ItemAnswer, Submission
from collector.assessment.models.certificates import Certificate, CertificateSequence
from collector.assessment.models.competence import Level, Person, Training
from collector.assessment.models.corrective import CorrectiveAction, CorrectiveTransition
from collector.assessment.models.mentoring import Mentoring, MentoringTransition
from collector.assessment.models.recommendations import FollowUp, Recommendation
from collector.assessment.models.standing import AssessmentRules, Done, ProviderStandard, Round, Transition

__all__ = [
    "AssessmentRules", "Certificate", "CertificateSequence", "CorrectiveAction", "CorrectiveTransition", "Done",
    "EvidenceFile", "FollowUp", "ItemAnswer", "Level", "Mentoring", "MentoringTransition", "Person", "ProviderStandard",
    "Recommendation", "Round", "Submission", "Training", "Transition",
]  # fmt: skip
