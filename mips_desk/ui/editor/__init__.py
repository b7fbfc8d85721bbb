"""The annotator: a canvas, its tools and panels. It stores nothing itself."""
