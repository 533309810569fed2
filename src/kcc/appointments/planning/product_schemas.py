"""What crosses the wire about products, and what every change of the plan answers."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from kcc.web.fields import WHOLE, Code, Codes, Day, Line, LongLine, Name, OptionalName, Position, Switch, Url, says
from kcc.web.requests import Wire

Minutes = Annotated[
    int,
    Field(strict=True, ge=0, le=480),
    WHOLE,
    says("vul een heel aantal minuten van 0 tot en met 480 in"),
]
Duration = Annotated[
    int,
    Field(strict=True, ge=1, le=480),
    WHOLE,
    says("vul een heel aantal minuten van 1 tot en met 480 in"),
]
Step = Annotated[
    int,
    Field(strict=True, ge=5, le=480, multiple_of=5),
    WHOLE,
    says("vul een veelvoud van 5 minuten in, ten hoogste 480"),
]
Persons = Annotated[
    int,
    Field(strict=True, ge=1, le=20),
    WHOLE,
    says("vul een aantal van 1 tot en met 20 personen in"),
]
Notice = Annotated[
    int,
    Field(strict=True, ge=0, le=43_200),
    WHOLE,
    says("vul een heel aantal minuten van 0 tot en met 43200 (30 dagen) in"),
]
Days = Annotated[
    int,
    Field(strict=True, ge=0, le=730),
    WHOLE,
    says("vul een heel aantal dagen van 0 tot en met 730 in"),
]
Lines = Annotated[list[Line], Field(max_length=20)]


class DryRun(Wire):
    """Whether to do everything and then undo it, to see what would come of it."""

    dry_run: Literal["true", "false"] = Field("false", description="`true`: answer the same, and change nothing.")


class TouchedAppointment(Wire):
    """A booked appointment that the plan no longer has room for."""

    code: str
    starts_at: datetime
    location: str


class Removed(Wire):
    """What the removal of something means for appointments."""

    touched: list[TouchedAppointment]


class ProductContent(Wire):
    """Everything an administrator decides about a product. `costs` can hold `{{fee}}` placeholders."""

    name: Name
    name_en: OptionalName = ""
    upl: Line | None = Field(None, description="Exactly a name in the Uniforme Productnamenlijst.")
    duration_minutes: Duration
    further_person_minutes: Minutes = 0
    preparation_minutes: Minutes = 0
    step_minutes: Step | None = Field(None, description="Without it the duration, in whole 5 minutes.")
    max_persons: Persons = 1
    notice_minutes: Notice = 0
    horizon_days: Days = 60
    bring: Lines = Field(default_factory=list)
    bring_en: Lines = Field(default_factory=list)
    costs: LongLine = ""
    costs_en: LongLine = ""
    online_url: Url | None = None
    staff_only: Switch = False
    lead_time_days: Days | None = None
    combinable_with: Codes = Field(default_factory=list)
    withdrawn_from: Day | None = Field(None, description="The first day on which it is no longer offered.")
    valid_from: Day | None = Field(None, description="The day of the visit from which this holds; without it today.")
    position: Position | None = None


class NewProduct(ProductContent):
    """A product to be made, with the code by which all name it."""

    code: Code


class ProductItem(Wire):
    """A product as it is today, or on its first day. `costs` have today's fees filled in."""

    code: str
    name: str
    name_en: str
    upl: str | None
    duration_minutes: int
    further_person_minutes: int
    preparation_minutes: int
    step_minutes: int
    max_persons: int
    notice_minutes: int
    horizon_days: int
    bring: list[str]
    bring_en: list[str]
    costs: str
    costs_en: str
    costs_template: str
    costs_template_en: str
    online_url: str | None
    staff_only: bool
    lead_time_days: int | None
    combinable_with: list[str]
    locations: list[str]
    withdrawn_from: date | None
    valid_from: date
    position: int


class ProductChanged(ProductItem):
    """A product after a change, and the appointments it touches."""

    touched: list[TouchedAppointment]


class ProductList(Wire):
    """Products in the order of the catalogue."""

    total: int
    next: str | None
    results: list[ProductItem]
