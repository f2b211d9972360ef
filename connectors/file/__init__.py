"""Messages in files on disk: mbox, Maildir, single messages, Takeout archives and `.jsonl`."""

from connectors.file.connector import FileConnector

__all__ = ["FileConnector"]
