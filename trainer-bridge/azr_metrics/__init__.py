"""Hands the metrics of a run, as `azr report` writes them, to TensorBoard or Weights & Biases."""
