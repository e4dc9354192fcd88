"""Files as grids of cells: what a cell holds, what it shows, and what is to be said of it."""
