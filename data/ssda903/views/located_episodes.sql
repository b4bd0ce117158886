-- one row: an episode, with where its placement is: PL_LA, PL_LOCATION and PL_DISTANCE
-- key: record
-- of: episodes
-- dec_given says whether anything stands there, a day or not.
-- As the collection works them out where the file does not say: from the two postcodes, by the ONS Postcode Directory. pl_la is
-- the authority there; pl_distance the miles in a straight line from home, to one decimal.
with placed as (
  select
    e.record, e.child, e.decom, e.dec, given(e.dec) as dec_given, e.rne, e.ls, e.place, e.place_provider, e.urn, e.home_post, e.pl_post,
    home.postcode as home_known, there.postcode as place_known,
    e.pl_location as said_location,
    coalesce(e.pl_distance, round(
      sqrt(pow(there.easting - home.easting, 2) + pow(there.northing - home.northing, 2)) / 1609.344, 1)) as pl_distance,
    coalesce(e.pl_la, there.authority) as pl_la
  from episodes e
  left join postcodes home on home.postcode = standard_postcode(e.home_post)
  left join postcode_authorities there on there.postcode = standard_postcode(e.pl_post)
)
select
  p.record, p.child, p.decom, p.dec, p.dec_given, p.rne, p.ls, p.place, p.place_provider, p.urn, p.home_post, p.pl_post,
  p.home_known, p.place_known, p.pl_la, p.pl_distance,
  coalesce(p.said_location, case when p.pl_la = s.local_authority then 'IN' when p.pl_la is not null then 'OUT' end)
    as pl_location
from placed p
left join submission s on true
