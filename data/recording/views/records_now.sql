-- one row: the records that a team answers for at the period end
-- key: count_id
-- of: records
select
  count_id,
  team_id,
  records
from records
where month = :period_end
