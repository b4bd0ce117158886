-- one row: a child's first episode of the return, beside the last that last year's return had of the child
-- key: record
-- of: episodes
-- last_child is empty where last year's return had no episode of the child; last_dec_given says whether that one had ended.
with first as (
  select
    e.record, e.child, e.decom, e.rne, e.ls, e.cin, e.place, e.place_provider, e.urn,
    row_number() over (partition by e.child order by e.decom, e.dec nulls last, e.record) as nth
  from episodes e
  where e.decom is not null
), latest as (
  select
    l.record, l.child, l.decom, l.dec, l.rne, l.ls, l.cin, l.place, l.place_provider, l.urn,
    row_number() over (partition by l.child order by l.decom desc, l.dec desc nulls first, l.record desc) as nth
  from episodes_last l
  where l.decom is not null
)
select
  f.record, f.child, f.decom, f.rne, f.ls, f.cin, f.place, f.place_provider, f.urn,
  l.child as last_child, l.record as last_record, l.decom as last_decom, l.dec as last_dec, l.rne as last_rne, l.ls as last_ls, l.cin as last_cin,
  l.place as last_place, l.place_provider as last_place_provider, l.urn as last_urn
from first f
left join latest l on l.child = f.child and l.nth = 1
where f.nth = 1
