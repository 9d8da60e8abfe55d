"""What the process is given: settings, clock, log."""
