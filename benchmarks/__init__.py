"""Programs that measure speed and memory; their last results stand in RESULTS.md."""
