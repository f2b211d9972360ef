"""Real mail against what other programs and people say of it: what is shared by the program and the tests.

The mail lies beside the checkout (its README tells where it comes from); nothing of it is printed or kept but
counts, ids and labels.
"""
