"""Pages that gather from many features: the front page, home, a person, a topic, the desk."""
