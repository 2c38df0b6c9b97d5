"""The analysis for people with a spreadsheet: `ninefold analyse` and `ninefold track`."""
