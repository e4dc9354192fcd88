"""The annual run: notebooks by papermill, exported as pages that need no network."""
