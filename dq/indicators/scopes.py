"""The authority, its areas and its teams, as the teams extract has them."""

from __future__ import annotations

from dq.model import Scope
from dq.workspace import Workspace


def read_scopes(workspace: Workspace, authority: str) -> tuple[Scope, ...]:
    """Return the scopes: the authority, then areas, then teams, each in the order of the extract.

    ``team_areas`` must have been worked out. Without a unit that has no parent the authority has id ``authority``.
    """
    rows = workspace.execute(
        "SELECT team_id, coalesce(team_name, team_id), area_id, level FROM team_areas ORDER BY rowid"
    ).fetchall()
    root = next((team_id for team_id, _, _, level in rows if level == "authority"), "authority")
    areas = [Scope("area", team_id, team_name) for team_id, team_name, _, level in rows if level == "area"]
    teams = [Scope("team", team_id, team_name, area) for team_id, team_name, area, level in rows if level == "team"]
    return (Scope("authority", root, authority), *areas, *teams)
