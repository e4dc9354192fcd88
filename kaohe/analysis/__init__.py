"""Questions asked of ScoreBooks: what may be published, what moved, where points were lost."""
