"""Histories of past releases, replayed for ever. What stands in a release's folder is never written again."""
