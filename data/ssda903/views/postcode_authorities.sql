-- one row: a postcode, with the authority that looks after the children who live there
-- key: postcode
-- authority is the county, of a district in one; SCO, WAL or NIR, and NUK outside the kingdom. Districts belong to counties in blocks of
-- the ONS's codes.
select
  p.postcode, p.easting, p.northing,
  case
    when p.local_authority is null then null
    when starts_with(p.local_authority, 'S') then 'SCO'
    when starts_with(p.local_authority, 'W') then 'WAL'
    when starts_with(p.local_authority, 'N') then 'NIR'
    when not starts_with(p.local_authority, 'E') then 'NUK'
    when not starts_with(p.local_authority, 'E07') then p.local_authority
    when p.local_authority <= 'E07000012' then 'E10000003'
    when p.local_authority <= 'E07000039' then 'E10000007'
    when p.local_authority <= 'E07000047' then 'E10000008'
    when p.local_authority <= 'E07000065' then 'E10000011'
    when p.local_authority <= 'E07000077' then 'E10000012'
    when p.local_authority <= 'E07000083' then 'E10000013'
    when p.local_authority <= 'E07000094' then 'E10000014'
    when p.local_authority <= 'E07000104' then 'E10000015'
    when p.local_authority <= 'E07000116' then 'E10000016'
    when p.local_authority <= 'E07000128' then 'E10000017'
    when p.local_authority <= 'E07000135' then 'E10000018'
    when p.local_authority <= 'E07000142' then 'E10000019'
    when p.local_authority <= 'E07000149' then 'E10000020'
    when p.local_authority <= 'E07000176' then 'E10000024'
    when p.local_authority <= 'E07000181' then 'E10000025'
    when p.local_authority <= 'E07000199' then 'E10000028'
    when p.local_authority <= 'E07000206' then 'E10000029'
    when p.local_authority <= 'E07000217' then 'E10000030'
    when p.local_authority <= 'E07000222' then 'E10000031'
    when p.local_authority <= 'E07000229' then 'E10000032'
    when p.local_authority <= 'E07000239' then 'E10000034'
    when p.local_authority <= 'E07000243' then 'E10000015'
    else 'E10000029'
  end as authority
from postcodes p
