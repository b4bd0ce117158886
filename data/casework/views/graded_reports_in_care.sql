-- one row: a graded report or plan, with whether the child was in care on its day and how many there are like it
-- key: report_id
-- of: graded_reports
select
  report.report_id,
  report.person_id,
  report.kind,
  report.report_date,
  report.grade,
  report.author_id,
  held.periods_of_care,
  count(*) over (partition by report.person_id, report.kind, report.report_date) as alike
from graded_reports report
inner join (
  select written.report_id, count(care.cla_id) as periods_of_care
  from graded_reports written
  left join periods_of_care care
    on care.person_id = written.person_id
    and care.entered_care <= written.report_date
    and (care.left_care is null or care.left_care >= written.report_date)
  group by written.report_id
) held on held.report_id = report.report_id
