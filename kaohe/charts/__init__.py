"""Figures and tables of a ScoreBook: one module a question, pure functions, words in Chinese."""
