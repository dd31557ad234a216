"""What requests and answers look like: pydantic models, and the way between them and the domain."""
