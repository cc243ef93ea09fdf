"""A reader who wants to know what is hidden: takes every page and file that somebody can reach, and a solver."""
