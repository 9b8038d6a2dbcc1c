"""Plug-ins that come with sentinel."""
