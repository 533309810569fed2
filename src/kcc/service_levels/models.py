"""Tables of the service levels."""

from datetime import date

from sqlmodel import Field, SQLModel


class LeadTime(SQLModel, table=True):
    """How many calendar days the first free start for a product was away, as seen at a location on a day.

    NULL: nothing was free within the product's horizon. Kept as it was, whatever happens to product and location.
    """

    __tablename__ = "lead_time"

    day: date = Field(primary_key=True)
    product: str = Field(primary_key=True, max_length=60)
    location: str = Field(primary_key=True, max_length=60)
    days: int | None = None
