"""How Askdesk stores its promises: tables, one transaction per change, queries, migrations."""
