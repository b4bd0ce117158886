-- one row: a child who is or was in care, with the last time in care that a substance misuse problem was found, help was accepted or refused, and an offence had an outcome
-- key: person_id
-- of: persons
select
  care.person_id,
  care.in_care_since,
  age_at(person.dob, :period_end) as age,
  coalesce(person.uasc, 'N') = 'Y' as is_uasc,
  misuse.identified_on as misuse_identified_on,
  misuse.help_accepted_on as misuse_help_accepted_on,
  misuse.help_refused_on as misuse_help_refused_on,
  offending.outcome_on as offence_outcome_on,
  allocated.team_id
from (
  select person_id, max(case when left_care is null then entered_care end) as in_care_since
  from periods_of_care
  group by person_id
) care
inner join persons person on person.person_id = care.person_id
left join (
  select
    found.person_id,
    max(found.identified_date) as identified_on,
    max(found.identified_date) filter (where found.offered = 'Y' and found.accepted = 'Y') as help_accepted_on,
    max(found.identified_date) filter (where found.offered = 'Y' and found.refused = 'Y') as help_refused_on
  from substance_misuse found
  where found.identified_date <= :period_end
    and exists (
      select 1
      from periods_of_care spell
      where spell.person_id = found.person_id
        and spell.entered_care <= found.identified_date
        and (spell.left_care is null or spell.left_care > found.identified_date)
    )
  group by found.person_id
) misuse on misuse.person_id = care.person_id
left join (
  select offence.person_id, max(offence.outcome_date) as outcome_on
  from offences offence
  where offence.outcome_date <= :period_end
    and offence.outcome in ('CAUTION', 'CONDITIONAL', 'DISCHARGE', 'REFERRAL', 'FINE', 'YRO', 'CUSTODY')
    and exists (
      select 1
      from periods_of_care spell
      where spell.person_id = offence.person_id
        and spell.entered_care <= offence.outcome_date
        and (spell.left_care is null or spell.left_care > offence.outcome_date)
    )
  group by offence.person_id
) offending on offending.person_id = care.person_id
left join allocation_now allocated on allocated.person_id = care.person_id
