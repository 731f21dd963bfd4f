"""Slow proofs: each prints its seed and, last, one line of figures; run by `./izin prove NAME`."""
