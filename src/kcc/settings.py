"""Every setting: its default, its KCC_* variable, one line of help each."""

import os
import re
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from kcc.clock import Clock, parse_spec, simulated_clock
from kcc.office_hours import parse_week

PREFIX = "KCC_"
SECRET_KEY_MIN = 32
_ADDRESS = re.compile(r"[^\s@<>\",;]{1,64}@[A-Za-z0-9.-]{1,189}")


class SettingsError(Exception):
    """A setting is unknown or malformed; the message names it and says what to do."""


class Settings(BaseSettings):
    """All settings. Set them as KCC_* variables, or in the TOML file named by KCC_CONFIG."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data_dir: Path = Field(Path("data"), description="Folder for the database, the index and the secret key.")
    database_url: str | None = Field(
        None, description="postgresql://user:password@host/name; without it SQLite in the data folder."
    )
    export_dir: Path | None = Field(
        None, description="Folder that the star schema is exported to every night; without it there is no such export."
    )
    secret_key: str | None = Field(
        None, min_length=SECRET_KEY_MIN, description="Signs and hashes; without it made once in the data folder."
    )
    base_url: str = Field(
        "http://127.0.0.1:8000",
        description="Public address, without a slash at the end; https in production.",
    )
    timezone: str = Field("Europe/Amsterdam", description="Time zone of opening hours, dates and reports.")
    clock: str | None = Field(
        None, description="Simulated clock for tests and demonstrations: `INSTANT[ xSPEED]`; not with https."
    )
    clock_origin: AwareDatetime | None = Field(
        None,
        description="Real moment at which the simulated clock started; set by `kcc serve` for its workers.",
    )
    worker: bool = Field(True, description="Run background work (outbox, index) in the serving processes.")
    rate_limits: bool = Field(True, description="Limit log-in attempts; `off` only for load tests.")
    smtp_url: str | None = Field(
        None,
        description="smtp://user:password@host:587 or smtps://…:465; without it mail is written as .eml files.",
    )
    mail_from: str = Field("afspraken@voorbeeld.example", description="Address that mail to residents comes from.")
    hold_minutes: int = Field(
        10, ge=1, le=60, description="Minutes a chosen time is kept while somebody fills in the form."
    )
    release_delay: int = Field(
        300,
        ge=0,
        le=86_400,
        description="Most seconds before a cancelled place is offered online again (a random wait); 0 is at once.",
    )
    max_open_appointments: int = Field(
        4, ge=1, le=100, description="Appointments to come that one e-mail address can have, booked online."
    )
    max_products: int = Field(4, ge=1, le=20, description="Products that one visit can combine.")
    late_after_minutes: int = Field(
        10, ge=0, le=120, description="Minutes an appointment may come late and keep its place in the hall."
    )
    repeat_days: int = Field(
        7, ge=1, le=60, description="Days within which somebody who asks about the same again is a repeat contact."
    )
    contact_reopen_minutes: int = Field(
        60, ge=0, le=1440, description="Minutes within which an agent can open a contact again that they finished."
    )
    callback_hours: str = Field(
        "mon-fri 8:30-17:00", description="Hours in which residents are called back; public holidays are left out."
    )
    callback_within_hours: int = Field(
        16, ge=1, le=200, description="Hours of those within which somebody is called back."
    )
    callback_escalation_hours: int = Field(
        4, ge=1, le=100, description="Hours of those after which the next one hears of a callback that is overdue."
    )
    callback_centre_email: str | None = Field(
        None, description="Mailbox of the contact centre: callbacks that come back, or that no department can be told."
    )
    callback_lead_email: str | None = Field(
        None, description="Mailbox of the team lead, who hears last of a callback that is overdue."
    )
    answer_within_seconds: int = Field(30, ge=1, le=3600, description="Seconds within which a call should be answered.")
    answer_target_percent: int = Field(
        80, ge=1, le=100, description="Target: share of calls answered within those seconds, in percent."
    )
    first_contact_target_percent: int = Field(
        80, ge=1, le=100, description="Target: share of questions settled in the first contact, in percent."
    )
    callback_target_percent: int = Field(
        100, ge=1, le=100, description="Target: share of callbacks tried before the promised moment, in percent."
    )
    counter_target_minutes: int = Field(
        5, ge=1, le=60, description="Minutes within which an appointment is called to the counter."
    )
    counter_target_percent: int = Field(
        95, ge=1, le=100, description="Target: share of appointments called to the counter in time, in percent."
    )
    walk_in_target_minutes: int = Field(
        15, ge=1, le=120, description="Minutes within which a walk-in is called; past it they go first."
    )
    stream_seconds: int = Field(
        600, ge=1, le=3600, description="Seconds after which the stream of a live screen ends and is opened anew."
    )
    offer_minutes: int = Field(
        120, ge=5, le=1440, description="Minutes an earlier place is kept for who asked to hear of one."
    )
    earlier_gain_minutes: int = Field(
        120, ge=5, le=1440, description="Minutes that an earlier place on the same day must gain to be offered."
    )
    survey: bool = Field(True, description="Ask visitors how it was: by mail after an appointment, and at the kiosk.")
    survey_after_minutes: int = Field(
        60, ge=0, le=10_080, description="Minutes after an appointment before its visitor is asked how it was."
    )
    proof_above: int = Field(
        60, ge=0, description="Online reservations a minute above which a browser must do some work first (ALTCHA)."
    )
    municipality_name: str = Field("Gemeente Voorbeeld", description="Full name of the municipality.")
    municipality_short_name: str = Field("Voorbeeld", description="Name without the word Gemeente.")
    municipality_phone: str = Field("14 0123", description="Telephone number residents call.")
    municipality_address: str = Field("Markt 1, Voorbeeld", description="Address of the town hall.")
    municipality_opening_hours: str = Field(
        "Maandag tot en met vrijdag 8.30 tot 17.00 uur",
        description="Opening hours of the town hall, in Dutch.",
    )
    municipality_opening_hours_en: str = Field(
        "Monday to Friday 8:30 to 17:00",
        description="The same in English; English pages show the Dutch hours when only those are set.",
    )
    logo: Path | None = Field(None, description="SVG or PNG file with the logo; without it the demonstration's.")
    theme: Path | None = Field(None, description="CSS file with brand tokens, loaded after our own theme.")
    security_contact: str = Field(
        "mailto:security@voorbeeld.example",
        description="Contact in /.well-known/security.txt (mailto:, https:// or tel:).",
    )
    privacy_contact: str = Field(
        "privacy@voorbeeld.example",
        description="E-mail address on /privacy, /toegankelijkheid and in the OpenAPI file.",
    )
    session_idle_minutes: int = Field(
        30, ge=1, le=600, description="Sign out after this many minutes without a request."
    )
    session_max_hours: int = Field(10, ge=1, le=24, description="Sign out after this many hours in any case.")
    max_body_bytes: int = Field(1_000_000, ge=10_000, description="Largest request body taken, in bytes.")
    log_format: Literal["json", "text"] = Field("json", description="json for machines, text for people.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least serious level logged.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments go before variables, variables before the TOML file."""
        config = os.environ.get(PREFIX + "CONFIG")
        files = (TomlConfigSettingsSource(settings_cls, Path(config)),) if config else ()
        return (init_settings, env_settings, *files)

    @field_validator("base_url")
    @classmethod
    def _plain_base_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or value != f"{parts.scheme}://{parts.netloc}":
            raise ValueError("must be http:// or https:// and a host, without a path or a slash at the end")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        try:
            address = make_url(value) if value is not None else None
        except (ArgumentError, ValueError):
            raise ValueError("cannot be read; write e.g. postgresql://user:password@host/name") from None
        if address and address.drivername != "postgresql" and not _is_sqlite_file(address):
            raise ValueError("must start with postgresql:// or be sqlite:/// and a path")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is not a known time zone, e.g. Europe/Amsterdam") from None
        return value

    @field_validator("clock")
    @classmethod
    def _readable_clock(cls, value: str | None) -> str | None:
        if value is not None:
            parse_spec(value)
        return value

    @field_validator("callback_hours")
    @classmethod
    def _readable_hours(cls, value: str) -> str:
        parse_week(value)
        return value

    @field_validator("callback_centre_email", "callback_lead_email")
    @classmethod
    def _one_address(cls, value: str | None) -> str | None:
        if value is not None and not _ADDRESS.fullmatch(value):
            raise ValueError("must be one e-mail address, e.g. kcc@voorbeeld.example")
        return value

    @field_validator("security_contact")
    @classmethod
    def _contact_is_an_address(cls, value: str) -> str:
        if not value.startswith(("mailto:", "https://", "tel:")) or not value.isprintable() or " " in value:
            raise ValueError("must start with mailto:, https:// or tel:")
        return value

    @model_validator(mode="after")
    def _no_simulated_clock_in_production(self) -> "Settings":
        if self.clock and self.secure:
            raise ValueError("KCC_CLOCK is refused while KCC_BASE_URL is https: a simulated clock is for tests only")
        return self

    @property
    def secure(self) -> bool:
        """Whether residents reach the service over https."""
        return self.base_url.startswith("https://")

    @property
    def survey_after(self) -> timedelta | None:
        """How long after an appointment its visitor is asked how it was; None: nobody is."""
        return timedelta(minutes=self.survey_after_minutes) if self.survey else None

    @property
    def database(self) -> str:
        """The database's address: the one that was set, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'kcc.sqlite3'}"

    @property
    def index_dir(self) -> Path:
        """Where this host keeps its search index. Disposable: made anew from the database."""
        return self.data_dir.resolve() / "index"

    @property
    def mail_dir(self) -> Path:
        """Where mail is written when there is no SMTP server."""
        return self.data_dir.resolve() / "mail"

    def make_clock(self) -> Clock:
        """The clock all parts of this process share."""
        timezone = ZoneInfo(self.timezone)
        if self.clock is None:
            return Clock(timezone)
        return simulated_clock(timezone, self.clock, self.clock_origin or Clock(timezone).now())

    def resolve_secret_key(self) -> str:
        """The secret key; made once in the data folder, readable by the owner only, when none was set."""
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret-key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"secret-key.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            with suppress(FileExistsError):  # another process was first: its key counts
                os.link(draft, path)
            draft.unlink()
        key = path.read_text().strip()
        if len(key) < SECRET_KEY_MIN:
            raise SettingsError(f"{path} is too short to be a secret key; restore it, or delete it to have one made")
        return key


def _is_sqlite_file(address: URL) -> bool:
    # Not in memory: reading and writing have connections of their own, which would not share it.
    return address.drivername == "sqlite" and address.database not in (None, "", ":memory:")


def load_settings(**overrides: Any) -> Settings:
    """Read settings from the environment and KCC_CONFIG.

    Raises SettingsError, naming the setting, when one is unknown or malformed.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {PREFIX + "CONFIG"}
    for variable in sorted(os.environ):
        if variable.startswith(PREFIX) and variable not in known and not variable.startswith(PREFIX + "TEST_"):
            raise SettingsError(f"{variable} is not a setting of kcc; see docs/operator/settings.md for the list")
    config = os.environ.get(PREFIX + "CONFIG")
    if config and not Path(config).is_file():
        raise SettingsError(f"KCC_CONFIG names {config}, which is not a file")
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None
    except ValueError as error:  # TOML that cannot be parsed
        raise SettingsError(f"{config or 'settings'}: {error}") from None


def _sentence(error: ValidationError) -> str:
    """One line per wrong setting, named by its variable."""
    lines = []
    for item in error.errors():
        name = PREFIX + str(item["loc"][0]).upper() + ": " if item["loc"] else ""
        message = (
            "is not a setting of kcc"
            if item["type"] == "extra_forbidden"
            else item["msg"].removeprefix("Value error, ")
        )
        lines.append(f"{name}{message}")
    return "; ".join(lines)
