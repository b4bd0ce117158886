-- one row: a private fostering arrangement that had begun by the period end, with its visits and the child's other arrangements
-- key: arrangement_id
-- of: private_fostering
-- One that ends before it begins is left out: its dates are what is wrong.
select
  made.arrangement_id,
  made.person_id,
  made.notified_date,
  made.start_date,
  made.end_date,
  coalesce(allocated.team_id, made.team_id) as team_id,
  made.worker_id,
  person.dob,
  age_at(person.dob, :period_end) as age,
  disabled.person_id is not null as is_disabled,
  visits.first_visit_on,
  visits.last_visit_on,
  cast(sum(case when made.end_date is null then 1 else 0 end) over (partition by made.person_id) as bigint) as open_arrangements,
  max(coalesce(made.end_date, date '9999-12-31')) over before_it as latest_end_before
from (
  select
    arrangement_id, person_id, notified_date, start_date,
    case when end_date <= :period_end then end_date end as end_date,
    team_id, worker_id
  from private_fostering
  where start_date <= :period_end and (end_date is null or end_date >= start_date)
) made
left join persons person on person.person_id = made.person_id
left join allocation_now allocated on allocated.person_id = made.person_id
left join (
  select distinct person_id from disabilities where disability_code <> 'NONE'
) disabled on disabled.person_id = made.person_id
left join (
  select arrangement_id, min(visit_date) as first_visit_on, max(visit_date) as last_visit_on
  from private_fostering_visits
  where visit_date <= :period_end
  group by arrangement_id
) visits on visits.arrangement_id = made.arrangement_id
window before_it as (
  partition by made.person_id order by made.start_date, made.arrangement_id
  rows between unbounded preceding and 1 preceding
)
