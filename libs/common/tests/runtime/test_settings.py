import subprocess
import sys

import pytest

from premia_runtime.settings import MigrationSettings, ServiceSettings, SettingsError, read_settings

GOOD = {
    "PREMIA_DATABASE_URL": "postgresql+asyncpg://a:secret@h/db",
    "PREMIA_SYSTEM_DATABASE_URL": "postgresql+asyncpg://b:secret@h/db",
    "PREMIA_NATS_URL": "nats://h",
    "PREMIA_ISSUER_URL": "http://issuer",
    "PREMIA_JWKS_URL": "http://issuer/jwks.json",
    "PREMIA_STORE_DIR": "/data",
    "PREMIA_PUBLIC_BASE_URL": "http://me",
    "PREMIA_CURSOR_SECRET": "0123456789abcdef",
}


def test_settings_come_from_the_environment_and_do_not_show_secrets():
    settings = read_settings(ServiceSettings, {**GOOD, "HOME": "/", "PREMIA_PORT": "9000"})

    assert settings.port == 9000
    assert "secret" not in repr(settings)


def test_unknown_missing_and_wrong_settings_are_named_together():
    wrong = {**GOOD, "PREMIA_DATABSE_URL": "x", "PREMIA_PORT": "none"}
    del wrong["PREMIA_NATS_URL"]

    with pytest.raises(SettingsError) as refused:
        read_settings(ServiceSettings, wrong)

    message = str(refused.value)
    assert (
        "PREMIA_DATABSE_URL is not a setting of this service; did you mean PREMIA_DATABASE_URL?"
        in message
    )
    assert "PREMIA_NATS_URL: Field required" in message
    assert "PREMIA_PORT: Input should be a valid integer" in message


def test_a_migration_is_told_one_thing():
    with pytest.raises(SettingsError, match="PREMIA_MIGRATION_DATABASE_URL: Field required"):
        read_settings(MigrationSettings, {})


@pytest.mark.parametrize("armed", [True, False])
def test_a_fault_point_kills_only_where_it_is_armed(tmp_path, armed):
    if armed:
        (tmp_path / "somewhere").touch()
    script = (
        "from pathlib import Path; from premia_runtime.faults import arm_faults, fault_point;"
        f"arm_faults(Path({str(tmp_path)!r})); fault_point('somewhere'); print('alive')"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    if armed:
        assert ended.returncode == -9
        assert '"point":"somewhere"' in ended.stderr
        assert (tmp_path / "somewhere.hit").exists()
    else:
        assert ended.stdout == "alive\n"
