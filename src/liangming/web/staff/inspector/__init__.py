"""The inspector's pages: read-only, within one mandate, between two days.

An officer of the operator admits an inspector whom the mandate names (``admitting``) → the inspector
signs in like all staff → each page is asked for within an admission (``gate``): the mandate's own
operator, today within its days, and a leaf that says which page was looked at, durable before the page
is shown → ``pages`` shows the mandate, its counts, the sample, each check's evidence, the packet and
the log's heads.

Nothing here writes but those leaves; a form of an inspector that is not about their own sign-in is
refused at the door (``room``). What is verified here is verified by the operator's own system: every
page says how to do it again offline.
"""
