"""Grids as rows of the tables that a scheme asks for, each with its place."""
