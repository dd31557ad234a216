"""Documents in S3."""

from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.domain.errors import NotFound
from chalicelib.domain.values import dataclass

PART = 8 * 1024 * 1024
"""Of an upload in parts, of which each but the last has 5 MB at least, and there are 10,000 at most."""


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

    def stream(self, key: str, parts: Iterable[bytes], *, content_type: str) -> None:
        """Keep a file of any size; one that is smaller than a part is put at once."""
        whole = _of_size(parts)
        first = next(whole, b"")
        if len(first) < PART:
            self.put(key, first, content_type=content_type)
            return
        place = {"Bucket": self.bucket, "Key": key}
        upload = {"UploadId": self.client.create_multipart_upload(**place, ContentType=content_type)["UploadId"]}
        try:
            tags = [self._uploaded(place | upload, 1, first)]
            tags += [self._uploaded(place | upload, number, part) for number, part in enumerate(whole, start=2)]
            self.client.complete_multipart_upload(**place, **upload, MultipartUpload={"Parts": tags})
        except BaseException:
            self.client.abort_multipart_upload(**place, **upload)
            raise

    def link(self, key: str, *, name: str, seconds: int) -> str:
        """An address that is signed for so long; it needs no credential of ours, and gives the file its name."""
        asked = {
            "Bucket": self.bucket,
            "Key": key,
            "ResponseContentDisposition": f'attachment; filename="{name}"',
        }
        address: str = self.client.generate_presigned_url("get_object", Params=asked, ExpiresIn=seconds)
        return address

    def _uploaded(self, upload: dict[str, str], number: int, part: bytes) -> dict[str, Any]:
        answer = self.client.upload_part(**upload, PartNumber=number, Body=part)
        return {"PartNumber": number, "ETag": answer["ETag"]}


def _of_size(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts of one size, but for the last."""
    held = bytearray()
    for part in parts:
        held += part
        while len(held) >= PART:
            yield bytes(held[:PART])
            del held[:PART]
    if held:
        yield bytes(held)
