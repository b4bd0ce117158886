-- one row: a child in care at the period end, with their latest education plan, school place, hours and attendance, and the team that holds the case
-- key: person_id
-- of: persons
select
  care.person_id,
  care.entered_care,
  care.dob,
  care.age,
  age_at(care.dob, days_after(academic_year_start(:period_end), -1)) as age_before_school_year,
  coalesce(person.uasc, 'N') = 'Y' as is_uasc,
  plan.pep_on,
  coalesce(place.places, 0) as school_places,
  place.place_since,
  week.hours_a_week,
  case when week.hours_a_week < :full_time_hours then school.part_time_reason end as part_time_reason,
  register.possible,
  register.attended,
  register.last_month_known,
  feed.last_month as last_month_of_feed,
  allocated.team_id
from in_care_now care
inner join persons person on person.person_id = care.person_id
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
-- The hours of all places together; null where those of one are not known, or no main place is on record.
left join (
  select
    person_id,
    case
      when bool_or(main_place = 'Y') and bool_and(school_kind = 'NONE' or hours_a_week is not null)
        then sum(case when school_kind = 'NONE' then 0 else hours_a_week end)
    end as hours_a_week
  from school_places
  where start_date <= :period_end and (end_date is null or end_date > :period_end)
  group by person_id
) week on week.person_id = care.person_id
left join (
  select person_id, part_time_reason
  from school_places
  where main_place = 'Y' and start_date <= :period_end and (end_date is null or end_date > :period_end)
  qualify row_number() over (partition by person_id order by start_date desc, place_id desc) = 1
) school on school.person_id = care.person_id
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
left join allocation_now allocated on allocated.person_id = care.person_id
