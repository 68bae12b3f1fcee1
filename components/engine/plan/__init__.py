"""Months to come: what a strategy costs as demand, prices and commitments run, and how sure the choice is."""
