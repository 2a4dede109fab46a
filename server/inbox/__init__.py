"""The way in: verified, stored and answered; then a job hands each activity to the feature that
claims it.
"""
