"""`verify` names every change that SQL can make to a ledger, and finds nothing where nothing was changed."""
# ruff: noqa: S608 - statements put together from our own words, in order to tamper

import threading

import pytest
from sqlalchemy import Engine

from ledger import tree
from ledger.verdict import MOST_FINDINGS, Findings
from ledger.verification import Checkpoint, verify
from tests.ledger.tampering import CHARTER, PAPER, Tampered
from tests.ledger.toy import a_note, toy_ledger


@pytest.fixture
def tampered(shared_engine: Engine) -> Tampered:
    return Tampered(shared_engine)


# untouched


def test_nothing_is_found_where_nothing_was_changed(tampered: Tampered) -> None:
    verdict = verify(tampered.ledger)
    root = tampered.ledger.head().root
    assert (verdict.size, verdict.root, verdict.ok, verdict.incomplete, verdict.findings) == (12, root, True, False, ())
    assert verdict.as_json() == {"size": 12, "root": root.hex(), "ok": True, "findings": []}


def test_an_empty_ledger_has_the_empty_root(engine: Engine) -> None:
    verdict = verify(toy_ledger(engine))
    assert (verdict.size, verdict.root, verdict.ok, verdict.findings) == (0, tree.EMPTY_ROOT, True, ())


def test_many_facts_are_verified_in_parts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.evidence.CHUNK_ROWS", 7)
    ledger = toy_ledger(engine)
    for number in range(40):
        ledger.execute(a_note(str(number), name=f"P{number % 3}"), actor="P1")
    assert verify(ledger).findings == ()


def test_another_ledger_in_the_same_database_is_not_looked_at(tampered: Tampered) -> None:
    other = toy_ledger(tampered.engine, ledger_id="other")
    other.execute(a_note("one"), actor="P1")
    tampered.drop_triggers() if tampered.sqlite else tampered.sql("DROP FUNCTION ledger.refuse CASCADE")
    tampered.rewrite(3, "note 3", "note 4")
    assert verify(other).findings == ()


def test_a_ledger_that_grows_meanwhile_is_seen_as_it_stood_at_one_moment(shared_engine: Engine) -> None:
    ledger, ended = toy_ledger(shared_engine), threading.Event()

    def grow() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            ledger.execute(a_note(str(number)), actor="P1")

    growing = threading.Thread(target=grow)
    growing.start()
    try:
        verdicts = [verify(ledger)]
        while len(verdicts) < 25 or verdicts[-1].size == verdicts[0].size:
            verdicts.append(verify(ledger))
    finally:
        ended.set()
        growing.join()
    assert {verdict.findings for verdict in verdicts} == {()}
    assert len({verdict.size for verdict in verdicts}) > 1


# facts


def test_an_entry_that_was_changed_is_named(tampered: Tampered) -> None:
    tampered.rewrite(3, "note 3", "note X")
    assert tampered.found() == {(3, "leaf-mismatch"), (None, "root-mismatch")}


def test_an_entry_that_was_changed_together_with_its_leaf_is_named(tampered: Tampered) -> None:
    leaf = tampered.rewrite(3, "note 3", "note X")
    tampered.sql("UPDATE {facts} SET leaf = :leaf WHERE position = 3", leaf=leaf)
    assert tampered.found() == {(3, "chain-mismatch"), (None, "root-mismatch")}


def test_an_entry_changed_with_leaf_link_and_root_is_still_named_by_the_fact_that_follows(tampered: Tampered) -> None:
    leaf = tampered.rewrite(3, "note 3", "note X")
    rows = list(tampered.ledger.rows())
    chain = tree.link(rows[1].chain, leaf)
    leaves = [tree.leaf_hash(row.entry) for row in rows]
    frontier = tree.pack(tree.frontier_of(leaves))
    tampered.sql("UPDATE {facts} SET leaf = :leaf, chain = :chain WHERE position = 3", leaf=leaf, chain=chain)
    tampered.sql("UPDATE {head} SET frontier = :frontier", frontier=frontier)
    assert tampered.found() == {(4, "chain-mismatch")}


def test_a_leaf_that_was_changed_is_named(tampered: Tampered) -> None:
    tampered.sql("UPDATE {facts} SET leaf = :leaf WHERE position = 3", leaf=bytes(32))
    assert tampered.found() == {(3, "leaf-mismatch"), (3, "chain-mismatch")}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("type = 'toy.Confirmed.v1'", "type-mismatch"),
        ("recorded_at = '2020-01-01 00:00:00'", "time-mismatch"),
    ],
)
def test_a_column_that_was_changed_is_named(tampered: Tampered, change: str, kind: str) -> None:
    tampered.sql(f"UPDATE {{facts}} SET {change} WHERE position = 3")
    assert tampered.found() == {(3, kind)}


