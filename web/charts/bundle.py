"""The script that makes charts answer to the pointer: Vega as vl-convert bundles it, built once a process."""

from __future__ import annotations

import gzip
import threading
from importlib.metadata import version

import vl_convert

_EXPORT = "window.drawChart = vegaEmbed;"


class Bundle:
    """Builds the script on first use, which takes seconds, and keeps it compressed in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._content: bytes | None = None

    def content(self) -> bytes:
        """Return the script, gzip-compressed; whoever comes while it is being built waits for it."""
        with self._lock:
            if self._content is None:
                self._content = gzip.compress(vl_convert.javascript_bundle(_EXPORT).encode(), mtime=0)
            return self._content

    def version(self) -> str:
        """Return what changes whenever the script does."""
        return f"{version('vl-convert-python')}-{vl_convert.get_vega_version()}"

    def warm(self) -> None:
        """Build the script in the background."""
        threading.Thread(target=self.content, name="chart-bundle", daemon=True).start()
