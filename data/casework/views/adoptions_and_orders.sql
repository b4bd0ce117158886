-- one row: an episode of care that ceased by adoption, with what the permanence record of its period of care says
-- key: episode_id
-- of: cla_episodes
select
  episode.episode_id,
  episode.person_id,
  episode.cla_id,
  episode.ceased_date,
  episode.ceased_reason,
  plan.placement_order_date,
  plan.matched_date,
  plan.order_date
from cla_episodes episode
left join (
  select
    cla_id,
    max(placement_order_date) as placement_order_date,
    max(matched_date) as matched_date,
    max(order_date) as order_date
  from permanence
  group by cla_id
) plan on plan.cla_id = episode.cla_id
where episode.ceased_reason in ('E11', 'E12') and episode.ceased_date <= :period_end