def test_a_fact_that_was_deleted_is_named(tampered: Tampered) -> None:
    tampered.sql("DELETE FROM {facts} WHERE position = 3")
    expected = {(3, "position-missing"), (3, "tag-surplus"), (3, "command-mismatch"), (None, "root-mismatch")}
    assert tampered.found() == expected


def test_facts_cut_off_at_the_end_are_named(tampered: Tampered) -> None:
    tampered.sql("DELETE FROM {facts} WHERE position > 10", "DELETE FROM {tags} WHERE position > 10")
    found = {(f.position, f.kind, f.message.en) for f in verify(tampered.ledger).findings}
    assert (11, "position-missing", "Fact 11: missing: 11–12; deleted.") in found


def test_facts_cut_off_together_with_the_head_need_a_checkpoint(tampered: Tampered) -> None:
    head = tampered.ledger.head()
    rows = list(tampered.ledger.rows(upto=11))
    frontier = tree.pack(tree.frontier_of(row.leaf for row in rows))
    tampered.sql("DELETE FROM {facts} WHERE position = 12", "DELETE FROM {tags} WHERE position = 12")
    tampered.sql("UPDATE {head} SET size = 11, frontier = :f, chain = :c", f=frontier, c=rows[-1].chain)
    assert tampered.found() == set()
    verdict = verify(tampered.ledger, Checkpoint(head.size, head.root))
    assert [finding.kind for finding in verdict.findings] == ["checkpoint-mismatch"]
    assert not verdict.ok


@pytest.mark.parametrize("size", [0, 1, 7, 12])
def test_a_checkpoint_that_fits_says_nothing_and_one_that_does_not_says_so(tampered: Tampered, size: int) -> None:
    root = tree.root(tree.frontier_of(row.leaf for row in tampered.ledger.rows(upto=size)))
    assert verify(tampered.ledger, Checkpoint(size, root)).findings == ()
    verdict = verify(tampered.ledger, Checkpoint(size, bytes(32)))
    assert [finding.kind for finding in verdict.findings] == ["checkpoint-mismatch"]


def test_a_fact_that_was_inserted_at_the_end_is_named(tampered: Tampered) -> None:
    entry = tampered.entry(5).decode().replace('"position":5', '"position":13').replace('"c5"', '"c13"')
    tampered.insert(13, entry)
    expected = {"beyond-head", "chain-mismatch", "tag-missing", "command-missing"}
    assert tampered.found() == {(13, kind) for kind in expected} | {(None, "root-mismatch"), (None, "head-mismatch")}


@pytest.mark.parametrize("position", [0, -1, -(2**63)])
def test_a_fact_before_the_first_is_named(tampered: Tampered, position: int) -> None:
    entry = tampered.entry(5).decode().replace('"position":5', f'"position":{position}')
    tampered.insert(position, entry)
    assert {(position, "beyond-head"), (position, "command-mismatch")} < tampered.found()


def test_two_facts_that_were_swapped_are_both_named(tampered: Tampered) -> None:
    for position, entry in ((3, tampered.entry(4)), (4, tampered.entry(3))):
        leaf = tree.leaf_hash(entry)
        change = "UPDATE {facts} SET entry = :entry, leaf = :leaf WHERE position = :p"
        tampered.sql(change, entry=entry.decode(), leaf=leaf, p=position)
    found = tampered.found()
    assert {(p, kind) for p in (3, 4) for kind in ("position-mismatch", "chain-mismatch", "command-mismatch")} < found


def test_two_rows_that_changed_places_are_both_named(tampered: Tampered) -> None:
    change = "UPDATE {facts} SET position = :to WHERE position = :at"
    for at, to in ((3, 99), (4, 3), (99, 4)):
        tampered.sql(change, at=at, to=to)
    assert {(3, "position-mismatch"), (4, "position-mismatch"), (3, "chain-mismatch")} < tampered.found()


def test_a_fact_that_was_doubled_is_named(tampered: Tampered) -> None:
    tampered.insert(13, tampered.entry(12).decode(), kind="dcb:Happened")
    tampered.sql("UPDATE {head} SET size = 13")
    assert {(13, "position-mismatch"), (13, "chain-mismatch"), (None, "root-mismatch")} < tampered.found()


def test_an_event_that_nobody_knows_is_named(tampered: Tampered) -> None:
    tampered.rewrite(3, "toy.Noted.v1", "toy.Noted.v9")
    assert {(3, "unknown-event"), (3, "type-mismatch"), (3, "leaf-mismatch")} < tampered.found()


