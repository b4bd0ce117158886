-- one row: an order that deprives a child of liberty, with the one before it
-- key: record
-- of: dolo
-- In order of the day it ended, or began where it has no end; of two alike, the one that began first.
select
  d.record, d.child, d.dolo_start, d.dolo_end,
  lag(d.record) over ordered as previous_record,
  lag(d.dolo_start) over ordered as previous_dolo_start,
  lag(d.dolo_end) over ordered as previous_dolo_end
from dolo d
window ordered as (
  partition by d.child order by coalesce(d.dolo_end, d.dolo_start) nulls last, d.dolo_start nulls last, d.record
)
