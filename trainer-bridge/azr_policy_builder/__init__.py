"""Builds the tiny policy that ships with the project: tokenizer, weights, seed and held-out tasks, from nothing."""
