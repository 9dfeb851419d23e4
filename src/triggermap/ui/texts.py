"""Sentences that stand in more than one place of the window."""

DISCLAIMER = "For education and reference by trained people; not a diagnosis."
NO_FIXED_REFERRAL = "No fixed referral location should be expected: patterns vary from patient to patient."
NO_FIXED_KEY = "fdlp2018delphi"
