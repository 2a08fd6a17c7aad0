"""The trainer bridge: one policy's weights and optimizer behind the gRPC contract `azr.v1.TrainerService`.

It is sent token ids, log-probabilities, advantages and loss weights, and takes gradient steps on them; it never
learns what a task or a reward is. The server and the order of operations live in this process, the weights in a Ray
actor behind `TrainerBackend`.
"""
