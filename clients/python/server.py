"""A real `tamis serve` on free ports of loopback, for the length of a `with`."""

import pathlib
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on right now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Server:
    """Starts the binary, waits until it is ready, and ends it by SIGTERM."""

    def __init__(self, binary: str, *flags: str):
        self.binary, self.flags = binary, flags

    def __enter__(self):
        self.data = tempfile.TemporaryDirectory(prefix="tamis-data-")
        self.log = open(pathlib.Path(self.data.name) / "log", "w+b")
        grpc, http = free_ports(2)
        self.grpc, self.http = f"127.0.0.1:{grpc}", f"http://127.0.0.1:{http}"
        command = [self.binary, "serve", "--grpc", self.grpc, "--http", f"127.0.0.1:{http}"]
        command += ["--data", self.data.name, *self.flags]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        try:
            self.wait_until_ready()
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        return self

    def wait_until_ready(self):
        """Asks /readyz until it says yes."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self.said()}")
            try:
                with urllib.request.urlopen(f"{self.http}/readyz", timeout=1) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.05)
        raise RuntimeError(f"the server is not ready after 30 s:\n{self.said()}")

    def said(self) -> str:
        """Its log so far."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def stop(self) -> int:
        """Ends it by SIGTERM; its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def __exit__(self, *_):
        self.stop()
        self.log.close()
        self.data.cleanup()
