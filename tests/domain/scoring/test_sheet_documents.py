"""A sheet is read exactly or refused with every fault at once."""

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.findings import Invalid
from domain.rulebook import Rulebook
from domain.sheet import Given, Sheet, parse_sheet

FULL = {"work": "92", "group": "88", "branch": "90", "masses": "85", "self": "95"}


def document(people: object = None, **fields: object) -> bytes:
    listed = [{"id": "P01", "components": FULL}] if people is None else people
    return json.dumps({"period": "2025", "people": listed} | fields).encode()


def one(**fields: object) -> bytes:
    return document([{"id": "P01", "components": FULL} | fields])


def findings(sheet: bytes, rulebook: Rulebook) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        parse_sheet(sheet, rulebook)
    for finding in refused.value.findings:
        assert finding.message.zh
        assert finding.remedy.en
    return [(finding.code, finding.place) for finding in refused.value.findings]


def test_the_sheet_of_the_interface_is_read(annual: Rulebook) -> None:
    sheet = parse_sheet(
        one(kind="formal", entries=[], ballots={}, vetoes=[], gates={}, not_applicable=[], joined="2020-05-01"), annual
    )
    (person,) = sheet.people
    assert (sheet.period, person.person, person.kind, person.joined) == ("2025", "P01", "formal", date(2020, 5, 1))
    assert person.components["group"] == Given(Decimal(88))


def test_scores_may_be_integers_texts_lists_and_objects(annual: Rulebook) -> None:
    scores = FULL | {
        "work": 92,
        "branch": ["90", "91.5"],
        "masses": {"points": "85", "ballots": 12, "rater": "staff", "sources": [3, 4]},
        "self": None,
    }
    (person,) = parse_sheet(one(components=scores), annual).people
    assert person.components["work"] == Given(Decimal(92))
    assert person.components["branch"] == (Given(Decimal(90)), Given(Decimal("91.5")))
    assert person.components["masses"] == Given(Decimal(85), (3, 4), 12, "staff")
    assert person.components["self"] is None


def test_a_decimal_number_is_read_as_it_is_written(annual: Rulebook) -> None:
    sheet = parse_sheet(b'{"period": "2025", "people": [{"id": "a", "components": {"work": 92.10}}]}', annual)
    assert sheet.people[0].components["work"] == Given(Decimal("92.10"))


@pytest.mark.parametrize(
    "score", ["", " 92", "９２", "92分", "1e2", "+5", "NaN", "Infinity", True, [], {}, "0x10", "9" * 5000, ".5", "5."]
)
def test_what_is_no_plain_score_is_refused(annual: Rulebook, score: object) -> None:
    if score == []:
        assert parse_sheet(one(components=FULL | {"work": score}), annual).people[0].components["work"] is None
        return
    assert findings(one(components=FULL | {"work": score}), annual)[0][0] == "field-unfit"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e2", "1E999999999", "9" * 5000, "0.1e-5"])
def test_a_number_that_is_not_plain_is_refused(annual: Rulebook, number: str) -> None:
    sheet = f'{{"period": "2025", "people": [{{"id": "a", "components": {{"work": {number}}}}}]}}'.encode()
    assert findings(sheet, annual)[0][0] in {"field-unfit", "sheet-unreadable"}


@pytest.mark.parametrize(
    ("score", "code"),
    [("100.01", "score-out-of-range"), ("-0.01", "score-out-of-range"), ("90.1234567", "score-too-fine")],
)
def test_a_score_outside_the_range_names_person_and_component(annual: Rulebook, score: str, code: str) -> None:
    assert findings(one(components=FULL | {"work": score}), annual) == [(code, "people[0] P01.components.work")]


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        (b"", "sheet-unreadable"),
        (b"\xff\xfe", "sheet-unreadable"),
        (b"PK\x03\x04", "sheet-unreadable"),
        (b"[" * 100_000, "sheet-unreadable"),
        (b'{"period": "2025", "period": "2024", "people": []}', "field-doubled"),
        (b'{"people": [{"id": "a", "components": {"work": "1", "work": "2"}}]}', "field-doubled"),
        (b'{"people": [{"id": "a", "\\ud800": 1}]}', "sheet-unreadable"),
        (b"[]", "field-unfit"),
        (b'{"period": "2025"}', "field-unfit"),
        (b'{"people": [], "colour": 1}', "field-unknown"),
        (b'{"people": [], "roster_size": "20"}', "field-unfit"),
        (b'{"people": [], "roster_size": -1}', "field-unfit"),
        (b'{"people": [], "roster_size": 1.5}', "field-unfit"),
        (b'{"people": [], "period": "2025-03"}', "period-unfit"),
        (b'{"people": [], "period": "0000"}', "period-unfit"),
        (b'{"people": [{"components": {}}]}', "field-unfit"),
        (b'{"people": [{"id": "a", "kind": "activist"}]}', "kind-unknown"),
        (b'{"people": [{"id": "a", "joined": "2025-02-30"}], "period": "2025"}', "field-unfit"),
        (b'{"people": [{"id": "a", "joined": "2025-02-03"}]}', "period-missing"),
        (b'{"people": [{"id": "a"}, {"id": "b"}], "roster_size": 1}', "roster-too-small"),
    ],
)
def test_a_faulty_document_is_refused_with_its_reason(annual: Rulebook, sheet: bytes, code: str) -> None:
    assert code in [found for found, _ in findings(sheet, annual)]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"entries": [{"item": "x", "points": "2"}]}, "item-unknown"),
        ({"entries": [{"item": "job-small"}]}, "source-doubled"),
        ({"entries": {"masses": [{"item": "job-small"}]}, "components": {}}, "source-not-declared"),
        ({"ballots": {"appraisal": {"优秀": 1}}}, "component-unknown"),
        ({"ballots": {"masses": {"优秀": 1}}}, "source-doubled"),
        ({"ballots": {"masses": {"优秀": 1}}, "components": {}}, "source-not-declared"),
        ({"vetoes": ["x"]}, "source-not-declared"),
        ({"gates": {"x": True}}, "source-not-declared"),
        ({"periods": [{"period": "2025-01"}]}, "source-not-declared"),
        ({"last_year": {"work": "90"}}, "source-not-declared"),
        ({"not_applicable": ["group"]}, "component-contradicted"),
        ({"components": {"organisation": "90"}}, "component-unknown"),
        ({"components": {"labour": "90"}}, "component-unknown"),
        ({"name": "x"}, "field-unknown"),
    ],
)
def test_what_the_rulebook_does_not_declare_is_refused(annual: Rulebook, fields: dict[str, object], code: str) -> None:
    assert [found for found, _ in findings(one(**fields), annual)] == [code]


def test_everything_wrong_is_said_at_once(annual: Rulebook) -> None:
    people = [
        {"id": "a", "components": FULL | {"work": "101"}},
        {"id": "a", "components": FULL | {"self": "x"}},
        {"id": "b", "colour": "red"},
    ]
    codes = {code for code, _ in findings(document(people), annual)}
    assert codes == {"score-out-of-range", "person-doubled", "field-unfit", "field-unknown"}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "people", "components", "work", "kind", "ballots", "masses", "x"]), inner
        )
    ),
    max_leaves=12,
)


@given(st.binary(max_size=60) | anything.map(lambda value: json.dumps(value).encode()))
def test_any_document_is_either_read_or_refused_with_findings(annual: Rulebook, sheet: bytes) -> None:
    read: object = None
    with suppress(Invalid):
        read = parse_sheet(sheet, annual)
    assert isinstance(read, Sheet) or findings(sheet, annual)
