"""Static files: named by their hash and kept for good; others' files are exactly as their authors published them."""

import gzip
import tomllib
from hashlib import sha256

from fastapi.testclient import TestClient

from api.pages.assets import STATIC, address_of, assets

VENDOR = STATIC / "vendor"
VENDORED = tomllib.loads((VENDOR / "vendored.toml").read_text(encoding="utf-8"))["files"]


def test_others_files_are_what_they_published() -> None:
    listed = {each["name"]: each["sha256"] for each in VENDORED}
    lying = {path.name: sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir() if path.suffix != ".toml"}
    assert listed == lying


def test_each_file_of_others_has_its_licence_beside_it() -> None:
    for each in VENDORED:
        if "licence" in each:
            assert (VENDOR / each["licence_file"]).read_text(encoding="utf-8").strip()


def test_a_file_is_served_under_its_hash_and_kept_for_good(client: TestClient) -> None:
    for path, asset in assets().items():
        answer = client.get(address_of(path))
        assert answer.content == (STATIC / path).read_bytes()
        assert sha256(answer.content).hexdigest()[:12] in asset.name
        assert "immutable" in answer.headers["cache-control"]


def test_a_file_goes_out_packed_to_whom_takes_it_so(client: TestClient) -> None:
    address = address_of("starledger.css")
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", plain.content)
    assert len(gzip.compress(plain.content)) < len(plain.content) / 3


def test_an_older_name_of_a_file_is_not_served(client: TestClient) -> None:
    assert client.get("/static/starledger.000000000000.css").status_code == 404
