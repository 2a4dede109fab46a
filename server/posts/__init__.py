"""What stories, experiments and responses share: one Note each, with revisions, pictures, tags and
links.
"""
