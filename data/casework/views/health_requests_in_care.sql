-- one row: a request for a health assessment, with the period of care it is for
-- key: request_id
-- of: health_requests
select
  request.request_id,
  request.person_id,
  request.cla_id,
  request.request_kind,
  request.sent_date,
  care.entered_care,
  care.left_care
from health_requests request
inner join periods_of_care care on care.cla_id = request.cla_id
