"""Who is who: user groups, their members, the roster, people who left."""
