"""Pure licensing rules: no database, no diagram, no clock of their own."""
