"""Files in S3: in parts where they are large, and by an address that anybody may fetch for a while."""

import hashlib

import pytest

from chalicelib.adapters import s3
from chalicelib.domain.errors import NotFound

MEGABYTE = b"x" * 1024 * 1024


@pytest.fixture
def files(aws):
    return s3.S3Files(bucket=aws.environment["DOCUMENTS_BUCKET"], client=aws.client("s3"))


def test_a_small_file_is_put_at_once(files):
    files.stream("a", iter([b"one ", b"two"]), content_type="text/plain")
    assert files.get("a") == b"one two"


def test_an_empty_file_is_there(files):
    files.stream("a", iter([]), content_type="text/plain")
    assert files.get("a") == b""


@pytest.mark.row("C49")
def test_a_large_file_is_held_a_part_at_a_time(files, monkeypatch):
    held, most = 0, 0

    def parts():
        nonlocal held, most
        for _ in range(20):
            held += len(MEGABYTE)
            most = max(most, held)
            yield MEGABYTE

    uploaded = type(files)._uploaded

    def watched(self, upload, number, part):
        nonlocal held
        held -= len(part)
        return uploaded(self, upload, number, part)

    monkeypatch.setattr(s3.S3Files, "_uploaded", watched)
    files.stream("a", parts(), content_type="application/zip")
    assert most <= 2 * s3.PART
    assert hashlib.sha256(files.get("a")).digest() == hashlib.sha256(MEGABYTE * 20).digest()


def test_an_upload_that_fails_leaves_nothing(files):
    def broken():
        for _ in range(9):
            yield MEGABYTE
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - whatever it was
        files.stream("a", broken(), content_type="application/zip")
    with pytest.raises(NotFound):
        files.get("a")
    assert files.client.list_multipart_uploads(Bucket=files.bucket).get("Uploads", []) == []


def test_a_link_names_the_file_and_ends(files):
    files.put("a", b"x", content_type="text/plain")
    link = files.link("a", name="export.csv", seconds=300)
    assert "export.csv" in link
    assert "Expires" in link
