"""A10: somebody puts another person's id into every place that takes one.

The attack itself is in `tests/contract/test_routes.py`: every route of the OpenAPI document with
every id of its path and its body, so that a new route is attacked without anybody thinking of it.
Here is what it stands on.
"""

import ast
from pathlib import Path

CONTRACT = Path(__file__).parents[1] / "contract" / "test_routes.py"

ATTACKS = {
    "test_a_foreign_id_answers_like_a_missing_one_and_changes_nothing",
    "test_a_foreign_id_in_a_body_answers_like_a_missing_one",
    "test_without_a_credential_there_is_only_what_is_open_to_all",
    "test_no_list_shows_anything_of_somebody_else",
    "test_a_list_that_is_narrowed_by_a_foreign_id_is_empty_like_by_a_missing_one",
}


def test_every_route_is_attacked_with_foreign_ids() -> None:
    tree = ast.parse(CONTRACT.read_text())
    functions = (ast.AsyncFunctionDef, ast.FunctionDef)
    assert {node.name for node in tree.body if isinstance(node, functions)} >= ATTACKS
