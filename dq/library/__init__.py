"""Find and load the policy folders: what ships, and what an authority adds to it or overrides."""

from dq.library.folders import policy_root

__all__ = ["policy_root"]
