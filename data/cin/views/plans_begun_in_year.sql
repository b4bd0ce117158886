-- one row: a child protection plan that began in the year, and whether a conference was held on the day it began
-- key: record
-- of: childprotectionplans
-- The conference is that of a section 47 enquiry of the episode that asked for one; where there is none, that of the episode.
with plans as (
  select plan.record, plan.LAchildID, plan.CINdetailsID, plan.CPPstartDate
  from childprotectionplans plan
  inner join collection_year y on plan.CPPstartDate between y.year_start and y.year_end
),
enquiries as (
  select plans.record, count(*) as held, count(*) filter (where enquiry.DateOfInitialCPC = plans.CPPstartDate) as same_day
  from plans
  inner join section47 enquiry
    on enquiry.LAchildID is not distinct from plans.LAchildID
    and enquiry.CINdetailsID is not distinct from plans.CINdetailsID
    and coalesce(enquiry.ICPCnotRequired, '') not in ('1', 'true')
  group by plans.record
),
episodes as (
  select plans.record, count(*) as same_day
  from plans
  inner join cindetails episode
    on episode.LAchildID is not distinct from plans.LAchildID
    and episode.CINdetailsID is not distinct from plans.CINdetailsID
    and episode.DateOfInitialCPC = plans.CPPstartDate
  group by plans.record
)
select
  plans.record,
  plans.LAchildID,
  plans.CINdetailsID,
  plans.CPPstartDate,
  coalesce(enquiries.held, 0) as enquiries,
  case when enquiries.held > 0 then enquiries.same_day > 0 else coalesce(episodes.same_day, 0) > 0 end as matches
from plans
left join enquiries on enquiries.record = plans.record
left join episodes on episodes.record = plans.record
