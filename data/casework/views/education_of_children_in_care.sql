-- one row: a child in care at the period end, with their latest education plan, school place and attendance
-- key: person_id
-- of: persons
select
  care.person_id,
  care.entered_care,
  care.dob,
  care.age,
  plan.pep_on,
  coalesce(place.places, 0) as school_places,
  place.place_since,
  register.possible,
  register.attended,
  register.last_month_known,
  feed.last_month as last_month_of_feed
from in_care_now care
left join (
  select person_id, max(meeting_date) as pep_on
  from peps
  where meeting_date <= :period_end
  group by person_id
) plan on plan.person_id = care.person_id
left join (
  select person_id, count(*) as places, min(start_date) as place_since
  from school_places
  where main_place = 'Y' and start_date <= :period_end and (end_date is null or end_date > :period_end)
  group by person_id
) place on place.person_id = care.person_id
left join (
  select
    person_id,
    cast(sum(possible) filter (where month >= academic_year_start(:period_end)) as bigint) as possible,
    cast(sum(attended) filter (where month >= academic_year_start(:period_end)) as bigint) as attended,
    max(first_day(month)) as last_month_known
  from attendance
  where month <= :period_end
  group by person_id
) register on register.person_id = care.person_id
-- One row: the latest month for which anybody's attendance has come in.
left join (
  select max(first_day(month)) as last_month
  from attendance
  where month <= :period_end
) feed on feed.last_month is not null
