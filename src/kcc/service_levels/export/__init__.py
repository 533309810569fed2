"""The star schema for the data team: as files, and as views in PostgreSQL."""
