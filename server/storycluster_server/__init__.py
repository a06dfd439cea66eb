"""The gRPC server of storycluster.

Reading order: config (what may be set), admission (who may come in), batching (how callers share
the encoder), services (the methods), interceptors (what wraps each call), server and app (start,
drain, stop).
"""
