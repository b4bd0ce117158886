-- one row: an episode of last year's return, with where its placement is, worked out as located_episodes does
-- key: record
with placed as (
  select
    e.record, e.child,
    e.pl_location as said_location,
    coalesce(e.pl_distance, round(
      sqrt(pow(there.easting - home.easting, 2) + pow(there.northing - home.northing, 2)) / 1609.344, 1)) as pl_distance,
    coalesce(e.pl_la, there.authority) as pl_la
  from episodes_last e
  left join postcodes home on home.postcode = standard_postcode(e.home_post)
  left join postcode_authorities there on there.postcode = standard_postcode(e.pl_post)
)
select
  p.record, p.child, p.pl_la, p.pl_distance,
  coalesce(p.said_location, case when p.pl_la = s.local_authority then 'IN' when p.pl_la is not null then 'OUT' end)
    as pl_location
from placed p
left join submission s on true
