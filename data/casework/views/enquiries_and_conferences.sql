-- one row: a section 47 enquiry begun by the period end, with its referral, strategy discussion and conference
-- key: enquiry_id
-- of: s47_enquiries
select
  enquiry.enquiry_id,
  enquiry.person_id,
  enquiry.referral_id,
  enquiry.start_date,
  case when enquiry.end_date <= :period_end then enquiry.end_date end as end_date,
  enquiry.child_seen,
  enquiry.outcome,
  referral.person_id as referral_person_id,
  referral.referral_date,
  discussed.first_discussion_on,
  met.conference_on,
  coalesce(met.conferences, 0) as conferences,
  count(*) filter (where enquiry.end_date is null or enquiry.end_date > :period_end)
    over (partition by enquiry.person_id) as open_enquiries
from s47_enquiries enquiry
left join referrals referral on referral.referral_id = enquiry.referral_id
left join (
  select enquiry_id, min(discussion_date) as first_discussion_on
  from strategy_discussions
  where discussion_date <= :period_end
  group by enquiry_id
) discussed on discussed.enquiry_id = enquiry.enquiry_id
left join (
  select
    enquiry_id,
    count(*) as conferences,
    min(case when conference_date <= :period_end then conference_date end) as conference_on
  from initial_conferences
  group by enquiry_id
) met on met.enquiry_id = enquiry.enquiry_id
where enquiry.start_date <= :period_end
