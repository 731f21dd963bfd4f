"""Migrations of the database, run by Alembic; each goes up and down on SQLite and PostgreSQL."""
