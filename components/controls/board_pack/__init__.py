"""The Board pack page: can I take it away?"""
