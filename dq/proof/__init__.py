"""The check of a finished paper, whoever made it: its figures as records of a dataset, and rules over them."""
