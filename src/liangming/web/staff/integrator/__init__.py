"""Pages for whoever connects other systems: API clients and keys, subscriptions, what was called.

Behind the staff's sign-in, for integrators and administrators. Views run in a thread, as all staff
pages do; what they ask of the house runs on its loop.
"""
