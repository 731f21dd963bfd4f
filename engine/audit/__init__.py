"""Proof that nothing was altered: replay and verification."""
