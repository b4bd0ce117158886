-- one row: an offence, with the child's age on its day
-- key: offence_id
-- of: offences
select
  offence.offence_id,
  offence.person_id,
  offence.offence_date,
  person.dob,
  age_at(person.dob, offence.offence_date) as age_then
from offences offence
inner join persons person on person.person_id = offence.person_id
