"""Secrets are sealed by keys that lie outside the database, and can be sealed again with a new one."""

from __future__ import annotations

import stat

import pytest

from emailresponse.errors import SettingsError
from emailresponse.vault import VARIABLE, Vault, new_key


def test_the_first_secret_makes_a_key_that_only_its_owner_reads(tmp_path):
    """No key exists until something is sealed; then it lies beside the database, for its owner alone."""
    db = tmp_path / "team.duckdb"
    vault = Vault.of(db, {})
    path = tmp_path / "team.duckdb.key"
    assert not path.exists()

    sealed = vault.seal("refresh-token")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "refresh-token" not in sealed
    assert Vault.of(db, {}).unseal(sealed) == "refresh-token"


def test_a_key_that_others_may_read_is_refused(tmp_path):
    """A key file with wider rights stops the program, and the error says how to mend it."""
    db = tmp_path / "team.duckdb"
    Vault.of(db, {}).seal("token")
    (tmp_path / "team.duckdb.key").chmod(0o640)

    with pytest.raises(SettingsError, match="chmod 600"):
        Vault.of(db, {})


@pytest.mark.parametrize("written", ["", "not a key", "c2hvcnQ="])
def test_a_key_that_is_none_is_refused(tmp_path, written):
    """A file or variable without a proper key is an error, never a new key in its place."""
    path = tmp_path / "team.duckdb.key"
    path.write_text(written)
    path.chmod(0o600)

    with pytest.raises(SettingsError):
        Vault.of(tmp_path / "team.duckdb", {})


def test_the_environments_key_comes_first(tmp_path):
    """With EMAILRESPONSE_KEY no file is read or made; its first key seals and every one opens."""
    old, new = new_key(), new_key()
    sealed = Vault.of(tmp_path / "db", {VARIABLE: old}).seal("token")

    vault = Vault.of(tmp_path / "db", {VARIABLE: f"{new}, {old}"})

    assert vault.unseal(sealed) == "token"
    assert Vault.of(tmp_path / "db", {VARIABLE: new}).unseal(vault.seal("token")) == "token"
    assert list(tmp_path.iterdir()) == []


def test_what_another_key_sealed_or_somebody_changed_does_not_open(tmp_path):
    """A lost key or an altered secret gives nothing, never something else."""
    vault = Vault([new_key()])
    sealed = vault.seal("token")

    assert Vault([new_key()]).unseal(sealed) is None
    assert Vault([]).unseal(sealed) is None
    assert vault.unseal(sealed[:-4] + "AAAA") is None


def test_rotation_seals_with_the_new_key_and_forgets_the_old_one_in_the_end(tmp_path):
    """Between the two steps both keys open, so a rotation that is killed loses nothing."""
    vault = Vault.of(tmp_path / "db", {})
    sealed = vault.seal("token")
    old = (tmp_path / "db.key").read_text()

    vault.begin_rotation()
    between = Vault.of(tmp_path / "db", {})
    assert between.unseal(sealed) == "token"
    again = vault.seal("token")
    vault.end_rotation()

    after = Vault.of(tmp_path / "db", {})
    assert after.unseal(again) == "token"
    assert after.unseal(sealed) is None
    assert old.strip() not in (tmp_path / "db.key").read_text()


def test_the_environments_keys_are_rotated_by_whoever_sets_them(tmp_path):
    """The program cannot change its environment; it says what to put there."""
    with pytest.raises(SettingsError, match=VARIABLE):
        Vault.of(tmp_path / "db", {VARIABLE: new_key()}).begin_rotation()
