"""Everything that is kept. The only place that imports SQLAlchemy."""
