"""Read a paper in long form and work its ratios out again, and nothing more: what a proof is measured against."""

from __future__ import annotations

import sys

import pandas as pd


def main(path: str) -> None:
    """Print how many figures have numerator and base, and how many of them are not what these give."""
    paper = pd.read_csv(path, dtype=str)
    met, base = pd.to_numeric(paper["numerator"]), pd.to_numeric(paper["denominator"])
    text = paper["printed"].str.replace("[%,+]", "", regex=True)
    printed = pd.to_numeric(text, errors="coerce")
    half = 0.5 / 10.0 ** text.str.partition(".")[2].str.len()
    exact = met / base * (paper["unit"] == "percent").map({True: 100.0, False: 1.0})
    tested = exact.notna() & printed.notna()
    wrong = tested & ((printed - exact).abs() > half + 1e-9)
    print(f"{tested.sum():,} ratios, {wrong.sum():,} not what numerator and base give")


if __name__ == "__main__":
    main(sys.argv[1])
