"""How the desk's promises are kept: tables, one transaction per change, queries, migrations."""
