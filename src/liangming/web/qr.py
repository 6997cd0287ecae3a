"""A code that a scanner reads, drawn as SVG on the server."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def drawn(text: str) -> SafeString:
    """The QR code of a short text, ours only: an id or a code that we issued."""
    code = segno.make_qr(text, error="m")
    svg = code.svg_inline(scale=4, border=3, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(svg.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S308  (segno's own output)
