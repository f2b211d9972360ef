"""The command line: parses, asks, prints."""
