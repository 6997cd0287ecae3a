"""Addresses of what the operator must do unasked."""

from __future__ import annotations

from typing import Any, Final

from django.urls import path
from django.views.decorators.http import require_http_methods

from liangming.web import report
from liangming.web.desk import notices, reports, sheets, thresholds, training

_look = require_http_methods(["GET", "HEAD"])
_send = require_http_methods(["POST"])
_both = require_http_methods(["GET", "HEAD", "POST"])

PATHS: Final[list[Any]] = [
    path("report", _both(report.report)),
    path("report/f", _send(report.find)),
    path("report/f/<str:code>", _both(report.follow)),
    path("report/<str:scene>", _both(report.report)),
    path("desk/notices", _look(notices.notices_page)),
    path("desk/notices/<str:family>", _both(notices.notice_page)),
    path("desk/register", _both(sheets.register)),
    path("desk/selfcheck", _both(sheets.self_check)),
    path("desk/paper/<str:kind>/<str:number>", _look(sheets.paper)),
    path("desk/thresholds", _both(thresholds.thresholds)),
    path("desk/access", _both(thresholds.access)),
    path("desk/training", _look(training.courses)),
    path("desk/training/<str:course>", _both(training.course_page)),
    path("desk/reports", _look(reports.reports_page)),
    path("desk/reports/<str:number>", _both(reports.report_page)),
]
