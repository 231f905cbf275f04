"""CT048: the code does not block public access to the log bucket."""

from checkov_cloudtrail.cloudtrail.buckets import FLAGS, blocked
from checkov_cloudtrail.cloudtrail.outcomes import failed, passed, unsure
from checkov_cloudtrail.model.neighbours import Bucket
from checkov_cloudtrail.model.rule import Context, Level, Outcome, Rule, SetAttribute, Subject
from checkov_cloudtrail.model.values import Unknown


def evaluate(bucket: Bucket, _: Context) -> Outcome:
    """Judge one bucket: all four flags, by the bucket's or the account's public access block."""
    flags = {flag: blocked(bucket, flag) for flag in FLAGS}
    blocks = (*bucket.public_access_blocks.known, *bucket.public_access_blocks.possible)
    at = blocks[0].range if blocks else bucket.location
    off = [flag for flag, answer in flags.items() if answer is False]
    if off:
        what = f"leaves {' and '.join(off)} off"
        message = (
            f"The public access block of the log bucket {what}"
            if blocks
            else "The log bucket has no public access block"
        )
        return failed(message, at, SetAttribute(off[0], True, f"Set {' and '.join(off)}", others=tuple(off[1:])))
    if None in flags.values():
        return unsure(f"Cannot tell whether public access is blocked: {_why(bucket)}", at)
    return passed("The log bucket blocks public access", at)


def _why(bucket: Bucket) -> str:
    for blocks in (bucket.public_access_blocks, bucket.account_public_access_blocks):
        for block in (*blocks.known, *blocks.possible):
            for flag in FLAGS:
                value = getattr(block, flag)
                if isinstance(value, Unknown):
                    return value.because
        if blocks.unknown is not None:
            return blocks.unknown.because
    return "the public access block may not be there"


RULE = Rule(
    id="CT048",
    slug="log-bucket-no-public-access-block",
    subject=Subject.BUCKET,
    level=Level.WARNING,
    profiles=frozenset({"hardening"}),
    summary="Fails when the code does not set all four flags of a public access block for the log bucket.",
    why="AWS blocks public access to new buckets by default, but anybody with the right to can turn that off; "
    "what the code sets comes back with the next deployment.",
    remedy="Add an aws_s3_bucket_public_access_block with all four flags true (PublicAccessBlockConfiguration).",
    evaluate=evaluate,
    compliance={
        "CIS 3.0": ("2.1.4",),
        "Security Hub": ("S3.8",),
        "FSBP": ("S3.8",),
        "AWS Config": ("s3-bucket-level-public-access-prohibited",),
    },
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",),
    security_severity="4.0",
)
