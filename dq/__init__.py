"""Plumbline: a rules engine and data-quality service for English children's services."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dq.notebook import schema

__all__ = ["__version__", "schema"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    # Importing the package alone must cost nothing: what a notebook uses is loaded when it is asked for.
    if name == "schema":
        from dq.notebook import schema

        return schema
    raise AttributeError(f"module 'dq' has no attribute '{name}'")
