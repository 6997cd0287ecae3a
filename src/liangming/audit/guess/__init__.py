"""A mapping, begun from a vendor's own file: what its columns seem to be, and what a person must say.

1 ``sample`` reads the names and the first rows, and in which form they stand;
2 ``personal`` sets aside what may be about a person: no value of such a column is kept or shown;
3 ``columns`` finds, by name and by values, which column is which of ours, and how moments are written;
4 ``written`` writes the mapping, with why each line is as it is, and what is still to be answered.

What cannot be known from a file is not guessed: the time zone, the unit of a duration without its
name, a word that may mean two things. It is left open, and a run refuses or counts as *not known*.
"""
