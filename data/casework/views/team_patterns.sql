-- one row: a team, with how often its records hold what is chosen when nobody looks: a first of the month, 'other', an everyday date of birth
-- key: team_id
-- of: teams
-- Children: those whose case it holds, or was the last to hold in the year before. Visits: of the year before. Moves, and children who
-- left care: of :pattern_months. Each is of the team that held the case that day.
with last_held as (
  select team_id, person_id, end_date
  from allocations
  qualify row_number() over (
    partition by person_id
    order by end_date is null desc, end_date desc, start_date desc, involvement_id desc
  ) = 1
),
held as (
  select team_id, person_id
  from last_held
  where end_date is null or end_date > months_after(:period_end, -12)
),
children as (
  select
    held.team_id,
    count(*) as children,
    count(*) filter (where day(person.dob) = 1 and month(person.dob) = 1) as born_on_1_january
  from held
  inner join persons person on person.person_id = held.person_id and person.dob is not null
  group by held.team_id
),
living as (
  select
    held.team_id,
    count(*) as addresses,
    count(*) filter (where address.address_type = 'Other') as other_addresses
  from held
  inner join addresses address on address.person_id = held.person_id and address.start_date <= :period_end
  where address.end_date is null or address.end_date > :period_end
  group by held.team_id
),
visited as (
  select team_id, count(*) as visits, count(*) filter (where day(visit_date) = 1) as visits_on_the_first
  from visits_by_worker
  where visit_date > months_after(:period_end, -12)
  group by team_id
),
move as (
  select placement.placement_id, placement.change_reason, spell.team_id
  from placements_in_order placement
  inner join allocations spell
    on spell.person_id = placement.person_id
    and spell.start_date < placement.end_date
    and (spell.end_date is null or spell.end_date >= placement.end_date)
  where placement.next_placement_id is not null
    and placement.change_reason is not null
    and placement.end_date > months_after(:period_end, -:pattern_months)
  qualify row_number() over (
    partition by placement.placement_id order by spell.start_date desc, spell.involvement_id desc
  ) = 1
),
moved as (
  select team_id, count(*) as moves, count(*) filter (where change_reason = 'OTHER') as other_moves
  from move
  group by team_id
),
ending as (
  select episode.episode_id, episode.ceased_reason, spell.team_id
  from cla_episodes episode
  inner join allocations spell
    on spell.person_id = episode.person_id
    and spell.start_date < episode.ceased_date
    and (spell.end_date is null or spell.end_date >= episode.ceased_date)
  where episode.ceased_reason <> 'X1'
    and episode.ceased_date > months_after(:period_end, -:pattern_months)
    and episode.ceased_date <= :period_end
  qualify row_number() over (
    partition by episode.episode_id order by spell.start_date desc, spell.involvement_id desc
  ) = 1
),
gone as (
  select team_id, count(*) as endings, count(*) filter (where ceased_reason = 'E8') as other_endings
  from ending
  group by team_id
)
select
  team.team_id,
  team.team_name,
  coalesce(children.children, 0) as children,
  coalesce(children.born_on_1_january, 0) as born_on_1_january,
  coalesce(living.addresses, 0) as addresses,
  coalesce(living.other_addresses, 0) as other_addresses,
  coalesce(visited.visits, 0) as visits,
  coalesce(visited.visits_on_the_first, 0) as visits_on_the_first,
  coalesce(moved.moves, 0) as moves,
  coalesce(moved.other_moves, 0) as other_moves,
  coalesce(gone.endings, 0) as endings,
  coalesce(gone.other_endings, 0) as other_endings
from teams team
left join children on children.team_id = team.team_id
left join living on living.team_id = team.team_id
left join visited on visited.team_id = team.team_id
left join moved on moved.team_id = team.team_id
left join gone on gone.team_id = team.team_id
