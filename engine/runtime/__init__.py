"""Running cases. The only place that imports SpiffWorkflow."""
