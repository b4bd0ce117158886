-- one row: an episode that has a DECOM, with whether it is the child's first, and the first of a kind
-- key: record
-- of: episodes
-- Kinds: lasting (no respite: LS V3, V4), that began care (RNE S), of placement for adoption, under a placement order (LS E1).
with kinds as (
  select
    e.record, e.child, e.decom, e.dec,
    coalesce(e.ls, '') not in ('V3', 'V4') as lasting,
    coalesce(e.rne = 'S', false) as began_care,
    coalesce(e.place in ('A3', 'A4', 'A5', 'A6'), false) as placed_for_adoption,
    coalesce(e.ls = 'E1', false) as placement_order
  from episodes e
  where e.decom is not null
)
select
  k.record, k.child, k.decom,
  row_number() over (partition by k.child order by k.decom, k.dec nulls last, k.record) = 1 as first_of_all,
  k.lasting and row_number() over (partition by k.child, k.lasting order by k.decom, k.dec nulls last, k.record) = 1
    as first_lasting,
  k.began_care and row_number() over (partition by k.child, k.began_care order by k.decom, k.dec nulls last, k.record) = 1
    as first_that_began_care,
  k.placed_for_adoption
    and row_number() over (partition by k.child, k.placed_for_adoption order by k.decom, k.dec nulls last, k.record) = 1
    as first_placed_for_adoption,
  k.placement_order and row_number() over (partition by k.child, k.placement_order order by k.decom, k.dec nulls last, k.record) = 1
    as first_under_placement_order
from kinds k
