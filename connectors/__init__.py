"""One module per place that messages come from. They know no page and no database."""
