-- one row: an initial child protection conference, with its enquiry, the discussion before it, the plan of that day and the team
-- key: conference_id
-- of: initial_conferences
select
  conference.conference_id,
  conference.person_id,
  conference.enquiry_id,
  conference.transfer_in,
  conference.target_date,
  case when conference.conference_date <= :period_end then conference.conference_date end as conference_date,
  conference.outcome_plan,
  conference.cp_plan_id,
  enquiry.person_id as enquiry_person_id,
  enquiry.start_date as enquiry_start,
  discussed.first_discussion_on,
  linked.person_id as plan_person_id,
  linked.start_date as linked_plan_start,
  begun.plans_begun,
  count(*) over (partition by conference.person_id, conference.conference_date) as same_day,
  conference.team_id
from initial_conferences conference
left join s47_enquiries enquiry on enquiry.enquiry_id = conference.enquiry_id
left join (
  select enquiry_id, min(discussion_date) as first_discussion_on from strategy_discussions group by enquiry_id
) discussed on discussed.enquiry_id = conference.enquiry_id
left join cp_plans linked on linked.cp_plan_id = conference.cp_plan_id
left join (
  select person_id, start_date, count(*) as plans_begun from cp_plans group by person_id, start_date
) begun on begun.person_id = conference.person_id and begun.start_date = conference.conference_date
