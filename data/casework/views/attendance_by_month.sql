-- one row: a record of a child's attendance, with how many there are for the child and month
-- key: attendance_id
-- of: attendance
select
  attendance_id,
  person_id,
  month,
  count(*) over (partition by person_id, first_day(month)) as records_of_month
from attendance
