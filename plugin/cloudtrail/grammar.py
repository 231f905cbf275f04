"""The words of event selectors: fields, operators, categories, and which go together [API, CDK, FLT].

Tables only: validation and the editor's completion read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

KMS: Final = "kms.amazonaws.com"
RDS_DATA: Final = "rdsdata.amazonaws.com"
# The only event sources that a trail can leave out of management events.
EXCLUDABLE_SOURCES: Final = frozenset({KMS, RDS_DATA})

READ_WRITE_TYPES: Final[Mapping[str, frozenset[str]]] = {
    "All": frozenset({"read", "write"}),
    "ReadOnly": frozenset({"read"}),
    "WriteOnly": frozenset({"write"}),
}

MAX_BASIC_SELECTORS: Final = 5
MAX_STORE_SELECTORS: Final = 5
MAX_DATA_RESOURCES: Final = 250
MAX_ADVANCED_VALUES: Final = 500

# Basic data resources: resource type to the service of its ARNs.
BASIC_DATA_TYPES: Final[Mapping[str, str]] = {
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::Lambda::Function": "lambda",
    "AWS::S3::Object": "s3",
}

# The model's names of the operators.
SELECT: Final = ("equals", "starts_with", "ends_with")
DESELECT: Final = ("not_equals", "not_starts_with", "not_ends_with")
OPERATORS: Final = (*SELECT, *DESELECT)

MANAGEMENT: Final = "Management"
DATA: Final = "Data"
NETWORK: Final = "NetworkActivity"
TRAIL_CATEGORIES: Final = (MANAGEMENT, DATA, NETWORK)
STORE_ONLY_CATEGORIES: Final = ("Insight", "ConfigurationItem", "Evidence", "ActivityAuditLog")

FIELDS: Final = (
    "eventCategory",
    "readOnly",
    "eventSource",
    "eventName",
    "eventType",
    "resources.type",
    "resources.ARN",
    "userIdentity.arn",
    "sessionCredentialFromConsole",
    "errorCode",
    "vpcEndpointId",
)

_DATA_FIELDS = frozenset(
    {
        "eventCategory",
        "resources.type",
        "readOnly",
        "eventName",
        "eventSource",
        "eventType",
        "resources.ARN",
        "sessionCredentialFromConsole",
        "userIdentity.arn",
    }
)
_NETWORK_FIELDS = frozenset({"eventCategory", "eventSource", "eventName", "errorCode", "vpcEndpointId"})

TRAIL_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    MANAGEMENT: frozenset({"eventCategory", "readOnly", "eventSource"}),
    DATA: _DATA_FIELDS,
    NETWORK: _NETWORK_FIELDS,
}
STORE_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    MANAGEMENT: TRAIL_FIELDS[MANAGEMENT]
    | {"eventName", "eventType", "sessionCredentialFromConsole", "userIdentity.arn"},
    DATA: _DATA_FIELDS,
    NETWORK: _NETWORK_FIELDS,
    **{category: frozenset({"eventCategory"}) for category in STORE_ONLY_CATEGORIES},
}

# Fields that narrow management or data events without naming a half, a source or a resource.
NARROWING_FIELDS: Final = frozenset({"eventName", "eventType", "userIdentity.arn", "sessionCredentialFromConsole"})

ERROR_CODES: Final = ("VpceAccessDenied",)
