"""The door: takes envelopes from agents, believes only what verifies, and answers when it is durable."""
