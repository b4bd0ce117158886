-- one row: an episode, with where its placement is: PL_LA, PL_LOCATION and PL_DISTANCE
-- key: record
-- of: episodes
-- As the collection works them out where the file does not say: from the two postcodes, by the ONS Postcode Directory. pl_la is
-- the authority that looks after children there (the county, of a district in one), or SCO, WAL, NIR, or NUK outside the kingdom;
-- pl_distance the miles in a straight line from home, to one decimal. Districts belong to counties in blocks of the ONS's codes.
with placed as (
  select
    e.record, e.child, e.decom, e.dec, e.rne, e.ls, e.place, e.place_provider, e.urn, e.home_post, e.pl_post,
    home.postcode as home_known, there.postcode as place_known,
    e.pl_location as said_location,
    coalesce(e.pl_distance, round(
      sqrt(pow(there.easting - home.easting, 2) + pow(there.northing - home.northing, 2)) / 1609.344, 1)) as pl_distance,
    coalesce(e.pl_la, case
      when there.local_authority is null then null
      when starts_with(there.local_authority, 'S') then 'SCO'
      when starts_with(there.local_authority, 'W') then 'WAL'
      when starts_with(there.local_authority, 'N') then 'NIR'
      when not starts_with(there.local_authority, 'E') then 'NUK'
      when not starts_with(there.local_authority, 'E07') then there.local_authority
      when there.local_authority <= 'E07000012' then 'E10000003'
      when there.local_authority <= 'E07000039' then 'E10000007'
      when there.local_authority <= 'E07000047' then 'E10000008'
      when there.local_authority <= 'E07000065' then 'E10000011'
      when there.local_authority <= 'E07000077' then 'E10000012'
      when there.local_authority <= 'E07000083' then 'E10000013'
      when there.local_authority <= 'E07000094' then 'E10000014'
      when there.local_authority <= 'E07000104' then 'E10000015'
      when there.local_authority <= 'E07000116' then 'E10000016'
      when there.local_authority <= 'E07000128' then 'E10000017'
      when there.local_authority <= 'E07000135' then 'E10000018'
      when there.local_authority <= 'E07000142' then 'E10000019'
      when there.local_authority <= 'E07000149' then 'E10000020'
      when there.local_authority <= 'E07000176' then 'E10000024'
      when there.local_authority <= 'E07000181' then 'E10000025'
      when there.local_authority <= 'E07000199' then 'E10000028'
      when there.local_authority <= 'E07000206' then 'E10000029'
      when there.local_authority <= 'E07000217' then 'E10000030'
      when there.local_authority <= 'E07000222' then 'E10000031'
      when there.local_authority <= 'E07000229' then 'E10000032'
      when there.local_authority <= 'E07000239' then 'E10000034'
      when there.local_authority <= 'E07000243' then 'E10000015'
      else 'E10000029'
    end) as pl_la
  from episodes e
  left join postcodes home on home.postcode = standard_postcode(e.home_post)
  left join postcodes there on there.postcode = standard_postcode(e.pl_post)
)
select
  p.record, p.child, p.decom, p.dec, p.rne, p.ls, p.place, p.place_provider, p.urn, p.home_post, p.pl_post,
  p.home_known, p.place_known, p.pl_la, p.pl_distance,
  coalesce(p.said_location, case when p.pl_la = s.local_authority then 'IN' when p.pl_la is not null then 'OUT' end)
    as pl_location
from placed p
left join submission s on true
