"""Monitoring: health, metrics for Prometheus, the site that serves both, and the doctor."""
