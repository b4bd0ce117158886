"""Plumbline: a rules engine and data-quality service for English children's services."""

__version__ = "0.1.0"
