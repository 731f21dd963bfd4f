"""The screens: a thin Flask layer that reads a request, asks the engine, and answers with a page."""
