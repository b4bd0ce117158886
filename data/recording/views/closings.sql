-- one row: an exception that came to be there no more, with the month end and how many days it had been known
-- key: change_id
-- of: changes
select
  change_id,
  fault_id,
  rule_id,
  team_id,
  state,
  from_month as closed_on,
  days_between(first_seen, from_month) as days_known
from changes
where state in ('fixed', 'blanked', 'vanished')
  and from_month <= :period_end
