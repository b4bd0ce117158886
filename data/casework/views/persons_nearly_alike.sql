-- one row: a child whose sex, ethnicity, home at the period end and date of birth are those of another, where an NHS number does not tell them apart
-- key: person_id
-- of: persons
-- Twins have an NHS number each. So two records are taken for one child only where one of them has no number that can
-- be one. The other's date of birth is the same, or has the day in the place of the month.
with child as (
  select
    person.person_id,
    person.sex,
    person.ethnicity,
    person.dob,
    case
      when day(person.dob) <= 12 and day(person.dob) <> month(person.dob)
        then cast(year(person.dob) || '-' || day(person.dob) || '-' || month(person.dob) as date)
    end as dob_turned_round,
    home.postcode,
    coalesce(is_nhs_number(person.common_child_id), false) as is_numbered
  from persons person
  inner join current_homes home on home.person_id = person.person_id
),
pair as (
  select one.person_id, one.dob, other.person_id as other_id, false as turned_round
  from child one
  inner join child other
    on other.postcode = one.postcode and other.dob = one.dob and other.sex = one.sex
    and other.ethnicity = one.ethnicity
  where other.person_id <> one.person_id and not (one.is_numbered and other.is_numbered)
  union all
  select one.person_id, one.dob, other.person_id as other_id, true as turned_round
  from child one
  inner join child other
    on other.postcode = one.postcode and other.dob = one.dob_turned_round and other.sex = one.sex
    and other.ethnicity = one.ethnicity
  where not (one.is_numbered and other.is_numbered)
)
select
  person_id,
  dob,
  min(other_id) as other_person_id,
  count(*) filter (where not turned_round) as with_same_dob,
  count(*) filter (where turned_round) as with_dob_turned_round
from pair
group by person_id, dob
