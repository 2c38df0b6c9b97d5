"""Training and calibration of the pair judge. Not needed to run Ninefold; see training/README.md."""
