"""What appointments add to the lifespan state."""

from kcc.access.limits import AddressLimit
from kcc.access.proof import Proofs
from kcc.appointments.counting import ProductCounter
from kcc.appointments.menu import MenuKeeper
from kcc.appointments.planner import Planner
from kcc.appointments.policy import Policy
from kcc.web.state import State


class AppointmentState(State):
    """The state with the plan, how this municipality books, and the limits on who books unsigned."""

    planner: Planner
    policy: Policy
    menu: MenuKeeper
    product_counter: ProductCounter
    proofs: Proofs
    hold_limit: AddressLimit
    contact_limit: AddressLimit
    lookup_limit: AddressLimit
