-- one row: a band of time whose shares a table prints, beside the next one down
-- key: figure_id
-- of: published_figures
with latest as (
  select
    figure_id,
    title,
    part,
    band_from,
    paper,
    table_name,
    measure,
    scope,
    lag(part) over below as part_below,
    lag(band_to) over below as below_to
  from published_figures
  where band_from is not null and period = edition and unit = 'percent' and span is null
  window below as (partition by paper, table_name, measure, scope order by band_from)
)
select
  figure_id,
  title,
  part,
  band_from,
  part_below,
  below_to,
  band_from - below_to as difference
from latest
where part_below is not null
