"""The unit files as they are shipped: for the system's manager and for a user's."""
