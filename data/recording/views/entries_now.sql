-- one row: the records entered in the month that ends with the period, of one extract or of all, or of one team
-- key: delay_id
-- of: delays
-- An average weighs each row by its records, so it wants days times records.
select
  delay_id,
  team_id,
  extract,
  records,
  median_days * records as median_record_days,
  ninth_decile_days * records as ninth_decile_record_days
from delays
where month = :period_end
