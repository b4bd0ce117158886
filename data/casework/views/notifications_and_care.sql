-- one row: a notification, with the dates of the period of care it tells of
-- key: notification_id
-- of: notifications
select
  notice.notification_id,
  notice.person_id,
  notice.recipient,
  notice.sent_date,
  care.entered_care
from notifications notice
inner join periods_of_care care on care.cla_id = notice.cla_id
