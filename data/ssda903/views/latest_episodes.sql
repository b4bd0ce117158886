-- one row: how a child's care stands: the latest episode that did not end with the next one (REC X1)
-- key: record
-- of: episodes
with dated as (
  select
    e.record, e.child, e.decom, e.dec, e.rec, e.ls,
    row_number() over (partition by e.child order by e.decom desc, e.dec desc nulls first, e.record desc) as from_last
  from episodes e
  where e.decom is not null and coalesce(e.rec, '') <> 'X1'
)
select d.record, d.child, d.decom, d.dec, d.rec, d.ls
from dated d
where d.from_last = 1
