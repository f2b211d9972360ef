"""Uploads go straight to disk, next to the database, and are known by the name they were sent under."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

from flask import Request, current_app
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.utils import secure_filename

from emailresponse import domains
from emailresponse.errors import SettingsError
from web.worker import Job, UploadedFile


class UploadRequest(Request):
    """A request whose files are never held in memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - werkzeug's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return tempfile.TemporaryFile("wb+", dir=current_app.config["UPLOADS"], prefix="upload-")


def keep(sent: Iterable[FileStorage], folder: Path) -> tuple[UploadedFile, ...]:
    """Move the sent files into a folder and return them; fields left empty are none."""
    return tuple(_keep(one, folder, number) for number, one in enumerate(sent) if one.filename)


def new_folder() -> Path:
    """Return a new folder for one import's files."""
    return Path(tempfile.mkdtemp(prefix="import-", dir=current_app.config["UPLOADS"]))


def _keep(one: FileStorage, folder: Path, number: int) -> UploadedFile:
    sent_name = one.filename or ""
    place = folder / str(number)
    place.mkdir()
    path = place / (secure_filename(sent_name) or "upload")
    one.save(path, buffer_size=1024 * 1024)
    one.close()
    return UploadedFile(name=sent_name, path=path, size_bytes=path.stat().st_size)


def check(sent: MultiDict[str, FileStorage], typed: Mapping[str, str], now: datetime) -> Job:
    """Return the import that a form asks for, its files kept on disk.

    Raises:
        SettingsError: no file was sent, or the mailbox's address is none.
    """
    given = typed.get("mailbox", "").strip()
    mailbox = domains.address(given) if given else ""
    folder = new_folder()
    files = keep(sent.getlist("files"), folder)
    if not files or (not mailbox and not all(_names_mailboxes(file) for file in files)):
        shutil.rmtree(folder, ignore_errors=True)
        raise SettingsError(
            "choose a file to import" if not files else "say whose mailbox it is: type its address"
        )
    return Job(
        job_id=secrets.token_hex(6),
        mailbox=mailbox,
        name=typed.get("name", "").strip() or None,
        files=files,
        folder=folder,
        asked_at=now,
        is_merging="merging" in typed,
    )


def _names_mailboxes(file: UploadedFile) -> bool:
    return ".jsonl" in Path(file.name).suffixes
