-- one row: a child in care at the period end, and since when
-- key: person_id
-- of: persons
select
  care.person_id,
  care.cla_id,
  care.entered_care,
  person.dob,
  age_at(person.dob, :period_end) as age
from periods_of_care care
inner join persons person on person.person_id = care.person_id
where care.left_care is null
qualify row_number() over (partition by care.person_id order by care.entered_care desc, care.cla_id desc) = 1
