-- one row: a child in care at the period end, with their current placement, legal status, home, visits, social workers and the team that holds the case
-- key: person_id
-- of: persons
select
  care.person_id,
  care.cla_id,
  care.entered_care,
  person.dob,
  age_at(person.dob, :period_end) as age,
  coalesce(person.uasc, 'N') = 'Y' as is_uasc,
  person.uasc,
  person.sex,
  person.ethnicity,
  status.legal_status,
  placement.placement_id,
  placement.placement_type,
  placement.provider,
  placement.start_date as placement_start,
  placement.postcode as placement_postcode,
  home.address_id as home_address_id,
  home.postcode as home_postcode,
  sqrt(
    power(home_place.easting - placement_place.easting, 2) + power(home_place.northing - placement_place.northing, 2)
  ) / 1609.344 as miles_from_home,
  case
    when known.districts > 0 and placement_place.local_authority is not null then own.local_authority is not null
  end as placed_in_own_area,
  coalesce(moves.placements, 0) as placements_in_12_months,
  visits.last_visit_on,
  holders.worker_changes,
  coalesce(holders.one_worker_throughout, false) as one_worker_throughout,
  allocated.worker_id,
  allocated.team_id
from (
  select person_id, cla_id, entered_care
  from periods_of_care
  where left_care is null
  qualify row_number() over (partition by person_id order by entered_care desc, cla_id desc) = 1
) care
left join persons person on person.person_id = care.person_id
left join (
  select person_id, legal_status
  from legal_statuses_in_order
  where end_date is null
  qualify row_number() over (partition by person_id order by start_date desc, legal_status_id desc) = 1
) status on status.person_id = care.person_id
left join (
  select person_id, cla_id, placement_id, placement_type, provider, start_date, postcode
  from placements_in_order
  where end_date is null
  qualify row_number() over (partition by person_id, cla_id order by start_date desc, placement_id desc) = 1
) placement on placement.person_id = care.person_id and placement.cla_id = care.cla_id
left join (
  select person_id, count(*) as placements
  from placements_in_order
  where (end_date is null or end_date > :period_end - interval 1 year) and placement_type not like 'T%'
  group by person_id
) moves on moves.person_id = care.person_id
left join (
  select person_id, cla_id, max(visit_date) as last_visit_on
  from cla_visits
  where visit_date <= :period_end
  group by person_id, cla_id
) visits on visits.person_id = care.person_id and visits.cla_id = care.cla_id
left join home_addresses home on home.person_id = care.person_id
left join postcodes home_place on home_place.postcode = standard_postcode(home.postcode)
left join postcodes placement_place on placement_place.postcode = standard_postcode(placement.postcode)
left join own_districts own on own.local_authority = placement_place.local_authority
left join (select count(*) as districts from own_districts) known on true
left join case_workers_over_time holders on holders.person_id = care.person_id
left join allocation_now allocated on allocated.person_id = care.person_id
