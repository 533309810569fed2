"""Every table of every capability, so that migrations see the whole schema."""

from kcc.access import models as access
from kcc.appointments import models as appointments
from kcc.appointments.hall import models as hall
from kcc.appointments.survey import models as survey
from kcc.catalogue import models as catalogue
from kcc.contacts.announcements import models as announcements
from kcc.contacts.callbacks import models as callbacks
from kcc.contacts.department_questions import models as department_questions
from kcc.contacts.log import models as contact_log
from kcc.contacts.telephony import models as telephony
from kcc.knowledge import models as knowledge
from kcc.service_levels import models as service_levels
from kcc.service_levels.export import models as agent_aliases
from kcc.service_levels.phone import models as counted_calls
from kcc.service_levels.planning import models as planning
from kcc.service_levels.rollups import models as counted_days
from kcc.service_levels.targets import models as targets
from kcc.storage import idempotency, installation, leases, outbox

__all__ = [
    "access",
    "agent_aliases",
    "announcements",
    "appointments",
    "callbacks",
    "catalogue",
    "contact_log",
    "counted_calls",
    "counted_days",
    "department_questions",
    "hall",
    "idempotency",
    "installation",
    "knowledge",
    "leases",
    "outbox",
    "planning",
    "service_levels",
    "survey",
    "targets",
    "telephony",
]
