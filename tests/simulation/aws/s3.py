"""S3: objects by bucket and key; reads see every write at once, as S3's do."""

import hashlib
import io
from dataclasses import dataclass
from typing import Any

from tests.simulation.aws.errors import AwsError

LONGEST_KEY = 1024
MOST_LISTED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    body: bytes
    content_type: str

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.body, usedforsecurity=False).hexdigest()}"'


class S3:
    """buckets: what is in each, by key."""

    def __init__(self) -> None:
        self.buckets: dict[str, dict[str, Object]] = {}

    def answer(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """What S3 answers; a ``Body`` is a stream to read. Raises AwsError."""
        match operation:
            case "CreateBucket":
                self.buckets.setdefault(request["Bucket"], {})
                return {"Location": f"/{request['Bucket']}"}
            case "ListBuckets":
                return {"Buckets": [{"Name": name} for name in sorted(self.buckets)]}
            case "PutObject":
                return self._put(self._bucket(request), request)
            case "GetObject":
                found = self._object(request)
                return _head(found) | {"Body": io.BytesIO(found.body)}
            case "HeadObject":
                return _head(self._object(request))
            case "DeleteObject":
                self._bucket(request).pop(request["Key"], None)
                return {}
            case "ListObjectsV2":
                return _listed(self._bucket(request), request)
        raise NotImplementedError(f"the simulator's S3 has no {operation}")

    def _bucket(self, request: dict[str, Any]) -> dict[str, Object]:
        if request["Bucket"] not in self.buckets:
            raise AwsError("NoSuchBucket", "The specified bucket does not exist", status=404)
        return self.buckets[request["Bucket"]]

    def _object(self, request: dict[str, Any]) -> Object:
        found = self._bucket(request).get(request["Key"])
        if found is None:
            raise AwsError("NoSuchKey", "The specified key does not exist.", status=404)
        return found

    def _put(self, bucket: dict[str, Object], request: dict[str, Any]) -> dict[str, Any]:
        key, known = request["Key"], bucket.get(request["Key"])
        if len(key.encode()) > LONGEST_KEY:
            raise AwsError("KeyTooLongError", "Your key is too long")
        refused = request.get("IfNoneMatch") == "*" and known is not None
        if "IfMatch" in request and known is None:
            raise AwsError("NoSuchKey", "The specified key does not exist.", status=404)
        if refused or (known and request.get("IfMatch", known.etag) != known.etag):
            raise AwsError(
                "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", status=412
            )
        kind = request.get("ContentType", "binary/octet-stream")
        bucket[key] = Object(body=bytes(request.get("Body", b"")), content_type=kind)
        return {"ETag": bucket[key].etag}


def _head(found: Object) -> dict[str, Any]:
    return {"ContentLength": len(found.body), "ContentType": found.content_type, "ETag": found.etag}


def _listed(bucket: dict[str, Object], request: dict[str, Any]) -> dict[str, Any]:
    prefix = request.get("Prefix", "")
    after = request.get("ContinuationToken") or request.get("StartAfter", "")
    keys = sorted(key for key in bucket if key.startswith(prefix) and key > after)
    shown = keys[: request.get("MaxKeys", MOST_LISTED)]
    cut = len(shown) < len(keys)
    contents = [{"Key": key, "Size": len(bucket[key].body), "ETag": bucket[key].etag} for key in shown]
    more = {"NextContinuationToken": shown[-1]} if cut and shown else {}
    return {
        "KeyCount": len(shown),
        "IsTruncated": cut,
        "Prefix": prefix,
        **({"Contents": contents} if shown else {}),
        **more,
    }
