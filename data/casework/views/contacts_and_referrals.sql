-- one row: a contact made by the period end, with the child's first referral from that day on, and how many are just like it
-- key: contact_id
-- of: contacts
select
  contact.contact_id,
  contact.person_id,
  contact.received_at,
  contact.decided_at,
  contact.source,
  contact.outcome,
  contact.recorded_on,
  count(*) over (partition by contact.person_id, contact.received_at, contact.source) as alike,
  referred.first_referral_on
from contacts contact
left join (
  select contact.contact_id, min(referral.referral_date) as first_referral_on
  from contacts contact
  inner join referrals referral
    on referral.person_id = contact.person_id and referral.referral_date >= cast(contact.received_at as date)
  where referral.referral_date <= :period_end
  group by contact.contact_id
) referred on referred.contact_id = contact.contact_id
where cast(contact.received_at as date) <= :period_end
