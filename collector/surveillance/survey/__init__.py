"""The collector's own survey: what it saw of a provider over all its servers and instances, as facts about that provider."""
