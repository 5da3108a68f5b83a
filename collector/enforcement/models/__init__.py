"""The rows of the decree's enforcement. Each has its current state; how it came to it are `Transition` rows.

Laws:
- Nothing here is deleted. A state changes only through `collector.enforcement.acts`, which writes a transition and an act with it.
- An account sees the rows of its own provider; of acts of the ladder only those that were issued; drafts and proposals are LKPP's.
"""

from collector.enforcement.models.calendar import DayOverride, ProviderZone, RulesVersion
from collector.enforcement.models.cases import Case, NonConformity, Statement
from collector.enforcement.models.ladder import Action, Approval, Deadline
from collector.enforcement.models.objections import Examination, Objection
from collector.enforcement.models.offers import Offer
from collector.enforcement.models.transition import Transition

__all__ = [
    "Action",
    "Approval",
    "Case",
    "DayOverride",
    "Deadline",
    "Examination",
    "NonConformity",
    "Objection",
    "Offer",
    "ProviderZone",
    "RulesVersion",
    "Statement",
    "Transition",
]
