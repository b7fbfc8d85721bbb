"""Marks on a picture and the rendition made from them. No Qt, no SQL, no files.

A picture has three artefacts that are never mixed: the *original* (the bytes as they came in), the *marks* (typed
records in image pixels, see `marks` and `codec`), and the *rendition* (burnt by `flatten`), which alone may leave the
vault. What Pillow paints is the truth; the canvas on the screen paints the same `shapes` and is a preview.
"""
