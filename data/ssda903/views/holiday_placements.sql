-- one row: an episode elsewhere while the child's carers were on holiday (PLACE T3), with how many such the child has
-- key: record
-- of: episodes
select e.record, e.child, e.place, e.decom, e.dec, count(*) over (partition by e.child) as of_child
from episodes e
where e.place = 'T3' and e.child is not null
