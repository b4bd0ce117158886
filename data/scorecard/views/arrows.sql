-- one row: a figure with an arrow, beside the way it moved
-- key: figure_id
-- of: published_figures
with moved as (
  select
    figure.figure_id,
    figure.title,
    figure.arrow,
    figure.polarity,
    figure.printed,
    before.printed as before_printed,
    figure.count as number_beside,
    before.count as number_before,
    figure.value - before.value as difference,
    case
      when figure.value > before.value then 'up'
      when figure.value < before.value then 'down'
      else 'same'
    end as direction
  from published_figures figure
  inner join published_figures before on before.figure_id = figure.compared_with
  where figure.arrow is not null and figure.value is not null and before.value is not null
)
select
  figure_id,
  title,
  printed,
  before_printed,
  arrow,
  round(difference, 2) as difference,
  direction,
  case
    when arrow in ('up', 'down', 'same') then direction
    when direction = 'same' then 'same'
    when polarity = 'low' then case when direction = 'down' then 'better' else 'worse' end
    when polarity = 'high' then case when direction = 'up' then 'better' else 'worse' end
  end as expected,
  arrow = 'same' as says_same,
  cast(cast(number_beside as bigint) as varchar) as number_beside,
  cast(cast(number_before as bigint) as varchar) as number_before,
  coalesce(
    arrow = 'up' and number_beside > number_before or arrow = 'down' and number_beside < number_before
    or arrow = 'same' and number_beside = number_before,
    false
  ) as follows_the_number
from moved
where arrow in ('up', 'down', 'same') or polarity in ('high', 'low')
