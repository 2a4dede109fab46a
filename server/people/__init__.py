"""Accounts: joining, signing in, profiles, and telling people what happened."""
