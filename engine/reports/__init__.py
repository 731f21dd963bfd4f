"""What people look at: lists and progress, read only."""
