"""Pictures: taken in, kept, copied, shown."""
