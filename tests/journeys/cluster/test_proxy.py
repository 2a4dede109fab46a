"""The proxy's configuration, as the compose file has it."""

import subprocess
from pathlib import Path

import pytest

from tests.interop.processes import bare_environment
from tests.support.cluster import ROOT, caddy, inlined

pytestmark = pytest.mark.long


def test_caddy_takes_the_configuration_of_the_compose_file(tmp_path: Path) -> None:
    """Caddy itself says that it is right, for a name that it would get a certificate for."""
    path = tmp_path / "Caddyfile"
    path.write_text(inlined((ROOT / "docker-compose.yml").read_text()))
    checked = subprocess.run(  # noqa: S603 - Debian's own
        [caddy(), "validate", "--config", path, "--adapter", "caddyfile"], check=False,
        env=bare_environment(tmp_path, {"HUB_HOST": "hub.example"}), capture_output=True, text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    assert "Valid configuration" in checked.stdout + checked.stderr
