"""Database engine, transactions, outbox and migrations."""
