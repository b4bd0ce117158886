-- one row: care proceedings issued by the period end, with how many of the child's are open at that date
-- key: proceedings_id
-- of: care_proceedings
select
  proceedings_id,
  person_id,
  issue_date,
  case when end_date <= :period_end then end_date end as end_date,
  outcome,
  count(*) filter (where end_date is null or end_date > :period_end) over (partition by person_id) as open_proceedings
from care_proceedings
where issue_date <= :period_end
