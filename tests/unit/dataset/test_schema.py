from __future__ import annotations

import json
from pathlib import Path

import pytest

from triggermap.dataset import schema
from triggermap.dataset.files import FILES, schema_line


@pytest.mark.parametrize("name", sorted(schema.schemas()))
def test_schemas_in_the_repository_are_current(checkout: Path, name: str) -> None:
    kept = (checkout / "data" / "schema" / name).read_text(encoding="utf-8")
    assert kept == schema.schemas()[name], "run: python -m triggermap.dataset.schema"


def test_schemas_are_written(tmp_path: Path) -> None:
    schema.write(tmp_path / "schema")
    assert sorted(path.name for path in (tmp_path / "schema").iterdir()) == sorted(schema.schemas())
    assert json.loads((tmp_path / "schema" / "muscles.schema.json").read_text())["title"] == "MusclesFile"


@pytest.mark.parametrize("name", sorted(FILES))
def test_data_files_begin_with_their_schema(checkout: Path, name: str) -> None:
    path = checkout / "data" / name
    with path.open(encoding="utf-8") as stream:
        assert stream.readline().rstrip("\n") == schema_line(name)
