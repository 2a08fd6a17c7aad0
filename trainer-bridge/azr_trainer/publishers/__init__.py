"""Ways to bring the present weights to the rollout servers."""
