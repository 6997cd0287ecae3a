"""Parity: can a person tell from a page which way the operator would like?

In this order:

1. :mod:`liangming.parity.chromium` renders any page, ours or another's, and measures the group of
   choices on it (``measure.js``): boxes, type, colours, words, order, what is selected;
2. :func:`judge` compares the measures: each difference is a finding with its articles, if a face
   is among the ways, and with what to do;
3. what could not be measured is said. A page without findings is not thereby lawful: it shows its
   choices alike, no more.

The tests of our own pages use the same measures and the same judge.
"""

from __future__ import annotations

from liangming.parity.judge import judge
from liangming.parity.model import Finding, Measure, Option, Report

__all__ = ["Finding", "Measure", "Option", "Report", "judge"]
