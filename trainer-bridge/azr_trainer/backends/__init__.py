"""What can hold and train a policy. Each backend is a `TrainerBackend`."""
