"""The state, the journal and the look-ups, in three DynamoDB tables."""
