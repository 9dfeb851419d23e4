"""What belongs to the user: settings. Knows nothing of Qt."""
