-- one row: an absence of a child, missing or away, with the one before
-- key: record
-- of: missing
-- In order of MIS_END, or of MIS_START where it has not ended; of two that ended on a day, the one that began first comes first.
select
  m.record, m.child, m.missing, m.mis_start, m.mis_end,
  lag(m.record) over ordered as previous_record,
  lag(m.mis_end) over ordered as previous_mis_end
from missing m
window ordered as (
  partition by m.child order by coalesce(m.mis_end, m.mis_start) nulls last, m.mis_start nulls last, m.record
)
