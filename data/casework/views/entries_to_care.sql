-- one row: the first episode of a period of care: the child coming into care, why, on what status, where to, and the day they left if they have
-- key: episode_id
-- of: cla_episodes
-- The home is that at which the child lived on coming into care, or else the first recorded after.
with care as (
  select
    cla_id,
    person_id,
    entered_care,
    left_care,
    lag(entered_care) over child as previous_entered_care,
    lag(left_care) over child as previous_left_care
  from periods_of_care
  window child as (partition by person_id order by entered_care, cla_id)
)
select
  episode.episode_id,
  episode.person_id,
  episode.cla_id,
  episode.primary_need,
  care.entered_care,
  care.left_care,
  care.previous_entered_care,
  care.previous_left_care,
  person.dob,
  age_at(person.dob, care.entered_care) as age_on_entry,
  person.sex,
  person.ethnicity,
  status.legal_status,
  placement.placement_type,
  sqrt(
    power(home_place.easting - placement_place.easting, 2) + power(home_place.northing - placement_place.northing, 2)
  ) / 1609.344 as miles_from_home,
  case
    when known.districts > 0 and placement_place.local_authority is not null then own.local_authority is not null
  end as placed_in_own_area,
  held.team_id
from (
  select episode_id, person_id, cla_id, primary_need
  from cla_episodes
  where start_date <= :period_end
  qualify row_number() over (partition by cla_id order by start_date, episode_id) = 1
) episode
inner join care on care.cla_id = episode.cla_id
left join persons person on person.person_id = episode.person_id
left join (
  select care.cla_id, spell.legal_status
  from care
  inner join legal_statuses spell
    on spell.person_id = care.person_id
    and spell.start_date <= care.entered_care
    and (spell.end_date is null or spell.end_date > care.entered_care)
  qualify row_number() over (partition by care.cla_id order by spell.start_date desc, spell.legal_status_id desc) = 1
) status on status.cla_id = episode.cla_id
left join (
  select person_id, cla_id, placement_type, postcode
  from placements_in_order
  qualify row_number() over (partition by person_id, cla_id order by start_date, end_date, placement_id) = 1
) placement on placement.person_id = episode.person_id and placement.cla_id = episode.cla_id
left join (
  select care.cla_id, home.postcode
  from care
  inner join addresses home
    on home.person_id = care.person_id and home.address_type = 'Home' and home.start_date <= :period_end
  qualify row_number() over (
    partition by care.cla_id
    order by
      home.start_date <= care.entered_care desc,
      case when home.start_date <= care.entered_care then home.start_date end desc,
      home.start_date,
      home.address_id
  ) = 1
) home on home.cla_id = episode.cla_id
left join postcodes home_place on home_place.postcode = standard_postcode(home.postcode)
left join postcodes placement_place on placement_place.postcode = standard_postcode(placement.postcode)
left join own_districts own on own.local_authority = placement_place.local_authority
left join (select count(*) as districts from own_districts) known on true
left join teams_on_entry held on held.cla_id = episode.cla_id
