-- one row: a child who came into care in the twelve months to the period end (the last time), with what was done first
-- key: person_id
-- of: persons
with came as (
  select person_id, cla_id, entered_care, left_care, coalesce(left_care, :period_end) as until
  from periods_of_care
  where entered_care > months_after(:period_end, -12)
  qualify row_number() over (partition by person_id order by entered_care desc, cla_id desc) = 1
)
select
  came.person_id,
  came.cla_id,
  came.entered_care,
  came.left_care,
  person.dob,
  age_at(person.dob, came.entered_care) as age_at_entry,
  working_days_between(came.entered_care, came.until) as working_days_in_care,
  health.iha_on,
  coalesce(health.iha_refused, false) as iha_refused,
  request.iha_requested_on,
  education.first_pep_on
from came
inner join persons person on person.person_id = came.person_id
left join (
  select
    came.person_id,
    min(check_date) filter (where status is null or status = 'HELD') as iha_on,
    bool_or(status = 'REFUSED') as iha_refused
  from came
  inner join health_checks on health_checks.person_id = came.person_id
  -- A refusal with no date is one of this time in care, until it is known to be of another.
  where check_type = 'IHA'
    and coalesce(check_date, refused_date, came.entered_care) between came.entered_care and :period_end
  group by came.person_id
) health on health.person_id = came.person_id
left join (
  select cla_id, min(sent_date) as iha_requested_on
  from health_requests
  where request_kind = 'IHA' and sent_date <= :period_end
  group by cla_id
) request on request.cla_id = came.cla_id
left join (
  select came.person_id, min(meeting_date) as first_pep_on
  from came
  inner join peps on peps.person_id = came.person_id
  where meeting_date between came.entered_care and :period_end
  group by came.person_id
) education on education.person_id = came.person_id
