"""Beats: piano rolls in a style, from files of music to a checkpoint that writes more."""
