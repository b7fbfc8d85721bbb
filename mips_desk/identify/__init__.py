"""Find places in a picture that may hold patient identifiers, and the words in it.

Everything happens on this computer: pictures are read by an engine whose models are part of its package. What is found
are proposals for a person to accept, adjust or dismiss; what is not found proves nothing.
"""
