"""The check of a finished paper, whoever made it: its figures as records of a dataset, and rules over them."""

DATASET = "scorecard"
"""The dataset whose records are published figures."""
