"""How the bot is watched: health, figures for Prometheus, the site that tells both, the doctor."""
