"""The API answers as its OpenAPI document says, whatever Schemathesis makes up: valid, odd and broken.

The same cases each time. SCHEMA_EXAMPLES asks for more of them for each operation, and for every boundary that the
schemas have: ``SCHEMA_EXAMPLES=500 pytest tests/proof/test_schema.py``, for the night.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.proof.asking import answered, prepared
from tests.proof.operations import DOCUMENT

AT_NIGHT = int(os.environ.get("SCHEMA_EXAMPLES", "0"))
EXAMPLES = AT_NIGHT or 12
REFUSALS = ["400", "404", "409", "412", "413", "415", "422"]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
SCHEMA = schemathesis.openapi.from_dict(
    DOCUMENT,
    config=SchemathesisConfig.from_dict(
        {
            "generation": {"with-security-parameters": False},  # tests/proof/test_credentials.py has them all
            "checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}},
            "phases": {
                "coverage": {"enabled": bool(AT_NIGHT), "unexpected-methods": []},
                "examples": {"enabled": False},
            },
        }
    ),
)


@pytest.fixture
def aim(world):
    return prepared(world)


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),  # one world serves all examples of an operation, and time is not measured
)
def test_what_is_answered_conforms_to_the_document(case, world, aim):
    aim.at(case)
    case.validate_response(answered(case, world), checks=CHECKS)
