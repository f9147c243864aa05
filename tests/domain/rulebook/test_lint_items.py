"""A catalogue whose bounds contradict its items, or that pays for traces, is spoken about before it is adopted."""

from collections.abc import Callable

import pytest

from domain.rulebook import Rulebook, lint
from domain.rulebook.lint import severity
from domain.rulebook.lint_traces import BY_WORD, FINGERTIPS, RELIEF, TRACES

Changed = Callable[..., Rulebook]
CAP = "items.job-member-more.per_period_cap"
TITLE = 'zh = "学习见效", en = "Learning put to use"'
AN_EMPTY_GROUP = """[[groups]]
code = "idle"
title = { zh = "空组", en = "Idle" }
component = "work"
start = 0
low = 0
high = 5
clause = "AMB-A12"

[[groups]]
code = "job\""""
OF_ITEMS = {"note-item-exceeds-group", "note-cap-exceeds-group", "note-cap-idle", "item-never-counts", "group-unused",
            "note-group-never-high", "note-group-never-low", "note-never-full", "item-unverifiable"}  # fmt: skip


def spoken(rulebook: Rulebook) -> list[tuple[str, str]]:
    return [(each.code, each.place) for each in lint(rulebook) if each.code in OF_ITEMS]


@pytest.mark.parametrize("name", ["annual-360", "monthly-points", "blank"])
def test_the_catalogues_shipped_contradict_nothing(changed: Changed, name: str) -> None:
    assert spoken(changed(name=name)) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        # a cap of a period wider than the group, or wider than all the times that it may count
        ("per_period_cap = 9", "per_period_cap = 21", [("note-cap-exceeds-group", CAP)]),
        ("per_period_cap = 9", "per_period_cap = 20", []),
        ("per_period_cap = 9", "max_times = 2\nper_period_cap = 9", [
            ("note-cap-idle", CAP), ("note-group-never-high", "groups.job_more.high")]),
        ("per_period_cap = 9", "max_times = 3\nper_period_cap = 9", []),
        # bounds that the items of the group never come to
        ("per_period_cap = 9", "per_period_cap = 8", [("note-group-never-high", "groups.job_more.high")]),
        ('code = "job_more"\ntitle = { zh = "岗位先进", en = "Ahead in the job" }\ncomponent = "work"\nstart = 0',
         'code = "job_more"\ntitle = { zh = "岗位先进", en = "Ahead in the job" }\ncomponent = "work"\nstart = 1',
         [("note-group-never-low", "groups.job_more.low")]),
        # items that change nobody's total, groups that nothing is in
        ('code = "job_more"\ntitle = { zh = "岗位先进", en = "Ahead in the job" }\ncomponent = "work"\nstart = 0',
         'code = "job_more"\ntitle = { zh = "岗位先进", en = "Ahead in the job" }\ncomponent = "work"\nstart = 20',
         [("item-never-counts", "items.job-post"), ("item-never-counts", "items.job-member-more"),
          ("item-never-counts", "items.job-taught"), ("note-group-never-low", "groups.job_more.low")]),
        ('[[groups]]\ncode = "job"', AN_EMPTY_GROUP, [("group-unused", "groups.idle")]),
    ],
)  # fmt: skip
def test_bounds_that_contradict_the_items_are_named(
    changed: Changed, old: str, new: str, found: list[tuple[str, str]]
) -> None:
    assert spoken(changed((old, new))) == found


def test_a_deduction_from_an_empty_group_never_counts(changed: Changed) -> None:
    rulebook = changed(
        ('group = "party_key"\npoints = 1', 'group = "job_more"\npoints = 1'),
        ('group = "party_key"\npoints_low = 2\npoints_high = 5', 'group = "job_more"\npoints_low = 2\npoints_high = 5'),
        (
            'group = "party_key"\npoints_low = 1\npoints_high = 3',
            'group = "party_key"\npoints_low = -3\npoints_high = -1',
        ),
    )
    assert ("item-never-counts", "items.key-serving") in spoken(rulebook)


# who verifies


OFFICES = 'group = "job_more"\npoints = 5'


@pytest.mark.parametrize(
    ("recorded", "verified", "named"),
    [
        ('["recorder"]', '["auditor"]', True),
        ('["recorder"]', '["operator", "auditor"]', True),
        ('["secretary"]', '["secretary"]', True),
        ('["recorder"]', '["recorder"]', False),
        ('["recorder"]', '["secretary"]', False),
        ('["secretary"]', '["secretary", "deputy_secretary"]', False),
    ],
)
def test_an_item_that_nobody_may_verify_is_named(changed: Changed, recorded: str, verified: str, named: bool) -> None:  # noqa: FBT001
    rulebook = changed((OFFICES, f"{OFFICES}\nrecorded_by = {recorded}\nverified_by = {verified}"))
    assert spoken(rulebook) == ([("item-unverifiable", "items.job-post.verified_by")] if named else [])


# traces (norms of 2023-12 and 2024-08)


def traces(rulebook: Rulebook) -> list[tuple[str, str, str]]:
    return [(each.code, each.place, each.remedy.en) for each in lint(rulebook) if each.code == "rewards-traces"]


@pytest.mark.parametrize("name", ["annual-360", "monthly-points", "blank"])
def test_no_shipped_rulebook_pays_for_a_trace(changed: Changed, name: str) -> None:
    assert traces(changed(name=name)) == []


@pytest.mark.parametrize("word", BY_WORD)
def test_a_trace_is_found_by_every_word_of_the_table_with_its_norm(changed: Changed, word: str) -> None:
    words = f'zh = "{word}", en = "Seen"' if word > "z" else f'zh = "活动", en = "The {word.title()} of a month"'
    ((_, place, remedy),) = traces(changed((TITLE, words), name="monthly-points"))
    assert place == "items.study-skill"
    assert any(norm.en in remedy for norm in (FINGERTIPS, RELIEF))


def test_a_trace_that_only_deducts_is_no_reward(changed: Changed) -> None:
    assert traces(changed(('zh = "无故缺席组织生活"', 'zh = "未签到"'), name="monthly-points")) == []


def test_both_norms_have_their_words_and_no_word_stands_twice() -> None:
    words = [word for trace in TRACES for word in trace.words]
    assert len(words) == len(set(words)) == len(BY_WORD)
    assert {trace.norm for trace in TRACES} == {FINGERTIPS, RELIEF}
    for titles in ("check-ins", "photographs", "study minutes", "online time", "rankings"):
        assert titles in {trace.title.en for trace in TRACES}


@pytest.mark.parametrize(
    ("code", "grade"),
    [
        ("weights-not-100", "fault"),
        ("band-gap", "fault"),
        ("band-overlap", "fault"),
        ("rewards-traces", "warning"),
        ("publicity-short", "warning"),
        ("note-reading-default", "note"),
    ],
)
def test_a_finding_is_a_fault_a_warning_or_a_note_by_its_code(code: str, grade: str) -> None:
    assert severity(code) == grade
