-- one row: a child in care, with the home address they came into care from: the last to begin by then, or else the first after
-- key: person_id
select
  care.person_id,
  home.address_id,
  home.postcode
from periods_of_care care
inner join addresses home
  on home.person_id = care.person_id and home.address_type = 'Home' and home.start_date <= :period_end
where care.left_care is null
qualify row_number() over (
  partition by care.person_id
  order by
    home.start_date <= care.entered_care desc,
    case when home.start_date <= care.entered_care then home.start_date end desc,
    home.start_date,
    home.address_id
) = 1
