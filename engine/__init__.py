"""The engine: cases, journal, effects. It knows no process, no screen and no handler by name."""
