"""Storages: a folder here, or a bucket elsewhere."""