@pytest.mark.parametrize(
    "data", ['{"person":"P1"}', '{"person":1,"words":""}', "null", '{"person":"P1","words":"","x":{}']
)
def test_data_that_cannot_be_read_is_named(tampered: Tampered, data: str) -> None:
    tampered.rewrite(3, '{"person":"P1","words":"note 3"}', data)
    expected = "entry-malformed" if data.endswith("{}") else "data-malformed"
    assert {(3, expected), (3, "leaf-mismatch")} < tampered.found()


def test_opaque_data_that_is_none_is_named(tampered: Tampered) -> None:
    tampered.rewrite(12, '{"opaque":"AA=="}', '{"opaque":7}')
    assert (12, "data-malformed") in tampered.found()


def test_times_that_go_back_are_named(tampered: Tampered) -> None:
    tampered.rewrite(3, '"recorded_at":"2026', '"recorded_at":"2025')
    assert {(3, "time-back"), (3, "time-mismatch"), (3, "leaf-mismatch")} < tampered.found()


# tags


def test_a_tag_that_was_removed_is_named(tampered: Tampered) -> None:
    tampered.sql("DELETE FROM {tags} WHERE position = 3")
    assert tampered.found() == {(3, "tag-missing")}


@pytest.mark.parametrize("position", [-5, 0, 3, 12, 13, 99])
def test_a_tag_that_was_added_is_named(tampered: Tampered, position: int) -> None:
    tampered.sql("INSERT INTO {tags} VALUES ('main', 'round:R9', :p)", p=position)
    assert tampered.found() == {(position, "tag-surplus")}


def test_a_tag_that_was_changed_is_named(tampered: Tampered) -> None:
    tampered.sql("UPDATE {tags} SET tag = 'round:R2' WHERE tag = 'round:R1'")
    assert tampered.found() == {(11, "tag-missing"), (11, "tag-surplus")}


def test_tags_in_an_entry_that_its_data_does_not_have_are_named(tampered: Tampered) -> None:
    tampered.rewrite(3, '"tags":["person:P1"]', '"tags":["person:P1","round:R1"]')
    assert {(3, "tags-not-derived"), (3, "tag-missing"), (3, "leaf-mismatch")} < tampered.found()


# commands


def test_a_command_that_was_removed_is_named_at_its_facts(tampered: Tampered) -> None:
    tampered.sql("DELETE FROM {commands} WHERE command_id = 'c3'")
    assert tampered.found() == {(3, "command-missing")}


def test_a_command_that_was_renamed_is_named_at_its_facts(tampered: Tampered) -> None:
    tampered.sql("UPDATE {commands} SET command_id = 'other' WHERE command_id = 'c3'")
    assert tampered.found() == {(3, "command-missing"), (3, "command-mismatch")}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[3]", "[4]", {(3, "command-mismatch"), (4, "command-mismatch")}),
        ("[3]", "[]", {(3, "command-mismatch")}),
        ("[3]", "[3,5]", {(5, "command-mismatch")}),
        ("[3]", "[3,12]", {(12, "command-mismatch")}),
        ("[3]", "[3,77]", {(77, "command-mismatch")}),
        ("[3]", "[3,9999999999999999999999]", {(9999999999999999999999, "command-mismatch")}),
        ("2026", "2025", {(3, "command-mismatch")}),
        ("{", "<", {(None, "command-malformed")}),
    ],
)
def test_an_answer_that_was_changed_is_named(
    tampered: Tampered, old: str, new: str, expected: set[tuple[int | None, str]]
) -> None:
    change = "UPDATE {commands} SET answer = replace(answer, :old, :new) WHERE command_id = 'c3'"
    tampered.sql(change, old=old, new=new)
    assert tampered.found() == expected


# sealed words


@pytest.mark.parametrize("change", ["value = 'other'", "salt = '00'", "salt = 'no hex'"])
def test_sealed_words_that_were_altered_are_named(tampered: Tampered, change: str) -> None:
    tampered.sql(f"UPDATE {{sealed}} SET {change} WHERE digest = :d", d=tampered.also)
    assert tampered.found() == {(6, "sealed-altered")}


def test_sealed_words_that_are_missing_without_an_order_make_the_evidence_incomplete(tampered: Tampered) -> None:
    tampered.sql("DELETE FROM {sealed} WHERE digest = :d", d=tampered.kept)
    verdict = verify(tampered.ledger)
    assert [(f.position, f.kind, f.severity) for f in verdict.findings] == [(6, "evidence-incomplete", "incomplete")]
    assert (verdict.ok, verdict.incomplete) == (True, True)


def test_sealed_words_that_no_fact_mentions_are_named(tampered: Tampered) -> None:
    tampered.sql("INSERT INTO {sealed} (ledger_id, digest, position, salt, value) VALUES ('main', 'ab', 4, '00', 'x')")
    assert tampered.found() == {(4, "sealed-surplus")}


