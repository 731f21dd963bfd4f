"""What an analyst is told before a process goes into force."""
