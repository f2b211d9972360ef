"""Numbered SQL files: the tables of facts, and nothing derived."""
