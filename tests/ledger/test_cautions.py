"""What works and should be put right is said where health is asked for."""

import pytest
from sqlalchemy import Engine

from ledger.cautions import cautions, cautions_of_sqlite


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 50, 4), (3, 51, 2)])
def test_an_sqlite_whose_log_can_be_reset_wrongly_is_named_with_what_to_do(version: tuple[int, ...]) -> None:
    (said,) = cautions_of_sqlite(version)
    assert said.code == "sqlite-log-reset"
    assert ".".join(map(str, version)) in said.why.zh
    assert "3.51.3" in said.why.en


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 0), (4, 0, 0)])
def test_a_later_sqlite_needs_no_caution(version: tuple[int, ...]) -> None:
    assert cautions_of_sqlite(version) == []


def test_the_database_at_hand_is_the_one_spoken_of(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        assert cautions(engine) == []
    else:
        assert cautions(engine) == cautions_of_sqlite(engine.dialect.loaded_dbapi.sqlite_version_info)
