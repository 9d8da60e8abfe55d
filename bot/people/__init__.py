"""Who is who: user groups, their members, the roster, those who left."""
