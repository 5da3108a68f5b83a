"""The rows of admission. Each has its current state; how it came to it are `Transition` rows.

Laws:
- Nothing here is deleted. A state changes only through `collector.admission.acts`, which writes a transition and an act with it.
- LKPP's people see all rows; a provider's people those of their own provider, drafts included: they are its drafts.
- Of a file its name, size, date and SHA-256 are kept, and where the caller stored it (`stored`); bytes never.
"""

from collector.admission.models.applications import Application, Document, Installation, Review, Unit
from collector.admission.models.slas import Breach, Signature, Sla
from collector.admission.models.transition import Transition

__all__ = [
    "Application",
    "Breach",
    "Document",
    "Installation",
    "Review",
    "Signature",
    "Sla",
    "Transition",
    "Unit",
]