def test_sealed_words_that_were_moved_to_another_fact_are_named(tampered: Tampered) -> None:
    tampered.sql("UPDATE {sealed} SET position = 4 WHERE digest = :d", d=tampered.kept)
    assert tampered.found() == {(4, "sealed-surplus")}


def test_sealed_words_that_came_back_after_their_erasure_are_named(tampered: Tampered) -> None:
    insert = "INSERT INTO {sealed} (ledger_id, digest, position, salt, value) VALUES ('main', :d, 7, '00', 'seven')"
    tampered.sql(insert, d=tampered.erased)
    assert tampered.found() == {(7, "sealed-not-erased"), (7, "sealed-altered")}


def test_a_digest_that_was_changed_leaves_words_over_and_words_missing(tampered: Tampered) -> None:
    tampered.sql("UPDATE {sealed} SET digest = 'ab' WHERE digest = :d", d=tampered.kept)
    assert tampered.found() == {(6, "sealed-surplus"), (6, "evidence-incomplete")}


# attachments


def test_an_attachment_that_was_altered_is_named(tampered: Tampered) -> None:
    tampered.sql("UPDATE {attachments} SET content = :c WHERE position = 9", c=b"other")
    assert tampered.found() == {(9, "attachment-altered")}


def test_an_attachment_that_was_removed_is_named(tampered: Tampered) -> None:
    tampered.sql("DELETE FROM {attachments} WHERE sha256 = :s", s=CHARTER.sha256)
    assert tampered.found() == {(10, "attachment-missing")}


def test_an_attachment_that_was_added_is_named(tampered: Tampered) -> None:
    columns = "ledger_id, sha256, position, media_type, content"
    tampered.sql(f"INSERT INTO {{attachments}} ({columns}) VALUES ('main', 'ab', 4, '', :c)", c=b"x")
    assert tampered.found() == {(4, "attachment-altered"), (4, "attachment-surplus")}


def test_an_attachment_that_was_moved_is_named(tampered: Tampered) -> None:
    tampered.sql("UPDATE {attachments} SET position = 4 WHERE sha256 = :s", s=PAPER.sha256)
    assert tampered.found() == {(4, "attachment-surplus")}


# head


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("size = 13", {(13, "position-missing")}),
        ("size = 11", {(12, "beyond-head"), (None, "head-mismatch")}),
        ("size = -1", {(position, "beyond-head") for position in range(1, 13)} | {(None, "head-mismatch")}),
        ("frontier = :bytes", {(None, "root-mismatch")}),
        ("chain = :bytes", {(None, "head-mismatch")}),
        ("last_time = '2020-01-01 00:00:00'", {(None, "head-mismatch")}),
        ("last_time = NULL", {(None, "head-mismatch")}),
    ],
)
def test_a_head_that_was_changed_is_named(
    tampered: Tampered, change: str, expected: set[tuple[int | None, str]]
) -> None:
    tampered.sql(f"UPDATE {{head}} SET {change}", **({"bytes": bytes(64)} if ":bytes" in change else {}))
    assert tampered.found() == expected


def test_a_head_that_is_gone_is_named(tampered: Tampered) -> None:
    tampered.sql("DELETE FROM {head}")
    assert tampered.found() == {(None, "head-missing")}


# words


def test_findings_are_in_the_order_of_positions_and_say_what_and_where_in_both_languages(tampered: Tampered) -> None:
    tampered.sql("DELETE FROM {tags} WHERE position IN (11, 3)")
    tampered.rewrite(5, "note 5", "note X")
    tampered.sql("UPDATE {head} SET size = 13")
    verdict = verify(tampered.ledger)
    assert [f.position for f in verdict.findings] == [3, 5, 11, 11, 13, None]
    assert verdict.as_json()["findings"][0] == {
        "position": 3,
        "kind": "tag-missing",
        "severity": "violation",
        "message": "Fact 3: the index lacks the tag 'person:P1'.",
    }
    assert verdict.as_json("zh")["findings"][0]["message"] == "第 3 条：索引缺少标签「person:P1」。"


def test_what_lay_in_the_database_cannot_forge_the_report() -> None:
    found = Findings()
    found.add("type-mismatch", 3, "x\n\x1b[2Jok\u202e")
    assert "x\\u000a\\u001b[2Jok\\u202e" in found.verdict(1, b"").findings[0].message.en


def test_findings_are_counted_where_there_are_too_many_to_list() -> None:
    found = Findings()
    for position in range(MOST_FINDINGS + 5):
        found.add("clock-back", position)
    found.add("leaf-mismatch", 1)
    verdict = found.verdict(0, b"")
    assert (len(verdict.findings), verdict.ok) == (MOST_FINDINGS + 1, False)
    assert verdict.findings[-1].message.en == "6 more are not listed."
