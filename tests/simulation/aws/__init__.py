"""A deterministic AWS in memory: what the functions use of DynamoDB, SQS, S3 and SES, as AWS describes it."""

from tests.simulation.aws.errors import AwsError

__all__ = ["AwsError"]
