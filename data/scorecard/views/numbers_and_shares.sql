-- one row: a share and the number beside it, of a base that is not printed, with the whole numbers that the base lies between
-- key: figure_id
-- of: published_figures
select
  based.figure_id,
  based.title,
  based.printed,
  based.met,
  round(100.0 * based.met / (based.value + based.half), 1) as base_low,
  round(100.0 * based.met / (based.value - based.half), 1) as base_high,
  round(100.0 * based.met / (based.value - based.half) - 0.5, 0) as base_below,
  round(100.0 * based.met / (based.value + based.half) - 0.5, 0) as base_above_less_1
from figures_with_base based
where based.unit = 'percent' and based.met > 0 and based.base is null and based.value > based.half
