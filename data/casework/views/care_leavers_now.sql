-- one row: a young person in the list of care leavers, with age, care, latest contacts and latest pathway plan
-- key: status_id
-- of: care_leavers
select
  leaver.status_id,
  leaver.person_id,
  leaver.eligibility,
  leaver.in_touch,
  leaver.latest_contact_date,
  leaver.pathway_review_date,
  leaver.adviser_id,
  leaver.adviser_since,
  leaver.status_date,
  person.dob,
  age_at(person.dob, :period_end) as age,
  person.death_date,
  coalesce(care.in_care, false) as in_care,
  coalesce(care.left_care, months_after(person.dob, 216)) as supported_since,
  greatest(months_after(person.dob, :adviser_from_months), rights.entitled_since) as adviser_due_on,
  months_after(greatest(months_after(person.dob, 192), rights.entitled_since), cast(:pathway_plan_due_months as bigint))
    as plan_due_on,
  contact.last_made_on,
  greatest(contact.last_made_on, leaver.latest_contact_date) as last_contact_on,
  contact.last_tried_on,
  contact.last_declined_on,
  latest.outcome as latest_outcome,
  plan.last_plan_on,
  count(*) over (partition by leaver.person_id) as times_listed
from care_leavers leaver
left join persons person on person.person_id = leaver.person_id
left join (
  select
    person_id,
    bool_or(left_care is null) as in_care,
    case when bool_and(left_care is not null) then max(left_care) end as left_care
  from periods_of_care
  group by person_id
) care on care.person_id = leaver.person_id
left join care_from_14 rights on rights.person_id = leaver.person_id
left join (
  select
    person_id,
    max(contact_date) as last_tried_on,
    max(case when outcome = 'Made' then contact_date end) as last_made_on,
    max(case when outcome = 'Declined' then contact_date end) as last_declined_on
  from care_leaver_contacts
  where contact_date <= :period_end
  group by person_id
) contact on contact.person_id = leaver.person_id
left join (
  select person_id, outcome
  from care_leaver_contacts
  where contact_date <= :period_end
  qualify row_number() over (partition by person_id order by contact_date desc, contact_id desc) = 1
) latest on latest.person_id = leaver.person_id
left join (
  select person_id, max(plan_date) as last_plan_on
  from pathway_plans
  where plan_date <= :period_end
  group by person_id
) plan on plan.person_id = leaver.person_id
where leaver.status_date is null or leaver.status_date <= :period_end
