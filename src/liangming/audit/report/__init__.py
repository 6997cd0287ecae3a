"""What an inspector takes along: the findings as a page, as a printed report, as a table.

``content`` gathers what is to be said, once; ``figures`` draws it; ``page`` sets it as one HTML
file without script or outside request, ``printed`` as a PDF by typst, ``table`` as Parquet and CSV.
All are made from the same content, in Chinese and English.
"""
