-- one row: a child's period of care, from coming into care to leaving it, as known at the period end
-- key: cla_id
select
  cla_id,
  min(person_id) as person_id,
  min(start_date) as entered_care,
  case when bool_and(ceased_date is not null and ceased_date <= :period_end) then max(ceased_date) end as left_care
from cla_episodes
where start_date <= :period_end
group by cla_id
