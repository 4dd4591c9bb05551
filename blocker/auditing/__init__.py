"""Is it true: the auditor, written without a line of the planner's."""
