"""Pages: thin views over the reports. They know no provider and no SQL."""

from web.app import create_app

__all__ = ["create_app"]
