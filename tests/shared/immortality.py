"""What one version keeps for good, whatever lets go of it."""

from __future__ import annotations

import sys
from typing import Final

from gilbench.machine.interpreter import gil_enabled

__all__ = ["KEEPS_FUNCTIONS"]

# Once it has had a second thread, 3.13t keeps all functions, their code and the names they are in.
KEEPS_FUNCTIONS: Final = sys.version_info[:2] == (3, 13) and not gil_enabled()
