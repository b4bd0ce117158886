-- one row: the records entered in the month that ends with the period, of one extract or of all; of no team
-- key: delay_id
-- of: delays
select
  delay_id,
  cast(null as varchar) as team_id,
  extract,
  records,
  median_days,
  ninth_decile_days
from delays
where month = :period_end
