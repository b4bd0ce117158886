-- one row: a home address, with the latest day a home before it ended and the one that follows it
-- key: address_id
-- of: addresses
-- An address that is in the extract twice is one home.
with written as (
  select distinct address_id, person_id, start_date, end_date, postcode
  from addresses
  where address_type = 'Home' and start_date <= :period_end
)
select
  home.address_id,
  home.person_id,
  person.dob,
  home.start_date,
  home.end_date,
  home.postcode,
  lag(home.start_date) over homes as previous_start_date,
  max(coalesce(home.end_date, date '9999-12-31'))
    over (homes rows between unbounded preceding and 1 preceding) as latest_end_before
from written home
inner join persons person on person.person_id = home.person_id
window homes as (partition by home.person_id order by home.start_date, home.address_id)
