"""What handlers ask for: numbers, letters, notices, accounts, archive. Each claims the effect's key before it acts."""
