"""Find muscles: by text, by where it hurts, by condition. Knows nothing of Qt."""
