"""The server as a process of its own: python -m tests.google_server --port 0 --state FILE.json

Prints its endpoint and serves until it is ended.  With --state it begins where the file ends, and
keeps the file up to date after every change.
"""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from tests.google_server import GoogleServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.google_server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, help="JSON; read at the start, kept up to date")
    options = parser.parse_args()
    server = GoogleServer(options.port, options.state)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    server.start()
    print(server.endpoint, flush=True)
    try:
        ended.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


if __name__ == "__main__":
    main()
