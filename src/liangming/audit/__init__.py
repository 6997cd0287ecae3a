"""Questions asked of event files: where are people in fact forced?

In this order:

1. files of any vendor become canonical events: one row = one identity check, integers and codes,
   nothing about a person (``schema``);
2. one pass over the rows gives *cells*: sums by day, outlet and clerk, with the hard findings and
   the ways that were offered, chosen, passed;
3. cells of different days and files add up; a year is read from them, never again from rows;
4. the statistics read cells and say what stands out.

What this room never does: read the operator's databases, hold or ask for personal data, call
something coercion, drop a row without counting it, pass a rule because a column is missing.
"""
