-- one row: the return, with how many child protection plans began in its year and how many initial conferences were held
-- key: record
-- of: header
with plans as (
  select count(*) as begun
  from childprotectionplans plan
  inner join collection_year y on plan.CPPstartDate between y.year_start and y.year_end
),
held as (
  select DateOfInitialCPC as day from cindetails
  union all
  select DateOfInitialCPC as day from section47
),
conferences as (
  select count(*) as held
  from held
  inner join collection_year y on held.day between y.year_start and y.year_end
)
select y.record, plans.begun as plans_begun, conferences.held as conferences_held
from collection_year y
cross join plans
cross join conferences
