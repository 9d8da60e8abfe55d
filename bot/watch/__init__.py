"""Monitoring: health, metrics for Prometheus, the endpoints for both, and the doctor."""
