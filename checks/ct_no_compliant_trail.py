"""CT001: no trail of the account records everything that the account does."""

from checkov_cloudtrail.cloudtrail.accounts import accounts
from checkov_cloudtrail.cloudtrail.verdicts import account_outcome
from checkov_cloudtrail.model.deployment import Scope
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, Subject


def evaluate(scope: Scope, context: Context) -> Outcome | None:
    """Judge one account over all its trails."""
    found = accounts((scope,), context.root, context.case, context.policy)
    return account_outcome(found[scope.key])


RULE = Rule(
    id="CT001",
    slug="no-compliant-trail",
    subject=Subject.ACCOUNT,
    level=Level.ERROR,
    profiles=frozenset({"control", "default", "cis", "security-hub", "aws-config"}),
    summary="Fails when no single trail of the account exists, logs, is multi-Region and records all read and all "
    "write management events.",
    why="What no trail records cannot be investigated. Parts of the requirement met by different trails do not add up: "
    "each of them leaves a gap that an attacker, or an accident, can fall into.",
    remedy="Give one trail of the account enable_logging and is_multi_region_trail true (IsLogging, "
    "IsMultiRegionTrail), and either no event selectors or one that takes all management events. A compliant "
    "organization trail counts for every account of the organization; where it lives elsewhere, name the root in "
    "covered_by_organization_trail.",
    evaluate=evaluate,
    compliance={
        "CIS 1.4": ("3.1",),
        "CIS 3.0": ("3.1",),
        "CIS 5.0": ("3.1",),
        "CIS 7.0": ("4.1",),
        "Security Hub": ("CloudTrail.1", "CloudTrail.3"),
        "FSBP": ("CloudTrail.1",),
        "AWS Config": (
            "multi-region-cloudtrail-enabled",
            "cloudtrail-enabled",
            "cloudtrail-security-trail-enabled",
        ),
    },
    references=(
        "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html",
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html",
    ),
    security_severity="8.0",
)
