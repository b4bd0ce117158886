-- one row: a care leaver of an age to be supported at the period end, with what was known of them then
-- key: person_id
-- of: persons
-- The list says how things are now. Of a status dated later only the young person and the kind of care leaver are taken,
-- and whether they had left care is told from the dates of care, or from turning 18.
select
  listed.person_id,
  listed.eligibility,
  listed.is_known as status_known,
  listed.status_date,
  listed.in_touch,
  listed.accommodation_suitable,
  listed.activity,
  greatest(plan.last_plan_on, listed.pathway_review_date) as last_plan_on,
  listed.age,
  listed.sex,
  listed.ethnicity,
  listed.is_uasc,
  allocated.team_id
from (
  select
    leaver.person_id,
    leaver.is_known,
    leaver.eligibility,
    case when leaver.is_known then leaver.status_date end as status_date,
    case when leaver.is_known then leaver.in_touch end as in_touch,
    case when leaver.is_known then leaver.accommodation_suitable end as accommodation_suitable,
    case when leaver.is_known then leaver.activity end as activity,
    case when leaver.pathway_review_date <= :period_end then leaver.pathway_review_date end as pathway_review_date,
    person.death_date,
    person.dob,
    age_at(person.dob, :period_end) as age,
    person.sex,
    person.ethnicity,
    coalesce(person.uasc, 'N') = 'Y' as is_uasc
  from (
    select
      person_id,
      eligibility,
      status_date,
      in_touch,
      accommodation_suitable,
      activity,
      pathway_review_date,
      coalesce(status_date <= :period_end, true) as is_known
    from care_leavers
    where person_id is not null
    qualify row_number() over (
      partition by person_id
      order by
        case when status_date <= :period_end then 0 when status_date is null then 1 else 2 end,
        status_date desc,
        status_id desc
    ) = 1
  ) leaver
  left join persons person on person.person_id = leaver.person_id
) listed
left join (
  select
    person_id,
    bool_or(left_care is null) as in_care,
    max(left_care) as left_care
  from periods_of_care
  group by person_id
) care on care.person_id = listed.person_id
left join (
  select person_id, max(plan_date) as last_plan_on
  from pathway_plans
  where plan_date <= :period_end
  group by person_id
) plan on plan.person_id = listed.person_id
left join allocation_now allocated on allocated.person_id = listed.person_id
where
  case
    when listed.is_known and listed.eligibility is not null then listed.eligibility <> 'Eligible'
    when care.in_care then false
    else coalesce(care.left_care, months_after(listed.dob, 216)) <= :period_end
  end
  and coalesce(listed.age < :care_leaver_until_age, true)
  and coalesce(listed.in_touch, '') not in ('DIED', 'RHOM')
  and coalesce(listed.death_date > :period_end, true)
