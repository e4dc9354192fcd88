"""The files of a year, its own words and decisions, and the year before."""
