-- one row: a share of a known number, printed without a number of its own, beside the nearest share that a whole number gives
-- key: figure_id
-- of: published_figures
select
  figure_id,
  title,
  printed,
  base,
  round(value * base / 100.0, 0) as nearest,
  round(100.0 * round(value * base / 100.0, 0) / base, cast(places as integer)) as expected,
  round(value - 100.0 * round(value * base / 100.0, 0) / base, cast(places + 3 as integer)) as difference,
  half
from figures_with_base
where unit = 'percent' and met is null and base > 0 and value is not null
