"""The questions of an audit, once, for every engine: rows to words, words to cells, findings."""
