"""Documents in S3."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Files:
    """``Files`` in one bucket."""

    bucket: str
    client: Any

    def put(self, key: str, body: bytes, *, content_type: str) -> None:
        """Keep a document; writing the same bytes under the same key again changes nothing."""
        self.client.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type)

    def get(self, key: str) -> bytes:
        """The document. Raises NotFound."""
        try:
            found: bytes = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except self.client.exceptions.NoSuchKey as error:
            raise NotFound("document", key) from error
        return found
