"""The schema of staff accounts, step by step."""
