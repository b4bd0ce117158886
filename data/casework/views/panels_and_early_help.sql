-- one row: a child considered by the early help panel, with the first early help begun from that day on
-- key: panel_id
-- of: early_help_panels
select
  panel.panel_id,
  panel.family_id,
  panel.person_id,
  panel.panel_date,
  panel.threshold_level,
  panel.outcome,
  count(*) over (partition by panel.person_id, panel.panel_date) as same_panel,
  helped.early_help_on
from early_help_panels panel
left join (
  select panel.panel_id, min(episode.start_date) as early_help_on
  from early_help_panels panel
  inner join early_help_episodes episode
    on episode.person_id = panel.person_id and episode.start_date >= panel.panel_date
  where episode.start_date <= :period_end
  group by panel.panel_id
) helped on helped.panel_id = panel.panel_id
where panel.panel_date <= :period_end
