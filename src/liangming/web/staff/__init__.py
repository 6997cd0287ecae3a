"""Staff and their accounts: passkey first, TOTP, single sign-on; nobody's face here either.

django-allauth holds the secrets and runs the ceremonies; Liangming keeps who may do what. All of it
lies in tables of its own (``staff.sqlite3`` beside the store, or the same PostgreSQL), which no
check ever reads: a check asks for no account, and the API knows client keys only.

Order of an account: invited (a second administrator agrees, where the role is risky) → a link,
usable once within a day → a passkey, or a password with TOTP → signed in → locked when idle →
ended. There is no way to sign up, and no password without a second factor.
"""
