"""Every table of every capability, so that migrations see the whole schema."""

from kcc.access import models as access
from kcc.catalogue import models as catalogue
from kcc.knowledge import models as knowledge
from kcc.storage import installation, leases, outbox

__all__ = ["access", "catalogue", "installation", "knowledge", "leases", "outbox"]
