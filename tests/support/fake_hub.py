"""A model hub on this machine: one repository, served over HTTP as the real one serves it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "someone/tiny"


class FakeHub:
    """What it lists, what it gives, and what was requested of it. Tests change it to make it lie or fail."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.commit, self.requests, self.headers = dict(files), COMMIT, list[str](), list[dict[str, str]]()
        self.listing: Callable[[], Any] = self.stated
        self.error: tuple[int, str] | None = None
        """Status and X-Error-Code with which files (not the listing) are answered."""
        self.cuts = 0
        """How many downloads still break off in the middle."""
        self.url = ""

    def stated(self) -> Any:
        siblings = []
        for name, data in self.files.items():
            blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            file: dict[str, Any] = {"rfilename": name, "size": len(data), "blobId": blob}
            if name.endswith((".safetensors", ".bin")):
                large = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
                file |= {"blobId": "of the pointer", "lfs": large}
            siblings.append(file)
        return {"id": REPOSITORY, "sha": self.commit, "siblings": siblings}

    def downloads(self) -> list[str]:
        """Names of the files whose bytes were sent, once for each try."""
        return [line.rsplit("/", 1)[1] for line in self.requests if line.startswith("GET /someone/tiny/resolve/")]


def _handler(hub: FakeHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            """Nothing is printed."""

        def do_HEAD(self) -> None:
            self.answer(b"")

        def do_GET(self) -> None:
            self.answer(None)

        def answer(self, body: bytes | None) -> None:
            hub.requests.append(f"{self.command} {self.path}")
            hub.headers.append({name.lower(): value for name, value in self.headers.items()})
            if self.path.startswith(f"/api/models/{REPOSITORY}/revision/"):
                return self.send(200, json.dumps(hub.listing()).encode(), {"Content-Type": "application/json"})
            found = re.fullmatch(f"/{REPOSITORY}/resolve/{hub.commit}/(.+)", self.path)
            if found and hub.error:
                return self.send(hub.error[0], b"", {"X-Error-Code": hub.error[1]})
            if not found or found[1] not in hub.files:
                return self.send(404, b"", {"X-Error-Code": "EntryNotFound" if found else "RepoNotFound"})
            data = hub.files[found[1]]
            stated = {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": hub.commit}
            if body is None and hub.cuts:
                hub.cuts -= 1
                self.close_connection = True
                return self.send(200, data[: len(data) // 2], stated, len(data))
            self.send(200, data, stated)

        def send(self, status: int, data: bytes, headers: dict[str, str], length: int | None = None) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data) if length is None else length)}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                try:
                    self.wfile.write(data)
                except ConnectionError:  # the client broke off
                    self.close_connection = True

    return Handler


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[FakeHub]:
    """A hub at `url` as long as the context lasts."""
    hub = FakeHub(files)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
