-- one row: a child's first episode of the return, with where its placement is and where that of last year's last episode was
-- key: record
-- of: episodes
-- last_child is empty where last year's return had no episode of the child.
select
  f.record, f.child, f.decom, f.rne, f.last_child, f.last_dec, f.last_rne,
  n.home_post, n.pl_post, n.pl_la, n.pl_location, n.pl_distance,
  l.pl_la as last_pl_la, l.pl_location as last_pl_location, l.pl_distance as last_pl_distance
from first_episodes f
join located_episodes n on n.record = f.record
left join located_episodes_last l on l.record = f.last_record
