-- one row: an episode, with how long its legal status ran on without a break
-- key: record
-- of: episodes
-- An open episode is taken to last until the year ends. run_days are from the first day to the last of episodes that follow each
-- other on the day; days_together are the days of episodes with no gap between them, added up.
with dated as (
  select
    e.record, e.child, e.ls, e.decom, e.dec, coalesce(e.dec, :collection_end) as ends
  from episodes e
  where e.decom is not null and e.child is not null
), marked as (
  select
    d.record, d.child, d.ls, d.decom, d.dec, d.ends,
    case when lag(d.ls) over of_child = d.ls and lag(d.ends) over of_child = d.decom then 0 else 1 end as begins_run,
    case when lag(d.ends) over of_status >= d.decom then 0 else 1 end as begins_together
  from dated d
  window of_child as (partition by d.child order by d.decom, d.dec nulls last, d.record),
         of_status as (partition by d.child, d.ls order by d.decom, d.dec nulls last, d.record)
), numbered as (
  select
    m.record, m.child, m.ls, m.decom, m.dec, m.ends,
    sum(m.begins_run) over in_order as run_no,
    sum(m.begins_together) over in_order as together_no
  from marked m
  window in_order as (partition by m.child, m.ls order by m.decom, m.dec nulls last, m.record)
)
select
  n.record, n.child, n.ls, n.decom, n.dec,
  days_between(min(n.decom) over (partition by n.child, n.ls, n.run_no), max(n.ends) over (partition by n.child, n.ls, n.run_no))
    as run_days,
  sum(days_between(n.decom, n.ends)) over (partition by n.child, n.ls, n.together_no) as days_together
from numbered n
