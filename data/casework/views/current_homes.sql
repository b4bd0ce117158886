-- one row: a child, with the home address they have at the period end (the latest to start)
-- key: person_id
select person_id, address_id, standard_postcode(postcode) as postcode
from addresses
where address_type = 'Home'
  and start_date <= :period_end
  and (end_date is null or end_date > :period_end)
qualify row_number() over (partition by person_id order by start_date desc, address_id desc) = 1
