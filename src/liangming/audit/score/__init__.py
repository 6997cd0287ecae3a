"""How well an audit did on a synthetic fleet, beside an oracle and a naive binomial test."""
