-- one row: a coloured figure, beside the colour that its value, target and bands give
-- key: figure_id
-- of: published_figures
-- The value is not rounded where numerator and base are printed. Between green and red it is amber; without an edge of amber no
-- more is known than green or not. A rounded figure that stands on an edge may be of either colour.
with judged as (
  select
    figure.figure_id,
    figure.title,
    figure.polarity,
    figure.rag,
    figure.printed,
    coalesce(based.exact, figure.value) as value,
    coalesce(figure.green, figure.target) as green,
    figure.amber,
    based.exact is null and (
      abs(figure.value - coalesce(figure.green, figure.target)) <= based.half
      or coalesce(abs(figure.value - figure.amber) <= based.half, false)
    ) as is_on_the_edge
  from published_figures figure
  inner join figures_with_base based on based.figure_id = figure.figure_id
  where figure.rag is not null and figure.polarity in ('high', 'low') and figure.value is not null
)
select
  figure_id,
  title,
  printed,
  rag,
  green,
  case
    when polarity = 'high' and value >= green or polarity = 'low' and value <= green then 'G'
    when amber is null then case when rag = 'G' then 'A or R' else rag end
    when polarity = 'high' and value >= amber or polarity = 'low' and value <= amber then 'A'
    else 'R'
  end as expected,
  cast(null as double) as difference
from judged
where green is not null and not is_on_the_edge
