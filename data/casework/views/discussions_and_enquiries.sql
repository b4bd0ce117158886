-- one row: a strategy discussion, with the enquiry it led to
-- key: discussion_id
-- of: strategy_discussions
select
  discussion.discussion_id,
  discussion.person_id,
  discussion.enquiry_id,
  discussion.discussion_date,
  enquiry.person_id as enquiry_person_id,
  enquiry.start_date as enquiry_start
from strategy_discussions discussion
inner join s47_enquiries enquiry on enquiry.enquiry_id = discussion.enquiry_id
