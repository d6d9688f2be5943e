"""The dashboard's place in the house; it talks to the daemon through `shortsd.client` only."""
