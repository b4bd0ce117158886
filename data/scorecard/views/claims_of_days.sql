-- one row: days that the words tell between two dates, beside the days there are
-- key: claim_id
-- of: published_claims
select
  claim_id,
  measure,
  printed,
  from_day,
  to_day,
  days_between(from_day, to_day) as expected,
  value - days_between(from_day, to_day) as difference
from published_claims
where kind = 'days' and value is not null and from_day is not null and to_day is not null
