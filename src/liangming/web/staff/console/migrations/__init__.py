"""The console's schema."""
