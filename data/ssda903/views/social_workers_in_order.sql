-- one row: a stretch of time with one social worker, with the one before and the next of the child
-- key: record
-- of: sw_episodes
-- In order of SW_DECOM, then SW_DEC; one that has no SW_DECOM comes last. is_latest is the last that has one, or the last of all. sw_dec_given says whether anything stands there, a day or not.
select
  s.record, s.child, s.sw_id, s.sw_decom, s.sw_dec, s.sw_reason, given(s.sw_dec) as sw_dec_given,
  row_number() over ordered as place_in_order,
  row_number() over ordered = count(*) over (partition by s.child) as is_last,
  row_number() over (partition by s.child order by s.sw_decom desc nulls last, s.sw_dec desc nulls first, s.record desc) = 1 as is_latest,
  lag(s.record) over ordered as previous_record,
  lag(s.sw_decom) over ordered as previous_sw_decom,
  lag(s.sw_dec) over ordered as previous_sw_dec
from sw_episodes s
window ordered as (partition by s.child order by s.sw_decom nulls last, s.sw_dec nulls last, s.record)
