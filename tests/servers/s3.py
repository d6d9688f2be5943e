"""S3 on loopback, by moto."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

ACCOUNT = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests", "AWS_REGION": "us-east-1"}


@dataclass(frozen=True)
class S3:
    """A bucket named `books`."""

    address: str

    @property
    def environment(self) -> dict[str, str]:
        """What leads obstore here."""
        return {**ACCOUNT, "AWS_ENDPOINT": self.address, "AWS_ALLOW_HTTP": "true"}

    @property
    def client(self) -> Any:
        word = ACCOUNT["AWS_SECRET_ACCESS_KEY"]
        who: Any = {"aws_access_key_id": word, "aws_secret_access_key": word, "region_name": ACCOUNT["AWS_REGION"]}
        return boto3.client("s3", endpoint_url=self.address, **who)

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket="books", Key=key, Body=content)

    def get(self, key: str) -> bytes:
        return bytes(self.client.get_object(Bucket="books", Key=key)["Body"].read())

    def keys(self) -> list[str]:
        return [one["Key"] for one in self.client.list_objects_v2(Bucket="books").get("Contents", [])]


@contextmanager
def s3() -> Iterator[S3]:
    """S3 with an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        made = S3(f"http://{host}:{port}")
        made.client.create_bucket(Bucket="books")
        yield made
        made.client.close()
    finally:
        server.stop()
