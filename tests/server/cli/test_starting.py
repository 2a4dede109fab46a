"""What the command line brings along when it starts."""

import subprocess
import sys


def test_the_demonstration_is_read_by_nobody_else() -> None:
    """Its people, stories and drawings are for one command; every other would start later."""
    program = (
        "import sys; import server.cli.commands;"
        "print([name for name in sys.modules if name.startswith('server.cli.demo')])"
    )
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)  # noqa: S603 - ours
    assert found.stdout.decode().strip() == "[]"


def test_what_is_imported_is_out_of_the_collectors_way() -> None:
    """Else it walks half a million objects that never go, in a pause that every request feels."""
    program = (
        "import gc, sys; sys.argv = ['fettle', '--help']; from server.cli import main\n"
        "try: main()\n"
        "except SystemExit: print('frozen', gc.get_freeze_count() > 100_000, gc.isenabled())"
    )
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)  # noqa: S603 - ours
    assert found.stdout.decode().endswith("frozen True True\n")
