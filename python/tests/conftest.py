"""The tests speak to the Narrows of this checkout, unless NARROWS_HOME names another."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("NARROWS_HOME", str(ROOT))


@pytest.fixture
def models():
    return ROOT / "network/src/test/resources/golden/litert/operators"


@pytest.fixture(scope="session")
def root():
    return ROOT
