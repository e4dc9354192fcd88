"""What the tables must fit: the scheme, the units and each other. One module a kind of evidence."""
