"""Counters in Prometheus' text form: route template, method, status. Never an id or a path."""

from __future__ import annotations

from typing import Final

NO_ROUTE: Final = "-"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})


class Metrics:
    """Counts of this process since it started."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str, int], int] = {}
        self._micros: dict[tuple[str, str], int] = {}
        self._checks: dict[str, int] = {}

    def answered(self, template: str, method: str, status: int, micros: int) -> None:
        """One request was answered."""
        verb = method if method in _METHODS else "other"
        key = (template, verb, status)
        self._requests[key] = self._requests.get(key, 0) + 1
        place = (template, verb)
        self._micros[place] = self._micros.get(place, 0) + micros

    def concluded(self, outcome: str, checks: int = 1) -> None:
        """Checks that arrived whole came to an outcome (a word of the closed list of states)."""
        self._checks[outcome] = self._checks.get(outcome, 0) + checks

    def text(self) -> bytes:
        """The exposition, sorted, so that two readings differ only in numbers."""
        lines = [
            "# HELP liangming_http_requests_total Answered requests.",
            "# TYPE liangming_http_requests_total counter",
        ]
        for (route, method, status), count in sorted(self._requests.items()):
            labels = f'route="{route}",method="{method}",status="{status}"'
            lines.append(f"liangming_http_requests_total{{{labels}}} {count}")
        lines += [
            "# HELP liangming_http_request_seconds_total Time spent answering.",
            "# TYPE liangming_http_request_seconds_total counter",
        ]
        for (route, method), micros in sorted(self._micros.items()):
            labels = f'route="{route}",method="{method}"'
            lines.append(f"liangming_http_request_seconds_total{{{labels}}} {micros / 1e6:.6f}")
        lines += [
            "# HELP liangming_whole_checks_total Checks that arrived whole, by outcome.",
            "# TYPE liangming_whole_checks_total counter",
        ]
        for outcome, count in sorted(self._checks.items()):
            lines.append(f'liangming_whole_checks_total{{outcome="{outcome}"}} {count}')
        return ("\n".join(lines) + "\n").encode()
