-- one row: a child whose case a social worker has held, with whether one worker held it all through :same_worker_months, and the changes of worker
-- key: person_id
-- One worker: the one who holds it now held it on the day the months began, no other held it since, and it was never longer than
-- :allocation_gap_days with nobody. A change: a spell that began in :worker_changes_months, of another worker than the spell before.
with spell as (
  select
    involvement_id,
    person_id,
    worker_id,
    previous_worker_id,
    start_date,
    case when end_date <= :period_end then end_date end as end_date,
    coalesce(start_date - :allocation_gap_days > held_in_role_until, false) as after_a_gap
  from allocations_in_order
  where role = 'Allocated Case Worker'
),
holder as (
  select person_id, worker_id
  from spell
  where end_date is null
  qualify row_number() over (partition by person_id order by start_date desc, involvement_id desc) = 1
),
held as (
  select
    spell.person_id,
    spell.start_date > months_after(:period_end, -:worker_changes_months)
      and spell.worker_id <> spell.previous_worker_id as is_change,
    spell.worker_id = holder.worker_id
      and spell.start_date <= months_after(:period_end, -:same_worker_months)
      and (spell.end_date is null or spell.end_date >= months_after(:period_end, -:same_worker_months)) as held_it_then,
    (spell.end_date is null or spell.end_date > months_after(:period_end, -:same_worker_months))
      and spell.worker_id is distinct from holder.worker_id as is_another,
    spell.start_date > months_after(:period_end, -:same_worker_months) and spell.after_a_gap as is_after_a_gap
  from spell
  left join holder on holder.person_id = spell.person_id
)
select
  person_id,
  count(*) filter (where is_change) as worker_changes,
  coalesce(bool_or(held_it_then), false) and not bool_or(is_another) and not bool_or(is_after_a_gap) as one_worker_throughout
from held
group by person_id
