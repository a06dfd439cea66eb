"""`python -m storycluster_server`: runs the server until it is told to stop."""

from __future__ import annotations

import sys

from storycluster_server.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
