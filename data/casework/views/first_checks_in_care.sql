-- one row: a child's period of care, with when the first checks of it were due and when they were done, and the team that held the case then
-- key: cla_id
with care as (
  select
    cla_id,
    person_id,
    entered_care,
    left_care,
    row_number() over (partition by person_id order by entered_care desc, cla_id desc) = 1 as is_last
  from periods_of_care
)
select
  care.cla_id,
  care.person_id,
  care.entered_care,
  care.left_care,
  age_at(person.dob, care.entered_care) as age_on_entry,
  coalesce(person.uasc, 'N') = 'Y' as is_uasc,
  working_days_after(care.entered_care, :iha_request_working_days) as iha_request_due_on,
  request.iha_requested_on,
  working_days_after(care.entered_care, :iha_working_days) as iha_due_on,
  health.iha_on,
  coalesce(health.iha_refused, false) as iha_refused,
  working_days_after(care.entered_care, :initial_pep_working_days) as pep_due_on,
  education.first_pep_on,
  holder.team_id
from care
inner join persons person on person.person_id = care.person_id
left join (
  select cla_id, min(sent_date) as iha_requested_on
  from health_requests
  where request_kind = 'IHA' and sent_date <= :period_end
  group by cla_id
) request on request.cla_id = care.cla_id
left join (
  select
    care.cla_id,
    min(checked.check_date) filter (where checked.status is null or checked.status = 'HELD') as iha_on,
    bool_or(checked.status = 'REFUSED') as iha_refused
  from care
  inner join health_checks checked on checked.person_id = care.person_id and checked.check_type = 'IHA'
  -- A refusal with no date is one of the child's last time in care, until it is known to be of another.
  where coalesce(checked.check_date, checked.refused_date, case when care.is_last then care.entered_care end)
    between care.entered_care and coalesce(care.left_care, :period_end)
  group by care.cla_id
) health on health.cla_id = care.cla_id
left join (
  select care.cla_id, min(plan.meeting_date) as first_pep_on
  from care
  inner join peps plan on plan.person_id = care.person_id
  where plan.meeting_date between care.entered_care and coalesce(care.left_care, :period_end)
  group by care.cla_id
) education on education.cla_id = care.cla_id
left join teams_on_entry holder on holder.cla_id = care.cla_id
