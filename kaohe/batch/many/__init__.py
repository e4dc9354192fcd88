"""Many schools: the same job for each of them, here one after the other or by the workers of a cluster."""
