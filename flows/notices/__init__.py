"""Messages to people: what they say, and how they leave. Never a person's data, never a secret."""
