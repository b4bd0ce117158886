-- one row: a child whose case was ever held, with the days of the first time, the first referral and the first assessment
-- key: person_id
-- of: persons
select held.person_id, held.first_held, referred.first_referred, assessed.first_assessed
from (select person_id, min(start_date) as first_held from allocations group by person_id) held
left join (
  select person_id, min(referral_date) as first_referred
  from referrals
  where referral_date <= :period_end
  group by person_id
) referred on referred.person_id = held.person_id
left join (
  select person_id, min(start_date) as first_assessed
  from assessments
  where start_date <= :period_end
  group by person_id
) assessed on assessed.person_id = held.person_id
