"""What several commands are made of: an office opened, an answer printed, two processes watched over. No command itself."""
