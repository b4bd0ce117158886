-- one row: an episode of a short break (LS V3) in the collection year, with the days of the year that the child spent in them
-- key: record
-- of: episodes
-- An open episode is taken to last until the year ends, and one whose end cannot be read is left out, as is one that had no day of the year.
with in_year as (
  select
    e.record, e.child, e.ls, e.decom, e.dec,
    days_between(greatest(e.decom, :collection_start), least(coalesce(e.dec, :collection_end), :collection_end)) as days
  from episodes e
  where e.ls = 'V3' and e.decom is not null and e.child is not null and (e.dec is not null or not given(e.dec))
)
select y.record, y.child, y.ls, y.decom, y.dec, sum(y.days) over (partition by y.child) as days_of_child
from in_year y
where y.days > 0
