"""Use cases: what people start, as functions that know no Slack."""
