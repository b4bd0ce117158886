-- one row: a spell of one immigration status, with the child's date of birth and the latest day a status before it ended
-- key: immigration_status_id
-- of: immigration_statuses
select
  status.immigration_status_id,
  status.person_id,
  status.immigration_status,
  status.start_date,
  status.end_date,
  person.dob,
  person.uasc,
  age_at(person.dob, :period_end) as age,
  max(coalesce(status.end_date, date '9999-12-31'))
    over (statuses rows between unbounded preceding and 1 preceding) as latest_end_before
from immigration_statuses status
inner join persons person on person.person_id = status.person_id
window statuses as (partition by status.person_id order by status.start_date, status.immigration_status_id)
