-- one row: a period of care of a child: episodes one after the other, with no day between
-- key: first_record
-- of: episodes
-- A new one begins when an episode begins after the end of the one before. ended is empty where the last episode is open.
with ordered as (
  select
    e.record, e.child, e.decom, e.dec,
    case when lag(e.dec) over (partition by e.child order by e.decom, e.dec nulls last, e.record) < e.decom then 1 else 0 end
      as begins
  from episodes e
  where e.decom is not null
), numbered as (
  select
    o.record, o.child, o.decom, o.dec,
    sum(o.begins) over (partition by o.child order by o.decom, o.dec nulls last, o.record) as period_no
  from ordered o
), ends as (
  select
    n.child, n.period_no,
    first_value(n.record) over (partition by n.child, n.period_no order by n.decom, n.dec nulls last, n.record) as first_record,
    min(n.decom) over (partition by n.child, n.period_no) as began,
    n.dec as ended,
    row_number() over (partition by n.child, n.period_no order by n.decom desc, n.dec desc nulls first, n.record desc) as from_last
  from numbered n
)
select x.first_record, x.child, x.period_no, x.began, x.ended
from ends x
where x.from_last = 1
