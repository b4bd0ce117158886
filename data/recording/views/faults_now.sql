-- one row: an exception as it stands at the period end
-- key: change_id
-- of: changes
select
  change_id,
  fault_id,
  rule_id,
  team_id,
  state,
  from_month,
  first_seen,
  reopened,
  state in ('new', 'open', 'reopened', 'waived', 'lapsed') as is_there
from changes
where from_month <= :period_end
  and (until_month is null or until_month > :period_end)
