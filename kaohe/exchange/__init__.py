"""What goes between the assessment office and the others as files: templates out, filled ones in, results out."""
