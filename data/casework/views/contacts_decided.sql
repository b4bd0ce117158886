-- one row: a contact received by the period end, with the day it was decided and the team that took it
-- key: contact_id
-- of: contacts
-- The team is the one recorded; where none is, the one that holds the case now.
select
  contact.contact_id,
  contact.person_id,
  cast(contact.received_at as date) as received_on,
  case when cast(contact.decided_at as date) <= :period_end then cast(contact.decided_at as date) end as decided_on,
  coalesce(contact.team_id, allocated.team_id) as team_id
from contacts contact
left join allocation_now allocated on allocated.person_id = contact.person_id
where cast(contact.received_at as date) <= :period_end
