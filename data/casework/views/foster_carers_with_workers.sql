-- one row: a household approved to foster, with the day its supervising social worker left
-- key: household_id
-- of: foster_carers
select
  carer.household_id,
  carer.team_id,
  carer.worker_id,
  carer.approved_date,
  carer.approved_date <= :period_end and (carer.ended_date is null or carer.ended_date > :period_end) as is_approved,
  case when worker.end_date <= :period_end then worker.end_date end as worker_left_on
from foster_carers carer
left join workers worker on worker.worker_id = carer.worker_id
