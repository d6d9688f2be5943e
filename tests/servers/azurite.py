"""Azure Blob Storage on loopback, by Azurite, Microsoft's own emulator: `make azurite` fetches it."""

import hmac
import os
import re
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

import httpx

MISSING = "there is no Azurite here: make azurite"
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Of each Azurite, by its documentation."""
VERSION = "2021-12-02"
_MADE = Path(__file__).parents[2] / ".venv" / "node_modules" / ".bin"
_ADDRESS = re.compile(r"listens on (http://\S+)")


@dataclass(frozen=True)
class Azure:
    """An account with one container."""

    address: str

    @property
    def environment(self) -> dict[str, str]:
        """What leads obstore here."""
        return {
            "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
            "AZURE_STORAGE_ACCOUNT_KEY": KEY,
            "AZURE_ENDPOINT": f"{self.address}/{ACCOUNT}",
        }

    def make(self, container: str) -> None:
        """Make a container; signed as learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key has it."""
        headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": VERSION}
        said = "".join(f"{name}:{value}\n" for name, value in headers.items())
        text = "PUT" + "\n" * 12 + f"{said}/{ACCOUNT}/{ACCOUNT}/{container}\nrestype:container"
        mark = b64encode(hmac.digest(b64decode(KEY), text.encode(), "sha256")).decode()
        address = f"{self.address}/{ACCOUNT}/{container}?restype=container"
        headers["Authorization"] = f"SharedKey {ACCOUNT}:{mark}"
        httpx.put(address, headers=headers).raise_for_status()


def found() -> str | None:
    return shutil.which("azurite-blob", path=os.pathsep.join([str(_MADE), os.environ["PATH"]]))


@contextmanager
def azure(container: str) -> Iterator[Azure]:
    """Azure with an empty container; what is in it lies in memory."""
    where = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence"]
    # --skipApiVersionCheck: it knows the newest versions of the interface a little later than their clients do
    command = [found() or "azurite-blob", *where, "--disableTelemetry", "--skipApiVersionCheck"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            made = Azure(next(told[1] for line in server.stdout if (told := _ADDRESS.search(line))))
            made.make(container)
            yield made
        finally:
            server.terminate()
