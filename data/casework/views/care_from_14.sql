-- one row: a child or young person who has been in care since turning 14: for how long, whether they still are, and why they left
-- key: person_id
-- of: persons
-- entitled_since is the day from which the law on leaving care applies: 16, and 13 weeks in care since turning 14.
select
  spell.person_id,
  spell.dob,
  age_at(spell.dob, :period_end) as age,
  spell.in_care,
  spell.left_care,
  ended.ceased_reason as left_reason,
  spell.days_in_care,
  months_after(spell.dob, 192) as sixteen_on,
  months_after(spell.dob, :adviser_from_months) as adviser_age_on,
  case
    when spell.days_in_care >= :leaving_care_days then
      greatest(
        months_after(spell.dob, 192),
        days_after(coalesce(spell.left_care, :period_end), cast(:leaving_care_days as bigint) - spell.days_in_care)
      )
  end as entitled_since
from (
  select
    care.person_id,
    min(person.dob) as dob,
    bool_or(care.left_care is null) as in_care,
    case when bool_and(care.left_care is not null) then max(care.left_care) end as left_care,
    cast(sum(
      days_between(
        greatest(care.entered_care, months_after(person.dob, 168)),
        greatest(coalesce(care.left_care, :period_end), care.entered_care, months_after(person.dob, 168))
      )
    ) as bigint) as days_in_care
  from periods_of_care care
  inner join persons person on person.person_id = care.person_id
  where coalesce(care.left_care, :period_end) > months_after(person.dob, 168)
  group by care.person_id
) spell
left join (
  select person_id, ceased_date, ceased_reason
  from cla_episodes
  where ceased_date <= :period_end
  qualify row_number() over (partition by person_id order by ceased_date desc, start_date desc, episode_id desc) = 1
) ended on ended.person_id = spell.person_id and ended.ceased_date = spell.left_care
