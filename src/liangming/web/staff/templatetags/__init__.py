"""Filters of staff pages."""
