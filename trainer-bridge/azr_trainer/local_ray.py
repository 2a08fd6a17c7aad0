"""A Ray of our own on this machine: reachable from it only, and gone with this process."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from azr_trainer import reaper

OBJECT_STORE_BYTES = 200 << 20  # beyond it, Ray spills to its folder
# Ray puts sockets about 65 characters below its folder, and a Unix socket's path has at most 107.
LONGEST_FOLDER = 40
NAMESPACE = "azr"

# Set before Ray is imported, which reads most of them only then.
ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    # Ray clusters switched off (the name is for the systems where that is the default): listen on loopback only.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    # Other users of the machine can reach loopback too, and Ray runs the code it is sent.
    "RAY_AUTH_MODE": "token",
    # The policy is the only worker: killing it for other processes' memory would help nobody.
    "RAY_memory_monitor_refresh_ms": "0",
    # SIGTERM is ours to handle.
    "RAY_DISABLE_FAILURE_SIGNAL_HANDLER": "1",
}


class LocalRay:
    """Starts and stops Ray.

    `start` must be called on a thread that lives as long as this process: Ray's daemons die with the thread that
    started them.
    """

    def __init__(self, parent: Path | None) -> None:
        self.folder = _make_folder(parent)
        self._started = False
        self._reaper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(reaper.__file__)), str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # what ends this process's group must not end it
        )

    def start(self, ranks: int = 1) -> None:
        """With room for so many actors. Blocks for some seconds."""
        os.environ.update(ENVIRONMENT, RAY_AUTH_TOKEN=secrets.token_hex(32))
        os.environ[reaper.MARK] = str(self.folder)
        init_ray(
            address="local",
            num_cpus=ranks,
            object_store_memory=OBJECT_STORE_BYTES,
            include_dashboard=False,
            _temp_dir=str(self.folder),
        )
        self._started = True

    def stop(self) -> None:
        """Ends Ray and waits until nothing of it is left, within bounds. May be called from any thread."""
        if not self._started:
            return  # half-started: the reaper sees to it once this process has ended
        import ray

        ray.shutdown()
        assert self._reaper.stdin
        self._reaper.stdin.close()
        self._reaper.wait(reaper.GIVE_UP_SECONDS + 1)


def init_ray(**options: Any) -> None:
    """`ray.init`, silent."""
    import ray

    ray.init(namespace=NAMESPACE, log_to_driver=False, logging_level="ERROR", **options)


def count_gpus() -> int:
    """Of the cluster, as Ray sees it."""
    import ray

    return int(ray.cluster_resources().get("GPU", 0))


def _make_folder(parent: Path | None) -> Path:
    """A new folder, short enough for Ray's sockets."""
    if parent:
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="ray-", dir=parent.resolve()))
        if len(str(folder)) <= LONGEST_FOLDER:
            return folder
        folder.rmdir()
    return Path(tempfile.mkdtemp(prefix="azr-ray-", dir="/tmp"))
