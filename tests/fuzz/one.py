"""Fuzz one target in this process: `python -m tests.fuzz.one TARGET [libFuzzer's options]`."""

import sys

import atheris

with atheris.instrument_imports(include=["federation"]):  # before anybody else imports it
    from tests.fuzz.targets import TARGETS

if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()
