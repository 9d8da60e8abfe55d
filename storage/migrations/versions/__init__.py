"""The database's versions, applied by `askdesk db upgrade`."""
