"""The dataset: models, loader, rules. Knows nothing of Qt nor of the computed body."""
