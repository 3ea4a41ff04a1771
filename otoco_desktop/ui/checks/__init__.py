"""Every check of the plan, and the bar that opens the review."""
