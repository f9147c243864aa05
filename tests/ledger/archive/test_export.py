"""What is in an archive and what never is; that it is the same every time, and there whole or not at all."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from domain.adoption import RulebookAdopted
from domain.keeping import EraseSealed
from domain.private_matter import PrivateMatters
from domain.rulebook.terms import Retention
from ledger.archive import verify as alone
from ledger.archive.checking import check_archive
from ledger.archive.comparing import compare_archives
from ledger.archive.export import Wanted, export
from ledger.archive.heads import head_of
from ledger.archive.metadata import kept_for
from ledger.tree import EMPTY_ROOT
from tests.controls import ANNUAL, OPERATOR, ZHANG
from tests.ledger.archive.conftest import KEY, Kept, opened
from tests.ledger.archive.damages import ENTRIES, SEALED, Parts
from tests.projections.year_ledger import copied, open_year

EXPORTING = Path(__file__).with_name("exporting_program.py")


def test_the_same_state_gives_the_same_bytes(annual: Kept) -> None:
    assert annual.archive() == annual.archive(name="another.zip")


def test_entries_stand_one_below_the_other_as_they_were_recorded(annual: Kept) -> None:
    parts = Parts.of(annual.archive(), KEY)
    assert parts.contents[ENTRIES] == b"".join(row.entry + b"\n" for row in annual.ledger.rows())


def test_every_part_is_in_the_lists_with_its_hash(annual: Kept) -> None:
    parts = Parts.of(annual.archive(), KEY)
    before = dict(parts.contents)
    parts.list_anew()
    assert parts.contents == before
    assert before["bagit.txt"].startswith(b"BagIt-Version: 1.0\n")
    payload = [raw for name, raw in before.items() if name.startswith("data/")]
    assert f"Payload-Oxum: {sum(map(len, payload))}.{len(payload)}\n".encode() in before["bag-info.txt"]


def test_rulebooks_and_documents_come_along_under_their_hashes(annual: Kept) -> None:
    parts = Parts.of(annual.archive(), KEY).contents
    adopted = [fact.event for fact in annual.ledger.read() if isinstance(fact.event, RulebookAdopted)]
    assert adopted
    for event in adopted:
        assert sha256(parts[f"data/rulebooks/{event.document}.toml"]).hexdigest() == event.document
    assert any(name.startswith("data/attachments/") for name in parts)
    assert "立档单位名称".encode() in parts["metadata.xml"]
    assert "保管期限".encode() in parts["metadata.xml"]


def test_the_longest_term_of_the_rulebooks_is_the_archives() -> None:
    thirty, three = Retention("results", 30, "1"), Retention("ballots", 3, "1")
    assert kept_for([(thirty, three)]) == "30年"
    assert kept_for([(thirty,), (three,)]) == "30年"
    assert kept_for([(thirty,), ()]) == "永久"
    assert kept_for([(thirty, Retention("minutes", None, "1"))]) == "永久"
    assert kept_for([]) == "永久"


def test_without_sealed_words_an_archive_has_none_and_is_sound(annual: Kept) -> None:
    archive = annual.archive(Wanted())
    assert SEALED not in Parts.of(archive, KEY).contents
    report = alone.verify(opened(archive))
    assert report.code == alone.OK
    assert any("Sealed words were left out" in en for _, en in report.notes)


def test_private_words_never_leave(annual: Kept) -> None:
    matters = annual.ledger.fold(PrivateMatters)
    assert isinstance(matters, PrivateMatters)
    private = {each.digest for each in matters.at.values() if each.digest}
    words = annual.ledger.words(sorted(private))
    assert words
    archive = Parts.of(annual.archive(), KEY)
    lines = [json.loads(line) for line in archive.lines(SEALED)]
    assert {line["digest"] for line in lines if line.get("gap") == "private"} == private
    everything = b"".join(archive.contents.values())
    assert not [word for word in words.values() if word.encode() in everything]
    # A control: all other sealed words are there.
    others = {line["digest"]: line["value"] for line in lines if "value" in line}
    assert others
    assert others == annual.ledger.words(sorted(others))


def test_erased_words_are_gaps_with_the_order_and_the_archive_is_sound(annual: Kept, tmp_path: Path) -> None:
    whole = Parts.of(annual.archive(), KEY)
    digest = next(json.loads(line)["digest"] for line in whole.lines(SEALED) if b'"value"' in line)
    year = copied(annual.folder / "told.db", tmp_path)
    kept = Kept(year.ledger, tmp_path)
    receipt = kept.ledger.execute(
        EraseSealed(digests=(digest,), ordered_by="支委会", ground="本人申请"), actor=OPERATOR
    )
    archive = kept.archive()
    lines = [json.loads(line) for line in Parts.of(archive, KEY).lines(SEALED)]
    gaps = [line for line in lines if line.get("gap") == "erased"]
    assert [(gap["digest"], gap["by"]) for gap in gaps] == [(digest, receipt.positions[0])]
    assert alone.verify(opened(archive)).code == alone.OK
    assert check_archive(opened(archive)).verdict.ok
    year.close()


def test_keys_boxes_and_the_answers_to_commands_are_never_in_it(annual: Kept) -> None:
    parts = Parts.of(annual.archive(), KEY).contents
    assert all(alone.PARTS.fullmatch(name) for name in parts)
    everything = b"".join(parts.values())
    assert KEY.skey().encode() not in everything
    assert b"fingerprint" not in everything.replace(parts["verify.py"], b"")


def test_an_empty_ledger_has_an_archive(tmp_path: Path) -> None:
    year = open_year(f"sqlite:///{tmp_path / 'empty.db'}")
    archive = Kept(year.ledger, tmp_path).archive(Wanted())
    report = alone.verify(opened(archive))
    assert (report.code, report.facts["root"]) == (alone.OK, EMPTY_ROOT.hex())
    year.close()


# extracts


def extract(kept: Kept, scope: str) -> bytes:
    notes = (("last.checkpoint", kept.checkpoint()), ("log.key", f"{KEY.verifier}\n".encode()))
    return kept.archive(Wanted(scope, sealed=True, checkpoints=notes), f"{scope.replace(':', '-')}.zip")


@pytest.mark.parametrize("scope", [f"person:{ZHANG}", "round:workshop-1.2025"])
def test_an_extract_is_complete_against_its_head(scope: str, annual: Kept) -> None:
    archive, head = extract(annual, scope), head_of(annual.ledger, scope)
    report = alone.verify(opened(archive), head=head.head.hex())
    assert (report.code, report.facts["head"]) == (alone.OK, head.head.hex())
    assert report.facts["covered"] == annual.ledger.head().size
    assert len(Parts.of(archive, KEY).lines(ENTRIES)) == head.facts < annual.ledger.head().size


@pytest.mark.parametrize("scope", [f"person:{ZHANG}", "round:workshop-1.2025"])
def test_what_was_left_out_of_an_extract_shows_by_its_head(scope: str, annual: Kept) -> None:
    parts, head = Parts.of(extract(annual, scope), KEY), head_of(annual.ledger, scope)
    lines = parts.lines(ENTRIES)
    dropped = json.loads(lines.pop())
    assert not {"sealed", "notice"} & {dropped["type"].split(".")[0]}
    parts.put(ENTRIES, lines)
    parts.contents["bag-info.txt"] = parts.contents["bag-info.txt"].replace(b"included", b"left-out")
    del parts.contents[SEALED], parts.contents["data/notices/notices.jsonl"]
    parts.list_anew()
    with_head = alone.verify(opened(parts.zipped()), head=head.head.hex())
    assert "head-mismatch" in [each["kind"] for each in with_head.findings]


def test_an_extract_holds_no_other_fact(annual: Kept) -> None:
    whole, parts = Parts.of(annual.archive(), KEY), Parts.of(extract(annual, f"person:{ZHANG}"), KEY)
    tag = f'"person:{ZHANG}"'.encode()
    other = next(line for line in whole.lines(ENTRIES) if tag not in line)
    place = json.loads(other)["position"]
    parts.put(ENTRIES, sorted([*parts.lines(ENTRIES), other], key=lambda line: int(json.loads(line)["position"])))
    parts.list_anew()
    kinds = [(each["kind"], each["position"]) for each in alone.verify(opened(parts.zipped())).findings]
    assert ("out-of-scope", place) in kinds
    assert not check_archive(opened(parts.zipped())).verdict.ok


# whole or not at all


@pytest.mark.slow
@pytest.mark.parametrize("way", ["whole", "in-place"])
def test_killed_at_any_moment_an_export_leaves_no_half_archive(way: str, annual: Kept, tmp_path: Path) -> None:
    """The control writes in place: there, a half archive is found."""
    half = 0
    for number in range(12):
        target = tmp_path / f"{number}.zip"
        started = [sys.executable, str(EXPORTING), str(annual.folder / "ledger.db"), str(target), way]
        process = subprocess.Popen(started, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(number * 0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        half += target.exists() and not zipfile.is_zipfile(target)
    assert (half == 0) == (way == "whole")


def test_an_export_that_fails_leaves_what_was_there(annual: Kept, tmp_path: Path) -> None:
    target = tmp_path / "archive.zip"
    target.write_bytes(b"last year's")

    def fail(name: str) -> None:
        if name == "export:written":
            raise OSError(name)

    with pytest.raises(OSError, match="export:written"):
        export(annual.ledger, target, Wanted(), fail)
    assert [path.name for path in tmp_path.iterdir()] == ["archive.zip"]
    assert target.read_bytes() == b"last year's"


# comparing


def test_a_later_archive_extends_an_earlier_one(annual: Kept, tmp_path: Path) -> None:
    year = copied(annual.folder / "told.db", tmp_path)
    earlier, later = Kept(year.ledger, tmp_path).archive(Wanted()), annual.archive()
    found = compare_archives(opened(earlier), opened(later))
    assert found.verdict.ok
    assert found.added == {"archive.SealedExported.v1": 1}
    report = alone.verify(opened(later), older=opened(earlier))
    assert (report.code, report.facts["extends"]["added"]) == (alone.OK, 1)
    back = alone.verify(opened(earlier), older=opened(later))
    assert [each["kind"] for each in back.findings] == ["shorter"]
    assert not compare_archives(opened(later), opened(earlier)).verdict.ok
    year.close()


def test_the_first_fact_that_differs_is_named(annual: Kept) -> None:
    parts = Parts.of(annual.archive(), KEY)
    lines = parts.lines(ENTRIES)
    lines[41] = lines[41].replace(b'"nonce":"', b'"nonce":"0', 1)
    parts.put(ENTRIES, lines)
    later = parts.zipped()
    found = compare_archives(opened(annual.archive()), opened(later))
    assert [(each.kind, each.position) for each in found.verdict.findings] == [("not-extended", 42)]
    report = alone.verify(opened(later), older=opened(annual.archive()))
    assert ("not-extended", 42) in [(each["kind"], each["position"]) for each in report.findings]


@pytest.mark.postgres
def test_a_ledger_on_either_engine_gives_the_same_archive(postgres_url: str, tmp_path: Path) -> None:
    archives = []
    for number, url in enumerate((postgres_url, f"sqlite:///{tmp_path / 'ledger.db'}")):
        year = open_year(url)
        year.play(ANNUAL)
        archives.append(Kept(year.ledger, tmp_path).archive(name=f"{number}.zip"))
        year.close()
    assert archives[0] == archives[1]
    assert alone.verify(opened(archives[0])).code == alone.OK
