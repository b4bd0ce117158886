-- one row: the return, with the first and the last day of the year that it is of
-- key: record
-- of: header
-- The reference date is the last day; both are within the year.
select
  record,
  days_after(months_after(ReferenceDate, -12), 1) as year_start,
  ReferenceDate as year_end
from header
where ReferenceDate is not null
