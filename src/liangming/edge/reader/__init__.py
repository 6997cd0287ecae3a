"""The card reader at the machine: a person's own card, in memory for one look, then overwritten."""
