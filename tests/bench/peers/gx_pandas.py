"""Great Expectations on pandas: all expectations on a frame, every failing row listed by its number.

Row numbers are asked for, and keys taken from them: named columns are looked up one cell at a time, far slower.
"""

from __future__ import annotations

import os
import sys

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # it is read when the library is imported

import great_expectations as gx
import in_gx
import in_pandas
import numpy as np
import pandas as pd


def main(folder: str, out: str) -> None:
    """Write (rule_id, record_key) of every failing row."""
    visits, placements = in_pandas.read(folder)
    visits["known"] = np.where(visits["known"], "Y", "N")
    source = gx.get_context(mode="ephemeral").data_sources.add_pandas("bench")
    found = []
    for table, key, suite in (
        (visits, "visit_id", in_gx.visits()),
        (placements, "placement_id", in_gx.placements()),
    ):
        definition = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all")
        batch = definition.get_batch(batch_parameters={"dataframe": table})
        for rule, rows in in_gx.failing(batch, suite, {"partial_unexpected_count": 0}).items():
            found.append(pd.DataFrame({"rule_id": rule, "record_key": table[key].take(rows)}))
    pd.concat(found, ignore_index=True).to_parquet(out)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
