"""Letters, signatures, uploads. The only place that imports Typst, pyHanko, pikepdf and Pillow."""
