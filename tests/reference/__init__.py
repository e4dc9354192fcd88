"""An independent reference scorer: the regulation written a second time, naively, to check the library against."""
