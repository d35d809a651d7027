"""Where this run works and how: the environment says which home, the home's `settings.toml` the rest."""

from flows.settings.environment import Settings, settings
from flows.settings.of_home import HomeSettings, home_settings

__all__ = ["HomeSettings", "Settings", "home_settings", "settings"]
