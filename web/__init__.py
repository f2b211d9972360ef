"""Pages: thin views over the reports. They know no provider and no SQL."""
