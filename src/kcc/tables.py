"""Every table of every capability, so that migrations see the whole schema."""

from kcc.access import models as access
from kcc.appointments import models as appointments
from kcc.appointments.hall import models as hall
from kcc.catalogue import models as catalogue
from kcc.knowledge import models as knowledge
from kcc.service_levels import models as service_levels
from kcc.storage import idempotency, installation, leases, outbox

__all__ = [
    "access",
    "appointments",
    "catalogue",
    "hall",
    "idempotency",
    "installation",
    "knowledge",
    "leases",
    "outbox",
    "service_levels",
]
