-- one row: a decision that a child should be placed for adoption, with the one before
-- key: record
-- of: placed_adoption
-- Decisions are in order of DATE_PLACED; one that has no day comes last. is_latest is of the latest day that is known.
-- date_placed_ceased_given says whether anything stands there, a day or not.
select
  p.record, p.child, p.date_placed, p.date_placed_ceased, p.reason_placed_ceased,
  given(p.date_placed_ceased) as date_placed_ceased_given,
  lag(p.record) over ordered as previous_record,
  lag(p.date_placed_ceased) over ordered as previous_date_placed_ceased,
  row_number() over (partition by p.child order by p.date_placed desc nulls last, p.record desc) = 1 as is_latest
from placed_adoption p
window ordered as (partition by p.child order by p.date_placed nulls last, p.record)
